/**
 * The one run-length coding of the project (cold tiles, transfer to a worker, saved masks). A sequence of
 *   0 … 127          then that many + 1 bytes as they are
 *   128 … 255, low   then one byte, to be repeated ((first − 128) · 256 + low) + 1 times
 */
const LONGEST_LITERAL = 128;
const LONGEST_RUN = 32_768;
/** A run costs three bytes and splits the literals around it: shorter ones stay literal. */
const SHORTEST_RUN = 5;

/** Index of the first byte from `start` on that differs from `bytes[start]`. */
function endOfRun(bytes: Uint8Array, words: Uint32Array, start: number): number {
  const value = bytes[start]!;
  let i = start + 1;
  while (i < bytes.length && bytes[i] === value && i % 4 !== 0) i++;
  if (i % 4 === 0) {
    const word = (value * 0x01010101) >>> 0;
    while (i < bytes.length && words[i >> 2] === word) i += 4;
  }
  while (i < bytes.length && bytes[i] === value) i++;
  return i;
}

/**
 * Codes `bytes` (length and offset in its buffer divisible by 4). Null when that would not be smaller.
 */
export function packRuns(bytes: Uint8Array): Uint8Array | null {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let literals = 0;
  let i = 0;
  while (i <= bytes.length) {
    const end = i < bytes.length ? endOfRun(bytes, words, i) : i;
    if (end - i < SHORTEST_RUN && i < bytes.length) {
      i = end;
      continue;
    }
    const worst = (i - literals) * (1 + 1 / LONGEST_LITERAL) + 1 + 3 * ((end - i) / LONGEST_RUN + 1);
    if (length + worst >= bytes.length) return null;
    while (literals < i) {
      const count = Math.min(LONGEST_LITERAL, i - literals);
      out[length++] = count - 1;
      for (const stop = literals + count; literals < stop; literals++) out[length++] = bytes[literals]!;
    }
    const value = bytes[i];
    while (i < end) {
      const count = Math.min(LONGEST_RUN, end - i);
      out[length++] = 128 + ((count - 1) >> 8);
      out[length++] = (count - 1) & 255;
      out[length++] = value!;
      i += count;
    }
    literals = end;
    if (end === bytes.length) break;
  }
  return out.slice(0, length);
}

/** How many bytes `runs` stands for; −1 when it is cut off in the middle. */
export function runsLength(runs: Uint8Array): number {
  let length = 0;
  let i = 0;
  while (i < runs.length) {
    const first = runs[i]!;
    if (first < 128) {
      length += first + 1;
      i += first + 2;
    } else {
      length += (first - 128) * 256 + (runs[i + 1] ?? 0) + 1;
      i += 3;
    }
  }
  return i === runs.length ? length : -1;
}

/** The `length` bytes that `runs` stands for. Throws a RangeError when it stands for another number. */
export function unpackRuns(runs: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (runsLength(runs) !== length) throw new RangeError(`Run-length data does not hold ${length} bytes`);
  const bytes = new Uint8Array(length);
  let at = 0;
  let i = 0;
  while (i < runs.length) {
    const first = runs[i]!;
    if (first < 128) {
      for (const stop = i + first + 2; ++i < stop; ) bytes[at++] = runs[i]!;
    } else {
      const count = (first - 128) * 256 + runs[i + 1]! + 1;
      const value = runs[i + 2]!;
      if (value !== 0) bytes.fill(value, at, at + count);
      at += count;
      i += 3;
    }
  }
  return bytes;
}
