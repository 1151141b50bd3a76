import { CodecError } from '../codecError.ts';
import { type Density, densityOfExif, densityOfPhys } from '../metadata/density.ts';
import { latin1, type ReadBytes, view } from './byteReader.ts';
import { exifOrientation, keptExif, type Orientation } from './exif.ts';
import type { Calibration, Cicp, Edit, ImageInfo } from './imageInfo.ts';

export const PNG_SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10] as const;

/** Walks the chunks up to the first IDAT (metadata that matters precedes it) and looks for the IEND at the end. */
export async function readPngInfo(read: ReadBytes, size: number): Promise<ImageInfo> {
  const header = await read(8, 33);
  if (header.length < 25) throw new CodecError('truncated');
  if (latin1(header.subarray(4, 8)) !== 'IHDR') throw new CodecError('undecodable');
  const fields = view(header);
  const colourType = header[17]!;
  let hasAlpha = (colourType & 4) !== 0;
  let animated = false;
  let orientation: Orientation = 1;
  let orientationEdit: Edit | null = null;
  let icc: Uint8Array | null = null;
  let cicp: Cicp | null = null;
  let srgb = false;
  let exif: Uint8Array | null = null;
  let density: Density | null = null;
  let calibration: Calibration = { gamma: null, chromaticities: null };

  let at = 33;
  for (;;) {
    const start = await read(at, at + 8);
    if (start.length < 8) throw new CodecError('truncated');
    const length = view(start).getUint32(0);
    const type = latin1(start.subarray(4));
    const next = at + 12 + length;
    if (next > size) throw new CodecError('truncated');
    if (type === 'IDAT' || type === 'IEND') break;
    const data = () => read(at + 8, at + 8 + length);
    if (type === 'tRNS') hasAlpha = true;
    else if (type === 'acTL') animated = true;
    else if (type === 'iCCP') icc = await inflateProfile(await data());
    else if (type === 'cICP') cicp = cicpOf(await data());
    else if (type === 'sRGB') srgb = true;
    else if (type === 'gAMA') calibration = { ...calibration, gamma: gammaOf(await data()) };
    else if (type === 'cHRM')
      calibration = { ...calibration, chromaticities: chromaticitiesOf(await data()) };
    else if (type === 'pHYs') density = densityOfPhys(await data());
    else if (type === 'eXIf') {
      const tiff = await data();
      exif = keptExif(tiff);
      orientation = exifOrientation(tiff);
      orientationEdit = { start: at, end: next, bytes: new Uint8Array(0) };
    }
    at = next;
  }
  await requireEnd(read, size, at);
  const calibrated = calibration.gamma !== null || calibration.chromaticities !== null;
  return {
    type: 'image/png',
    width: fields.getUint32(8),
    height: fields.getUint32(12),
    bitDepth: header[16]!,
    lossy: false,
    hasAlpha,
    cmyk: false,
    animated,
    orientation,
    orientationEdit: orientation === 1 ? null : orientationEdit,
    icc,
    cicp,
    // PNG specification, third edition, section 4.3.
    calibration: calibrated && !cicp && !icc && !srgb ? calibration : null,
    exif,
    density: density ?? densityOfExif(exif),
  };
}

/** Usually IEND ends the file; when something follows it, all chunks are walked. */
async function requireEnd(read: ReadBytes, size: number, firstIdat: number): Promise<void> {
  const tail = await read(size - 12, size);
  if (latin1(tail.subarray(4, 8)) === 'IEND') return;
  for (let at = firstIdat; ; ) {
    const start = await read(at, at + 8);
    if (start.length < 8) throw new CodecError('truncated');
    if (latin1(start.subarray(4)) === 'IEND') return;
    at += 12 + view(start).getUint32(0);
  }
}

function cicpOf(data: Uint8Array): Cicp | null {
  if (data.length < 4) return null;
  return { primaries: data[0]!, transfer: data[1]!, matrix: data[2]!, fullRange: data[3] === 1 };
}

/** 0 says nothing. */
const gammaOf = (data: Uint8Array) => (data.length === 4 && view(data).getUint32(0)) || null;

function chromaticitiesOf(data: Uint8Array): number[] | null {
  if (data.length !== 32) return null;
  const fields = view(data);
  return Array.from({ length: 8 }, (_, i) => fields.getUint32(i * 4));
}

/** iCCP: a keyword, a zero, the compression method (0), then zlib data. A broken one is as good as none. */
async function inflateProfile(data: Uint8Array): Promise<Uint8Array | null> {
  const packed = data.slice(data.indexOf(0) + 2);
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}
