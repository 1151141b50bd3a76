import type { Size } from '../blend/size.ts';

/** Straight RGBA in the screen's space, seen as what a 2D canvas takes. Not a copy. */
export const imageData = (
  pixels: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  colorSpace: PredefinedColorSpace = 'srgb',
) =>
  new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.byteLength), width, height, {
    colorSpace,
  });

/**
 * Which space pictures for this page's screen are made in. Display P3 where the screen shows it and `ImageData` can
 * name it; a canvas that can't hold it converts by itself.
 */
export const screenSpace = (): PredefinedColorSpace =>
  matchMedia('(color-gamut: p3)').matches &&
  new ImageData(1, 1, { colorSpace: 'display-p3' }).colorSpace === 'display-p3'
    ? 'display-p3'
    : 'srgb';
