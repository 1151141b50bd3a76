/** Pixels that differ in any of their four bytes. */
export interface Changes {
  /** Where neither mask covers anything. */
  readonly outside: number;
  /** Where only the blend mask does: what was taken along beside the painted region. */
  readonly beside: number;
}

/**
 * Counts the pixels of a strip that changed although nothing was painted there.
 * @param before straight RGBA, 4-byte aligned; @param after the same strip later; @param painted and @param blended
 * one byte of coverage per pixel; asked for only when something differs
 */
export function countChanged(
  before: Uint8Array,
  after: Uint8Array,
  painted: () => Uint8Array,
  blended: () => Uint8Array,
): Changes {
  const a = new Uint32Array(before.buffer, before.byteOffset, before.length / 4);
  const b = new Uint32Array(after.buffer, after.byteOffset, after.length / 4);
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (i === a.length) return { outside: 0, beside: 0 };
  const [inPainted, inBlended] = [painted(), blended()];
  let outside = 0;
  let beside = 0;
  for (; i < a.length; i++) {
    if (a[i] === b[i] || inPainted[i]! > 0) continue;
    if (inBlended[i]! > 0) beside++;
    else outside++;
  }
  return { outside, beside };
}
