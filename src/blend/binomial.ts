import type { Size } from './size.ts';

/** Weighted with (1, 4, 6, 4, 1) / 16 along rows and columns; what lies beyond the edge is 0. */
export function binomial(values: Float32Array, { width, height }: Size): Float32Array {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) smoothLine(values, rows, y * width, 1, width);
  for (let x = 0; x < width; x++) smoothLine(rows, out, x, width, height);
  return out;
}

function smoothLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
): void {
  let a = 0;
  let b = 0;
  let c = from[start]!;
  let d = length > 1 ? from[start + stride]! : 0;
  for (let i = 0, at = start; i < length; i++, at += stride) {
    const e = i + 2 < length ? from[at + 2 * stride]! : 0;
    to[at] = (a + e + 4 * (b + d) + 6 * c) / 16;
    a = b;
    b = c;
    c = d;
    d = e;
  }
}
