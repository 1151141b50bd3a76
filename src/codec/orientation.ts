import type { Size } from '../blend/size.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { Orientation } from './header/exif.ts';

/** Per orientation: the stored picture's x axis as seen upright, then its y axis; each entry −1, 0 or 1. */
const AXES: Readonly<Record<Orientation, readonly [number, number, number, number]>> = {
  1: [1, 0, 0, 1],
  2: [-1, 0, 0, 1],
  3: [-1, 0, 0, -1],
  4: [1, 0, 0, -1],
  5: [0, 1, 1, 0],
  6: [0, 1, -1, 0],
  7: [0, -1, -1, 0],
  8: [0, -1, 1, 0],
};

/** Size of a stored picture once it is upright. */
export const uprightSize = ({ width, height }: Size, orientation: Orientation): Size =>
  orientation < 5 ? { width, height } : { width: height, height: width };

/** Where a rectangle of a stored picture of this size lies once it is upright. */
export function uprightRect(rect: PixelRect, size: Size, orientation: Orientation): PixelRect {
  const [ax, ay, bx, by] = AXES[orientation];
  const target = uprightSize(size, orientation);
  const x = (ax < 0 || bx < 0 ? target.width : 0) + rect.x * ax + rect.y * bx;
  const y = (ay < 0 || by < 0 ? target.height : 0) + rect.x * ay + rect.y * by;
  const turned = uprightSize(rect, orientation);
  const left = ax < 0 || bx < 0 ? x - turned.width : x;
  const top = ay < 0 || by < 0 ? y - turned.height : y;
  return { x: left, y: top, ...turned };
}

/** Block edge for the turns, so that both sides stay within the cache. */
const BLOCK = 64;

/** RGBA pixels turned upright; the array itself when they already are. */
export function orientPixels(
  pixels: Uint8Array<ArrayBuffer>,
  size: Size,
  orientation: Orientation,
): Uint8Array<ArrayBuffer> {
  if (orientation === 1) return pixels;
  const { width, height } = size;
  const [ax, ay, bx, by] = AXES[orientation];
  const target = uprightSize(size, orientation);
  const from = new Uint32Array(pixels.buffer);
  const to = new Uint32Array(from.length);
  const origin =
    (ax < 0 || bx < 0 ? target.width - 1 : 0) + (ay < 0 || by < 0 ? target.height - 1 : 0) * target.width;
  const stepX = ax + ay * target.width;
  const stepY = bx + by * target.width;
  for (let top = 0; top < height; top += BLOCK) {
    for (let left = 0; left < width; left += BLOCK) {
      const endX = Math.min(width, left + BLOCK);
      const endY = Math.min(height, top + BLOCK);
      for (let y = top; y < endY; y++) {
        for (let x = left; x < endX; x++) to[origin + x * stepX + y * stepY] = from[y * width + x]!;
      }
    }
  }
  return new Uint8Array(to.buffer);
}

/** A bitmap for the screen turned upright; consumes it. */
export function orientBitmap(
  bitmap: ImageBitmap,
  orientation: Orientation,
  colorSpace: PredefinedColorSpace,
): ImageBitmap {
  if (orientation === 1) return bitmap;
  const [ax, ay, bx, by] = AXES[orientation];
  const target = uprightSize(bitmap, orientation);
  const canvas = new OffscreenCanvas(target.width, target.height);
  const context = canvas.getContext('2d', { colorSpace })!;
  const x = ax < 0 || bx < 0 ? target.width : 0;
  const y = ay < 0 || by < 0 ? target.height : 0;
  context.setTransform(ax, ay, bx, by, x, y);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.transferToImageBitmap();
}
