import type { Place } from './placement.ts';
import type { Size } from './size.ts';
import { TILES } from './spread.ts';
import type { Matrix } from './symmetricMatrix.ts';

/** Where a result will be used: corners and middle of what was asked for; of the picture if that is nothing. */
export function placesAround(asked: Uint8Array, { width, height }: Size): readonly Place[] {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (asked[i] === 0) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (right === 0) [left, top, right, bottom] = [0, 0, width, height];
  return [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
    [(left + right) / 2, (top + bottom) / 2],
  ];
}

/**
 * Of the displacement of a place along the worse axis, px.
 * @param covariance of scale x, shift x, scale y, shift y; null where they cannot be told, which gives Infinity
 */
export function standardError(covariance: Matrix | null, [x, y]: Place): number {
  if (!covariance) return Number.POSITIVE_INFINITY;
  const across = x * x * covariance[0]! + 2 * x * covariance[1]! + covariance[5]!;
  const down = y * y * covariance[10]! + 2 * y * covariance[11]! + covariance[15]!;
  return Math.sqrt(Math.max(across, down));
}

/**
 * Whether errors have clearly become less: by a tenth of what is left, or by 2.5 standard errors counted over tiles,
 * which stands out where noise and what was painted anew leave much.
 * @param before, after squared error per sample, NaN where there is none
 */
export function isBetter(before: Float32Array, after: Float32Array, tile: Uint8Array): boolean {
  const gains = new Float64Array(TILES * TILES);
  let left = 0;
  for (let i = 0; i < before.length; i++) {
    const gain = before[i]! - after[i]!;
    if (Number.isNaN(gain)) continue;
    gains[tile[i]!]! += gain;
    left += after[i]!;
  }
  const gained = gains.reduce((sum, v) => sum + v, 0);
  return gained > 0.1 * left || gained > 2.5 * Math.hypot(...gains);
}
