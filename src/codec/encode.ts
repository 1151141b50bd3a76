import { flattenRect } from '../blend/composite.ts';
import type { Size } from '../blend/size.ts';
import { contains, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { type AncillaryChunk, framePlaceChunks, textChunk } from '../raster/framePlace.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { CodecError } from './codecError.ts';
import { profileOf } from './colour/documentColour.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
import { physOf } from './metadata/density.ts';
import { exifToWrite, type MetadataChoice } from './metadata/exifToWrite.ts';
import { dressJpeg } from './metadata/jpegFile.ts';
import { recipeChunk } from './metadata/recipe.ts';
import { dressWebp } from './metadata/webpFile.ts';
import type { Pause } from './pause.ts';
import { encodePng } from './png/encode.ts';
import type { PictureOptions } from './protocol.ts';
import { imageData } from './screenPixels.ts';
import { strips } from './strips.ts';

/** The flattened document at full size, with the colour space of its picture's file and what that said by choice. */
export function encodePicture(
  store: ImageStore,
  stack: LayerStack,
  options: PictureOptions,
  pause: Pause,
): Promise<Blob> {
  const { format } = options;
  return format === 'image/png'
    ? encodeDocumentPng(store, stack, options, pause)
    : encodeLossy(store, stack, { ...options, format }, pause);
}

async function encodeDocumentPng(
  store: ImageStore,
  stack: LayerStack,
  { metadata, recipe }: PictureOptions,
  pause: Pause,
): Promise<Blob> {
  const { source, picture, opaque } = await store.open(stack);
  const { x, y, width, height } = stack.frame;
  const readRows = (from: number, end: number) =>
    flattenRect(source, stack, pixelRect(x, y + from, width, end - from));
  const whole = contains(pixelRect(0, 0, picture.width, picture.height), stack.frame);
  const ancillary = pngMetadata(stack, picture, metadata);
  if (recipe !== null) ancillary.push(await recipeChunk(recipe));
  const tags = picture.colour;
  return encodePng({ width, height, opaque: opaque && whole, readRows, tags, ancillary }, pause);
}

/** What an exported PNG says beside its colours. */
function pngMetadata(
  { frame, picture: { width, height } }: LayerStack,
  picture: Pixels,
  choice: MetadataChoice,
): AncillaryChunk[] {
  const { density = null } = picture.metadata ?? {};
  const exif = exifFor(picture, frame, choice, false);
  return [
    ...(density ? [{ type: 'pHYs', data: physOf(density) }] : []),
    ...framePlaceChunks(frame, { width, height }),
    ...(exif ? [{ type: 'eXIf', data: exif }] : []),
    ...(choice === 'none' ? [] : [textChunk('Software', 'Lacuna')]),
  ];
}

function exifFor(
  { colour, metadata }: Pixels,
  { width, height }: Size,
  choice: MetadataChoice,
  forDensity: boolean,
): Uint8Array | null {
  const { exif = null, density = null } = metadata ?? {};
  return exifToWrite(exif, choice, { width, height, density, srgb: colour.space === null }, forDensity);
}

/** The document with alpha · (255 − coverage) / 255; colours stay as they are, hidden ones too. */
export async function encodeHole(
  store: ImageStore,
  stack: LayerStack,
  mask: Mask,
  metadata: MetadataChoice,
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
  const ancillary = pngMetadata(stack, picture, metadata);
  return encodePng({ width, height, opaque: false, readRows, tags: picture.colour, ancillary }, pause);
}

/** Pixels of an image as they are, so that `open` gives the same again. */
export function encodePixels(image: Pixels, pause: Pause): Promise<Blob> {
  const { width, height, data, opaque } = image;
  const readRows = (from: number, end: number) => data.subarray(from * width * 4, end * width * 4);
  return encodePng({ width, height, opaque, readRows, tags: image.colour }, pause);
}

/**
 * By the browser's encoder. A 2D canvas in sRGB takes and gives numbers as they are, so the document's own are encoded,
 * and their profile is written into the file afterwards. JPEG has no alpha: it shows the picture on white. Throws
 * `unwritable` when this browser can't write the format at this size.
 */
async function encodeLossy(
  store: ImageStore,
  stack: LayerStack,
  { format, quality, metadata }: PictureOptions & { readonly format: 'image/jpeg' | 'image/webp' },
  pause: Pause,
): Promise<Blob> {
  const { source, picture } = await store.open(stack);
  const { frame } = stack;
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d');
  if (!context || !takesPixels(context)) throw new CodecError('unwritable');
  for (const strip of strips(frame)) {
    const pixels = flattenRect(source, stack, strip);
    if (format === 'image/jpeg') layOnWhite(pixels);
    context.putImageData(imageData(pixels, strip), 0, strip.y - frame.y);
    await pause();
  }
  const blob = await canvas
    .convertToBlob(quality === undefined ? { type: format } : { type: format, quality })
    .catch((cause: unknown) => {
      throw new CodecError('unwritable', {}, { cause });
    });
  // A browser that can't write the format writes PNG instead.
  if (blob?.type !== format) throw new CodecError('unwritable');
  const icc = profileOf(picture.colour);
  const exif = exifFor(picture, frame, metadata, format === 'image/webp');
  return format === 'image/webp'
    ? dressWebp(blob, { icc, exif }, frame)
    : dressJpeg(blob, { icc, exif, density: picture.metadata?.density ?? null });
}

/**
 * Safari gives a canvas of more than 16,777,216 px that looks like any other, takes nothing and says nothing; its file
 * would be blank.
 */
function takesPixels(context: OffscreenCanvasRenderingContext2D): boolean {
  const x = context.canvas.width - 1;
  const y = context.canvas.height - 1;
  context.fillRect(x, y, 1, 1);
  const taken = context.getImageData(x, y, 1, 1).data[3] === 255;
  context.clearRect(x, y, 1, 1);
  return taken;
}

function layOnWhite(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255) continue;
    for (let c = i; c < i + 3; c++) pixels[c] = (pixels[c]! * alpha + 255 * (255 - alpha)) / 255 + 0.5;
    pixels[i + 3] = 255;
  }
}
