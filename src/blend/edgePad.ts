import type { PixelRect } from '../geometry/rect.ts';
import type { Size } from './size.ts';

/** Grows a picture to the right and bottom by repeating its last column and row. `channels` bytes per pixel. */
export function edgePad(pixels: Uint8Array, from: Size, to: Size, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(to.width * to.height * channels);
  const rowBytes = to.width * channels;
  for (let y = 0; y < from.height; y++) {
    const row = pixels.subarray(y * from.width * channels, (y + 1) * from.width * channels);
    const start = y * rowBytes;
    out.set(row, start);
    const last = row.subarray(row.length - channels);
    for (let x = from.width; x < to.width; x++) out.set(last, start + x * channels);
  }
  const lastRow = (from.height - 1) * rowBytes;
  for (let y = from.height; y < to.height; y++) out.copyWithin(y * rowBytes, lastRow, lastRow + rowBytes);
  return out;
}

/** The part `rect` of a picture of that width. */
export function cropRect(
  pixels: Uint8Array,
  width: number,
  rect: PixelRect,
  channels: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rect.width * rect.height * channels);
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * width + rect.x) * channels;
    out.set(pixels.subarray(start, start + rect.width * channels), y * rect.width * channels);
  }
  return out;
}
