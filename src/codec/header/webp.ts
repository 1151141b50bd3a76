import { CodecError } from '../codecError.ts';
import { densityOfExif } from '../metadata/density.ts';
import { latin1, type ReadBytes, view } from './byteReader.ts';
import { exifOrientation, keptExif, type Orientation } from './exif.ts';
import type { Edit, ImageInfo } from './imageInfo.ts';

/** RIFF chunks; the outer size tells whether the file is whole. */
export async function readWebpInfo(read: ReadBytes, size: number): Promise<ImageInfo> {
  const riff = await read(0, 12);
  const end = 8 + view(riff).getUint32(4, true);
  if (end > size) throw new CodecError('truncated');
  let extent: { width: number; height: number } | null = null;
  let hasAlpha = false;
  let animated = false;
  let lossy = false;
  let orientation: Orientation = 1;
  let orientationEdit: Edit | null = null;
  let icc: Uint8Array | null = null;
  let exif: Uint8Array | null = null;

  let at = 12;
  while (at + 8 <= end) {
    const start = await read(at, at + 8);
    const type = latin1(start.subarray(0, 4));
    const length = view(start).getUint32(4, true);
    // Chunks are padded to an even length.
    const next = at + 8 + length + (length & 1);
    if (at + 8 + length > end) throw new CodecError('truncated');
    const body = at + 8;
    lossy ||= type === 'VP8 ';
    if (type === 'VP8X') {
      const data = await read(body, body + 10);
      if (data.length < 10) throw new CodecError('truncated');
      hasAlpha = (data[0]! & 0x10) !== 0;
      animated = (data[0]! & 0x02) !== 0;
      extent = { width: 1 + uint24(data, 4), height: 1 + uint24(data, 7) };
    } else if (type === 'VP8L') {
      const data = await read(body, body + 5);
      if (data.length < 5) throw new CodecError('truncated');
      const bits = view(data).getUint32(1, true);
      if (!extent) hasAlpha = ((bits >>> 28) & 1) === 1;
      extent ??= { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    } else if (type === 'VP8 ' && !extent) {
      const data = await read(body, body + 10);
      if (data.length < 10) throw new CodecError('truncated');
      const fields = view(data);
      extent = { width: fields.getUint16(6, true) & 0x3fff, height: fields.getUint16(8, true) & 0x3fff };
    } else if (type === 'ICCP') {
      icc = await read(body, body + length);
    } else if (type === 'EXIF') {
      const data = await read(body, body + length);
      // Some writers keep JPEG's prefix.
      const tiff = latin1(data.subarray(0, 6)) === 'Exif\0\0' ? data.subarray(6) : data;
      exif = keptExif(tiff);
      orientation = exifOrientation(tiff);
      const blank = Math.min(length, 8);
      orientationEdit = { start: body, end: body + blank, bytes: new Uint8Array(blank) };
    }
    at = next;
  }
  if (!extent) throw new CodecError('undecodable');
  return {
    type: 'image/webp',
    ...extent,
    bitDepth: 8,
    lossy,
    hasAlpha,
    cmyk: false,
    animated,
    orientation,
    orientationEdit: orientation === 1 ? null : orientationEdit,
    icc,
    cicp: null,
    calibration: null,
    exif,
    density: densityOfExif(exif),
  };
}

const uint24 = (bytes: Uint8Array, at: number) => bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
