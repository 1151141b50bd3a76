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

/** The inverse: the top left `to` of a picture of size `from`. */
export function cropTopLeft(
  pixels: Uint8Array,
  from: Size,
  to: Size,
  channels: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(to.width * to.height * channels);
  for (let y = 0; y < to.height; y++) {
    const start = y * from.width * channels;
    out.set(pixels.subarray(start, start + to.width * channels), y * to.width * channels);
  }
  return out;
}
