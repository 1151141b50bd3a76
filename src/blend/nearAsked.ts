import type { Size } from './size.ts';

/** 1 for each pixel within `reach` px, along rows and columns (a square), of a pixel whose byte is above 0. */
export function nearAsked(asked: Uint8Array, { width, height }: Size, reach: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let start = 0; start < out.length; start += width) {
    const end = start + width;
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
  const since = new Int32Array(width).fill(reach + 1);
  const spread = (start: number) => {
    for (let x = 0; x < width; x++) {
      since[x] = out[start + x]! & 1 ? 0 : since[x]! + 1;
      if (since[x]! <= reach) out[start + x]! |= 2;
    }
  };
  for (let y = 0; y < height; y++) spread(y * width);
  since.fill(reach + 1);
  for (let y = height - 1; y >= 0; y--) spread(y * width);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! >> 1;
  return out;
}
