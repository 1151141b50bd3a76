/**
 * Pixels whose coverage is 0 and that differ in any of their four bytes.
 * @param before straight RGBA of a strip, 4-byte aligned; @param after the same strip later; @param coverage one
 * byte per pixel
 */
export function countChanged(before: Uint8Array, after: Uint8Array, coverage: Uint8Array): number {
  const a = new Uint32Array(before.buffer, before.byteOffset, coverage.length);
  const b = new Uint32Array(after.buffer, after.byteOffset, coverage.length);
  let changed = 0;
  for (let i = 0; i < coverage.length; i++) if (a[i] !== b[i] && coverage[i] === 0) changed++;
  return changed;
}
