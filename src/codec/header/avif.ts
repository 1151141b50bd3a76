import { CodecError } from '../codecError.ts';
import { densityOfExif } from '../metadata/density.ts';
import { readAvifExif } from './avifExif.ts';
import { latin1, type ReadBytes, view } from './byteReader.ts';
import type { Cicp, ImageInfo } from './imageInfo.ts';

interface Box {
  readonly type: string;
  /** Of the content, in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * ISO base media boxes (ISO/IEC 14496-12, 23008-12): every box must end inside the file; the picture's properties
 * are in meta / iprp / ipco. The largest extent there is the picture's own: a thumbnail or a tile has a smaller one.
 */
export async function readAvifInfo(read: ReadBytes, size: number): Promise<ImageInfo> {
  const top = await boxes(read, 0, size);
  const meta = top.find((box) => box.type === 'meta');
  if (!meta) throw new CodecError('undecodable');
  // A full box: version and flags precede its content.
  const inMeta = await boxes(read, meta.start + 4, meta.end);
  const [iprp, iinf, iloc] = ['iprp', 'iinf', 'iloc'].map((type) => inMeta.find((box) => box.type === type));
  const ipco = iprp && (await boxes(read, iprp.start, iprp.end)).find((box) => box.type === 'ipco');
  if (!ipco) throw new CodecError('undecodable');

  let width = 0;
  let height = 0;
  let bitDepth = 8;
  let turned = false;
  let hasAlpha = false;
  let icc: Uint8Array | null = null;
  let cicp: Cicp | null = null;
  for (const box of await boxes(read, ipco.start, ipco.end)) {
    const data = await read(box.start, box.end);
    if (box.type === 'ispe' && data.length >= 12) {
      const fields = view(data);
      const w = fields.getUint32(4);
      const h = fields.getUint32(8);
      if (w * h > width * height) [width, height] = [w, h];
    } else if (box.type === 'irot') {
      turned = (data[0]! & 1) === 1;
    } else if (box.type === 'auxC') {
      hasAlpha ||= latin1(data).includes('auxiliary:alpha');
    } else if (box.type === 'av1C' && data.length >= 3) {
      const flags = data[2]!;
      if (flags & 0x40) bitDepth = Math.max(bitDepth, flags & 0x20 ? 12 : 10);
    } else if (box.type === 'colr') {
      const kind = latin1(data.subarray(0, 4));
      if (kind === 'prof' || kind === 'rICC') icc ??= data.slice(4);
      else if (kind === 'nclx' && data.length >= 11) cicp ??= nclx(view(data));
    }
  }
  if (width === 0) throw new CodecError('undecodable');
  const brand = latin1(await read(8, 12));
  const exif = iinf && iloc ? await readAvifExif(read, iinf, iloc) : null;
  return {
    type: 'image/avif',
    width: turned ? height : width,
    height: turned ? width : height,
    bitDepth,
    lossy: true,
    hasAlpha,
    cmyk: false,
    animated: brand === 'avis',
    orientation: 1,
    orientationEdit: null,
    icc,
    cicp,
    calibration: null,
    exif,
    density: densityOfExif(exif),
  };
}

const nclx = (data: DataView): Cicp => ({
  primaries: data.getUint16(4),
  transfer: data.getUint16(6),
  matrix: data.getUint16(8),
  fullRange: (data.getUint8(10) & 0x80) !== 0,
});

async function boxes(read: ReadBytes, start: number, end: number): Promise<Box[]> {
  const found: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const header = await read(at, at + 16);
    if (header.length < 8) throw new CodecError('truncated');
    const fields = view(header);
    let length = fields.getUint32(0);
    let content = at + 8;
    if (length === 1) {
      if (header.length < 16) throw new CodecError('truncated');
      length = Number(fields.getBigUint64(8));
      content = at + 16;
    } else if (length === 0) {
      length = end - at;
    }
    if (length < content - at) throw new CodecError('undecodable');
    if (at + length > end) throw new CodecError('truncated');
    found.push({ type: latin1(header.subarray(4, 8)), start: content, end: at + length });
    at += length;
  }
  return found;
}
