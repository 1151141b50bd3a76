/** Longest edge at which it is counted: a few milliseconds whatever the bitmap's size. */
const EDGE = 256;
/** Alpha from which a px counts, 0–255. */
const SEEN = 24;

/** Share of a bitmap that is not transparent, 0–1, counted at reduced size. */
export function opaqueShare(bitmap: ImageBitmap): number {
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return 0;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  let seen = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]! >= SEEN) seen++;
  return seen / (width * height);
}
