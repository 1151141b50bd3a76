import { view } from './byteReader.ts';

/** 1 … 8 as in TIFF 6.0 tag 0x0112. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/**
 * The orientation that an EXIF block (a TIFF structure, starting at its byte-order mark) declares in its first
 * directory. Anything malformed counts as upright: a broken tag must not keep a picture from opening.
 */
export function exifOrientation(tiff: Uint8Array): Orientation {
  const order = tiff.length >= 8 ? String.fromCharCode(tiff[0]!, tiff[1]!) : '';
  if (order !== 'II' && order !== 'MM') return 1;
  const little = order === 'II';
  const data = view(tiff);
  const directory = data.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = data.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.length) return 1;
    if (data.getUint16(entry, little) !== 0x0112) continue;
    const value = data.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** What a picture needs is a tenth of this; a thumbnail and a maker's note fit too. */
const MAX_EXIF_BYTES = 1 << 20;

/** A block that is small enough to be kept beside the pixels. */
export const keptExif = (tiff: Uint8Array): Uint8Array | null =>
  tiff.length <= MAX_EXIF_BYTES ? tiff.slice() : null;
