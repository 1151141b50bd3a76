import { CodecError } from '../codecError.ts';
import { type Density, densityOfExif, densityOfJfif } from '../metadata/density.ts';
import { latin1, type ReadBytes, view } from './byteReader.ts';
import { exifOrientation, keptExif, type Orientation } from './exif.ts';
import type { Edit, ImageInfo } from './imageInfo.ts';

const EXIF = 'Exif\0\0';
const JFIF = 'JFIF\0';
const ICC = 'ICC_PROFILE\0';
/** Markers that stand alone, without a length. */
const STANDALONE = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);
/** SOF0 … SOF15 without DHT, JPG and DAC. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Walks the segments up to the first scan and looks for the end-of-image marker behind it. */
export async function readJpegInfo(read: ReadBytes, size: number): Promise<ImageInfo> {
  let frame: { width: number; height: number; bitDepth: number; components: number } | null = null;
  let orientation: Orientation = 1;
  let orientationEdit: Edit | null = null;
  let exif: Uint8Array | null = null;
  let density: Density | null = null;
  const profile: Uint8Array[] = [];

  let at = 2;
  for (;;) {
    const start = await read(at, at + 4);
    if (start.length < 4) throw new CodecError('truncated');
    if (start[0] !== 0xff) throw new CodecError('undecodable');
    const marker = start[1]!;
    // Any number of 0xFF may pad a marker.
    if (marker === 0xff || STANDALONE.has(marker)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = view(start).getUint16(2);
    const next = at + 2 + length;
    if (next > size) throw new CodecError('truncated');
    if (marker === 0xda) {
      await requireEnd(read, size, next);
      break;
    }
    if (marker === 0xd9) throw new CodecError('undecodable');
    const data = () => read(at + 4, next);
    if (isFrame(marker)) {
      const fields = await data();
      if (fields.length < 6) throw new CodecError('undecodable');
      frame = {
        bitDepth: fields[0]!,
        height: view(fields).getUint16(1),
        width: view(fields).getUint16(3),
        components: fields[5]!,
      };
    } else if (marker === 0xe0 && !density) {
      const jfif = await data();
      if (latin1(jfif.subarray(0, 5)) === JFIF) density = densityOfJfif(jfif);
    } else if (marker === 0xe1 && !orientationEdit) {
      const segment = await data();
      if (latin1(segment.subarray(0, 6)) === EXIF) {
        exif = keptExif(segment.subarray(6));
        orientation = exifOrientation(segment.subarray(6));
        orientationEdit = { start: at + 4, end: at + 4 + EXIF.length, bytes: new Uint8Array(EXIF.length) };
      }
    } else if (marker === 0xe2) {
      const part = await data();
      // Sequence numbers start at 1; parts may come in any order.
      if (latin1(part.subarray(0, 12)) === ICC && part[12]! > 0) profile[part[12]! - 1] = part.subarray(14);
    }
    at = next;
  }
  if (!frame) throw new CodecError('undecodable');
  return {
    type: 'image/jpeg',
    width: frame.width,
    height: frame.height,
    bitDepth: frame.bitDepth,
    lossy: true,
    hasAlpha: false,
    cmyk: frame.components === 4,
    animated: false,
    orientation,
    orientationEdit: orientation === 1 ? null : orientationEdit,
    icc: profile.length > 0 ? concat(profile) : null,
    cicp: null,
    calibration: null,
    exif,
    density: density ?? densityOfExif(exif),
  };
}

/** Inside a scan 0xFF is stuffed, so the first FF D9 behind it is real. Looked for from the end, where it usually is. */
async function requireEnd(read: ReadBytes, size: number, scan: number): Promise<void> {
  const piece = 1 << 16;
  for (let end = size; end > scan; end -= piece) {
    const from = Math.max(scan, end - piece);
    // One byte more, for a marker that lies across two pieces.
    const bytes = await read(from, Math.min(size, end + 1));
    for (let i = bytes.length - 1; i > 0; i--) if (bytes[i] === 0xd9 && bytes[i - 1] === 0xff) return;
  }
  throw new CodecError('truncated');
}

function concat(parts: readonly (Uint8Array | undefined)[]): Uint8Array | null {
  const whole: Uint8Array[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (!part) return null;
    whole.push(part);
  }
  const out = new Uint8Array(whole.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of whole) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
