import type { Size } from './size.ts';

/** Two pictures compared at a reduced size. */
export interface BlockDifference extends Size {
  /** Edge of a block in px of the pictures; the last column and row may be cut. */
  readonly block: number;
  /** Mean of returned − sent per block, levels, one plane per channel. */
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
  /** 1 where a block holds pixels outside the asked region that both pictures show, else 0. */
  readonly known: Uint8Array;
}

/** @param sent straight RGBA; @param returned the same size; @param asked one byte per px, 0 = compare */
export function blockDifference(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
  block: number,
): BlockDifference {
  const width = Math.ceil(size.width / block);
  const height = Math.ceil(size.height / block);
  const red = new Float32Array(width * height);
  const green = new Float32Array(width * height);
  const blue = new Float32Array(width * height);
  const counts = new Uint16Array(width * height);
  for (let y = 0, i = 0; y < size.height; y++) {
    let o = Math.floor(y / block) * width - 1;
    for (let x = 0; x < size.width; x++, i++) {
      if (x % block === 0) o++;
      const at = i * 4;
      if (asked[i] !== 0 || sent[at + 3] === 0 || returned[at + 3] === 0) continue;
      red[o]! += returned[at]! - sent[at]!;
      green[o]! += returned[at + 1]! - sent[at + 1]!;
      blue[o]! += returned[at + 2]! - sent[at + 2]!;
      counts[o]!++;
    }
  }
  const known = new Uint8Array(counts.length);
  for (let o = 0; o < counts.length; o++) {
    const count = counts[o]!;
    if (count === 0) continue;
    known[o] = 1;
    red[o]! /= count;
    green[o]! /= count;
    blue[o]! /= count;
  }
  return { width, height, block, planes: [red, green, blue], known };
}
