import type { Size } from '../blend/size.ts';
import { CodecError } from './codecError.ts';
import { colourOf, type DocumentColour, PLAIN_SRGB } from './colour/documentColour.ts';
import type { ImageInfo } from './header/imageInfo.ts';
import { decodeNatively } from './nativeDecode.ts';
import { orientPixels, uprightSize } from './orientation.ts';
import type { Pause } from './pause.ts';
import { decodePng, type PngFile, readPng } from './png/decode.ts';

/** A picture in memory: straight RGBA, upright, in its own colour space. */
export interface Pixels extends Size {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Alpha is 255 everywhere. */
  readonly opaque: boolean;
  readonly colour: DocumentColour;
}

/** PNGs are decoded by our own code, which knows neither gamma nor premultiplication; null: the browser does it. */
export async function readOwnFormat(blob: Blob, info: ImageInfo, pause: Pause): Promise<PngFile | null> {
  if (info.type !== 'image/png') return null;
  return readPng(new Uint8Array(await blob.arrayBuffer()), pause);
}

export async function decodePixels(
  blob: Blob,
  info: ImageInfo,
  own: PngFile | null,
  pause: Pause,
): Promise<Pixels> {
  const colour = colourOf(info);
  const toSrgb = colour === 'browser';
  const natively = () => decodeNatively(blob, info, toSrgb, pause);
  const stored =
    own && !toSrgb ? await decodePng(own, pause).catch(unlessDamaged(natively)) : await natively();
  const data = orientPixels(stored, info, info.orientation);
  return {
    ...uprightSize(info, info.orientation),
    data,
    opaque: !info.hasAlpha || isOpaque(data),
    colour: toSrgb ? PLAIN_SRGB : colour,
  };
}

/** Data that ends early or does not inflate although its checksums are right: browsers show what there is. */
const unlessDamaged =
  <T>(fallback: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof CodecError) return fallback();
    throw error;
  };

function isOpaque(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}
