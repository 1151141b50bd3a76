import type { Size } from '../blend/size.ts';
import { CodecError } from './codecError.ts';
import { colourOf, type DocumentColour, PLAIN_SRGB } from './colour/documentColour.ts';
import type { FileMetadata, ImageInfo } from './header/imageInfo.ts';
import { readImageInfo } from './header/readImageInfo.ts';
import { decodeNatively } from './nativeDecode.ts';
import { isOpaque } from './opaque.ts';
import { orientPixels, uprightSize } from './orientation.ts';
import type { Pause } from './pause.ts';
import { decodePng, type PngFile, readPng } from './png/decode.ts';

/** A picture in memory: straight RGBA, upright, in its own colour space. */
export interface Pixels extends Size {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Alpha is 255 everywhere. */
  readonly opaque: boolean;
  readonly colour: DocumentColour;
  /** Of the file that it came from, as it is upright; results have none. */
  readonly metadata?: FileMetadata;
}

/** Reads a PNG's chunks and throws a `CodecError` when one is damaged: a browser would show half a picture. */
export async function checkPng(blob: Blob, pause: Pause): Promise<PngFile> {
  return readPng(new Uint8Array(await blob.arrayBuffer()), pause);
}

/** PNGs are decoded by our own code, which knows neither gamma nor premultiplication; the rest by the browser. */
export async function decodePixels(blob: Blob, pause: Pause): Promise<Pixels> {
  const info = await readImageInfo(blob);
  const colour = colourOf(info);
  const toSrgb = colour === 'browser';
  const natively = () => decodeNatively(blob, info, toSrgb, pause);
  const stored =
    info.type === 'image/png' && !toSrgb
      ? await decodePng(await checkPng(blob, pause), pause).catch(unlessDamaged(natively))
      : await natively();
  const data = orientPixels(stored, info, info.orientation);
  return {
    ...uprightSize(info, info.orientation),
    data,
    opaque: !info.hasAlpha || isOpaque(data),
    colour: toSrgb ? PLAIN_SRGB : colour,
    metadata: uprightMetadata(info),
  };
}

function uprightMetadata({ exif, density, orientation }: ImageInfo): FileMetadata {
  const turned = density && orientation >= 5 ? { x: density.y, y: density.x } : density;
  return { exif, density: turned };
}

/** Data that ends early or does not inflate although its checksums are right: browsers show what there is. */
const unlessDamaged =
  <T>(fallback: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof CodecError) return fallback();
    throw error;
  };
