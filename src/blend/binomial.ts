import type { Size } from './size.ts';

/** Weighted with (1, 4, 6, 4, 1) / 16 along rows and columns; what lies beyond the edge is 0. */
export function binomial(values: Float32Array, { width, height }: Size): Float32Array {
  const out = new Float32Array(values.length);
  // The row that is made, and what lies above and below it, each smoothed along the row; beyond the edge they are 0.
  const rows = Array.from({ length: 5 }, () => new Float32Array(width));
  const take = (y: number, row: Float32Array<ArrayBuffer>) => {
    if (y < height) smoothRow(values, y * width, row);
    else row.fill(0);
    return row;
  };
  take(0, rows[3]!);
  take(1, rows[4]!);
  for (let y = 0; y < height; y++) {
    rows.push(take(y + 2, rows.shift()!));
    const [a, b, c, d, e] = rows as Five<Float32Array>;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      out[i] = (a[x]! + e[x]! + 4 * (b[x]! + d[x]!) + 6 * c[x]!) / 16;
    }
  }
  return out;
}

type Five<T> = [T, T, T, T, T];

function smoothRow(from: Float32Array, start: number, to: Float32Array): void {
  let a = 0;
  let b = 0;
  let c = from[start]!;
  let d = to.length > 1 ? from[start + 1]! : 0;
  for (let x = 0; x < to.length; x++) {
    const e = x + 2 < to.length ? from[start + x + 2]! : 0;
    to[x] = (a + e + 4 * (b + d) + 6 * c) / 16;
    a = b;
    b = c;
    c = d;
    d = e;
  }
}
