import { expand, intersect, pixelRect } from '../geometry/rect.ts';
import { boundsOf } from './byteBounds.ts';
import type { Size } from './size.ts';

/** 1 for each pixel within `reach` px, along rows and columns (a square), of a pixel whose byte is above 0. */
export function nearAsked(asked: Uint8Array, size: Size, reach: number): Uint8Array {
  const { width, height } = size;
  const out = new Uint8Array(width * height);
  const bounds = boundsOf(asked, size);
  const near = bounds && intersect(expand(bounds, reach) ?? bounds, pixelRect(0, 0, width, height));
  if (!near) return out;
  for (let y = near.y; y < near.y + near.height; y++) {
    const start = y * width + near.x;
    const end = start + near.width;
    for (let i = start, since = reach + 1; i < end; i++) {
      since = asked[i]! > 0 ? 0 : since + 1;
      if (since <= reach) out[i] = 1;
    }
    for (let i = end - 1, since = reach + 1; i >= start; i--) {
      since = asked[i]! > 0 ? 0 : since + 1;
      if (since <= reach) out[i] = 1;
    }
  }
  // What the rows gave is bit 1, what the columns make of it bit 2.
  const since = new Int32Array(near.width);
  const spread = (y: number) => {
    for (let x = 0, i = y * width + near.x; x < near.width; x++, i++) {
      since[x] = out[i]! & 1 ? 0 : since[x]! + 1;
      if (since[x]! <= reach) out[i]! |= 2;
    }
  };
  since.fill(reach + 1);
  for (let y = near.y; y < near.y + near.height; y++) spread(y);
  since.fill(reach + 1);
  for (let y = near.y + near.height - 1; y >= near.y; y--) spread(y);
  for (let y = near.y; y < near.y + near.height; y++) {
    for (let i = y * width + near.x, end = i + near.width; i < end; i++) out[i] = out[i]! >> 1;
  }
  return out;
}
