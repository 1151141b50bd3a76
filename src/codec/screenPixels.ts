import type { Size } from '../blend/size.ts';

/** Straight RGBA in sRGB, seen as what a 2D canvas takes. Not a copy. */
export const imageData = (pixels: Uint8Array<ArrayBuffer>, { width, height }: Size) =>
  new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.byteLength), width, height);
