import { flattenRect } from '../blend/composite.ts';
import { contains, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { CodecError } from './codecError.ts';
import { toSrgb } from './colour/documentColour.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
import type { Pause } from './pause.ts';
import { encodePng } from './png/encode.ts';
import type { PictureFormat } from './protocol.ts';
import { imageData } from './screenPixels.ts';
import { strips } from './strips.ts';

/** The flattened document at full size, exact, with the colour space that its file had. */
export async function encodeDocumentPng(store: ImageStore, stack: LayerStack, pause: Pause): Promise<Blob> {
  const { source, picture, opaque } = await store.open(stack);
  const { x, y, width, height } = stack.frame;
  const readRows = (from: number, end: number) =>
    flattenRect(source, stack, pixelRect(x, y + from, width, end - from));
  const whole = contains(pixelRect(0, 0, picture.width, picture.height), stack.frame);
  return encodePng({ width, height, opaque: opaque && whole, readRows, tags: picture.colour }, pause);
}

/** The document with alpha · (255 − coverage) / 255; colours stay as they are, hidden ones too. */
export async function encodeHole(
  store: ImageStore,
  stack: LayerStack,
  mask: Mask,
  pause: Pause,
): Promise<Blob> {
  const { source, picture } = await store.open(stack);
  const { x, y, width, height } = stack.frame;
  const readRows = (from: number, end: number) => {
    const rect = pixelRect(x, y + from, width, end - from);
    const pixels = flattenRect(source, stack, rect);
    const coverage = coverageOf(maskSource(mask), rect);
    for (let i = 0; i < coverage.length; i++) {
      const alpha = i * 4 + 3;
      if (coverage[i]! > 0) pixels[alpha] = (pixels[alpha]! * (255 - coverage[i]!)) / 255 + 0.5;
    }
    return pixels;
  };
  return encodePng({ width, height, opaque: false, readRows, tags: picture.colour }, pause);
}

/** Pixels of an image as they are, so that `open` gives the same again. */
export function encodePixels(image: Pixels, pause: Pause): Promise<Blob> {
  const { width, height, data, opaque } = image;
  const readRows = (from: number, end: number) => data.subarray(from * width * 4, end * width * 4);
  return encodePng({ width, height, opaque, readRows, tags: image.colour }, pause);
}

/**
 * By the browser's encoder, in sRGB. JPEG has no alpha: it shows the picture on white. Throws `unsupported` when this
 * browser can't write the format at this size.
 */
export async function encodeLossy(
  store: ImageStore,
  stack: LayerStack,
  format: Exclude<PictureFormat, 'image/png'>,
  quality: number | undefined,
  pause: Pause,
): Promise<Blob> {
  const { source, picture } = await store.open(stack);
  const { frame } = stack;
  const convert = toSrgb(picture.colour);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d');
  if (!context) throw new CodecError('unsupported');
  for (const strip of strips(frame)) {
    const pixels = flattenRect(source, stack, strip);
    convert?.(pixels);
    if (format === 'image/jpeg') layOnWhite(pixels);
    context.putImageData(imageData(pixels, strip), 0, strip.y - frame.y);
    await pause();
  }
  const blob = await canvas
    .convertToBlob(quality === undefined ? { type: format } : { type: format, quality })
    .catch((cause: unknown) => {
      throw new CodecError('unsupported', {}, { cause });
    });
  // A browser that can't write the format writes PNG instead.
  if (blob.type !== format) throw new CodecError('unsupported');
  return blob;
}

function layOnWhite(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255) continue;
    for (let c = i; c < i + 3; c++) pixels[c] = (pixels[c]! * alpha + 255 * (255 - alpha)) / 255 + 0.5;
    pixels[i + 3] = 255;
  }
}
