import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import type { Size } from './size.ts';

/** The smallest rectangle around all bytes above 0, one byte per px; null: there are none. */
export function boundsOf(bytes: Uint8Array, { width, height }: Size): PixelRect | null {
  let [left, top, end, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    left = Math.min(left, first);
    end = Math.max(end, row.findLastIndex((value) => value > 0) + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return rectBetween(left, top, end, bottom);
}
