import type { Size } from '../../blend/size.ts';
import { latin1, pagedReader, view } from '../header/byteReader.ts';
import type { Dress } from './dress.ts';

const HAS_PROFILE = 0x20;
const HAS_ALPHA = 0x10;
const HAS_EXIF = 0x08;

/**
 * A WebP with these metadata and no others, in the extended container (WebP Container Specification) that they need;
 * its pixels' data are the same.
 */
export async function dressWebp(file: Blob, { icc, exif }: Dress, { width, height }: Size): Promise<Blob> {
  const read = pagedReader(file);
  const pixels: Blob[] = [];
  let alpha = false;
  for (let at = 12; ; ) {
    const start = await read(at, at + 13);
    if (start.length < 13) break;
    const type = latin1(start.subarray(0, 4));
    const length = view(start).getUint32(4, true);
    const next = at + 8 + length + (length & 1);
    if (type === 'ALPH' || (type === 'VP8L' && (start[12]! & 0x10) !== 0)) alpha = true;
    if (type === 'ALPH' || type === 'VP8L' || type === 'VP8 ') pixels.push(file.slice(at, next));
    at = next;
  }
  const extended = new Uint8Array(10);
  extended[0] = (icc ? HAS_PROFILE : 0) | (alpha ? HAS_ALPHA : 0) | (exif ? HAS_EXIF : 0);
  setUint24(extended, 4, width - 1);
  setUint24(extended, 7, height - 1);
  const body = new Blob([
    'WEBP',
    ...chunk('VP8X', extended),
    ...(icc ? chunk('ICCP', icc) : []),
    ...pixels,
    ...(exif ? chunk('EXIF', exif) : []),
  ]);
  return new Blob(['RIFF', uint32(body.size), body], { type: file.type });
}

/** Padded to an even length. */
const chunk = (type: string, data: Uint8Array): BlobPart[] => [
  type,
  uint32(data.length),
  data as Uint8Array<ArrayBuffer>,
  new Uint8Array(data.length & 1),
];

function uint32(value: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4);
  view(out).setUint32(0, value, true);
  return out;
}

function setUint24(out: Uint8Array, at: number, value: number): void {
  out.set([value & 255, (value >> 8) & 255, value >> 16], at);
}
