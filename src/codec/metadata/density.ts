import { view } from '../header/byteReader.ts';
import { type ExifBlock, parseExif } from './exifBlock.ts';

/** Resolution in pixels per metre. */
export interface Density {
  readonly x: number;
  readonly y: number;
}

const INCH = 0.0254;
const CENTIMETRE = 0.01;
/** Wider and finer than any printer or scanner; what lies beyond is a mistake. */
const MAX_DENSITY = 1e6;

const densityOf = (x: number, y: number): Density | null =>
  x > 0 && y > 0 && x <= MAX_DENSITY && y <= MAX_DENSITY ? { x, y } : null;

/** A PNG's pHYs; null for a mere ratio of the pixel's sides. */
export function densityOfPhys(data: Uint8Array): Density | null {
  if (data.length !== 9 || data[8] !== 1) return null;
  return densityOf(view(data).getUint32(0), view(data).getUint32(4));
}

export function physOf({ x, y }: Density): Uint8Array {
  const out = new Uint8Array(9);
  view(out).setUint32(0, Math.max(1, Math.round(x)));
  view(out).setUint32(4, Math.max(1, Math.round(y)));
  out[8] = 1;
  return out;
}

/** From the content of a JFIF APP0 segment; null for a mere ratio of the pixel's sides. */
export function densityOfJfif(data: Uint8Array): Density | null {
  const metres = data.length < 12 ? undefined : [undefined, INCH, CENTIMETRE][data[7]!];
  if (!metres) return null;
  return densityOf(view(data).getUint16(8) / metres, view(data).getUint16(10) / metres);
}

/** Per inch, or per centimetre where whole numbers of these say it better. */
export function inWholeNumbers({ x, y }: Density): {
  readonly unit: 'inch' | 'centimetre';
  readonly x: number;
  readonly y: number;
} {
  const error = (metres: number) =>
    Math.max(...[x, y].map((v) => Math.abs(Math.round(v * metres) / (v * metres) - 1)));
  // 2,835 per metre are meant to be 72 per inch.
  const unit = error(INCH) < 1e-3 || error(INCH) <= error(CENTIMETRE) ? 'inch' : 'centimetre';
  const metres = unit === 'inch' ? INCH : CENTIMETRE;
  const whole = (v: number) => Math.min(65_535, Math.max(1, Math.round(v * metres)));
  return { unit, x: whole(x), y: whole(y) };
}

/** XResolution, YResolution and ResolutionUnit, whose default is the inch. */
export function densityOfExif(tiff: Uint8Array | null): Density | null {
  const block = tiff && parseExif(tiff);
  if (!block) return null;
  const metres = { 2: INCH, 3: CENTIMETRE }[shortOf(block, 0x0128) ?? 2];
  const x = rationalOf(block, 0x011a);
  const y = rationalOf(block, 0x011b);
  return metres && x && y ? densityOf(x / metres, y / metres) : null;
}

const bytesOf = ({ image }: ExifBlock, wanted: number, type: number) =>
  image.find((entry) => entry.tag === wanted && entry.type === type)?.bytes;

function shortOf(block: ExifBlock, tag: number): number | null {
  const bytes = bytesOf(block, tag, 3);
  return bytes ? view(bytes).getUint16(0, block.littleEndian) : null;
}

/** Null when there is none, or over 0. */
function rationalOf(block: ExifBlock, tag: number): number | null {
  const bytes = bytesOf(block, tag, 5);
  if (!bytes) return null;
  const below = view(bytes).getUint32(4, block.littleEndian);
  return below === 0 ? null : view(bytes).getUint32(0, block.littleEndian) / below;
}
