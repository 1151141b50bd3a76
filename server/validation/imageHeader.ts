import type { ImageMime } from '../providers/provider.ts';
import { readOrientation } from './exif.ts';

/** What a file says about its picture, read without decoding a pixel. */
export interface ImageHeader {
  readonly mime: ImageMime;
  /** Upright, in pixels: orientations 5 to 8 are swapped already. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** The file has an alpha channel, or a palette or key colour with transparency. */
  readonly alpha: boolean;
}

/** unknown: not PNG, JPEG or WebP by its first bytes. broken: one of these, but cut short or nonsense. */
export type HeaderProblem = 'unknown' | 'broken';

interface Stored {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly alpha: boolean;
}

/**
 * Reads dimensions, orientation and transparency, and follows the file's structure to its end (PNG: IEND, JPEG: the
 * EOI after the scan, WebP: the RIFF length), so that a file cut short is noticed before anything decodes it.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | HeaderProblem {
  const mime = sniffMime(bytes);
  if (mime === null) return 'unknown';
  const stored = readers[mime](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (stored === null || stored.width < 1 || stored.height < 1) return 'broken';
  const { orientation, alpha } = stored;
  const swapped = orientation >= 5;
  return {
    mime,
    width: swapped ? stored.height : stored.width,
    height: swapped ? stored.width : stored.height,
    orientation,
    alpha,
  };
}

/** By magic bytes only: names and content types of uploads are not to be believed. */
function sniffMime(bytes: Uint8Array): ImageMime | null {
  const has = (text: string, at: number) => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  if (has('\x89PNG\r\n\x1a\n', 0)) return 'image/png';
  if (has('\xff\xd8\xff', 0)) return 'image/jpeg';
  if (has('RIFF', 0) && has('WEBP', 8)) return 'image/webp';
  return null;
}

const readers: Record<ImageMime, (bytes: Uint8Array, view: DataView) => Stored | null> = {
  'image/png': readPng,
  'image/jpeg': readJpeg,
  'image/webp': readWebp,
};

/** Names of chunks as the number that stands there, big-endian: a large file can consist of millions of empty ones. */
const fourCc = (name: string) => Buffer.from(name, 'latin1').readUInt32BE();
const [IHDR, TRNS, PNG_EXIF, IEND] = ['IHDR', 'tRNS', 'eXIf', 'IEND'].map(fourCc);
const [JPEG_EXIF, WEBP_EXIF] = ['Exif', 'EXIF'].map(fourCc);
const [VP8, VP8L, VP8X] = ['VP8 ', 'VP8L', 'VP8X'].map(fourCc);

/** PNG specification, third edition, sections 5.3 and 11.2.1. */
function readPng(bytes: Uint8Array, view: DataView): Stored | null {
  const HEADER_END = 33;
  if (bytes.length < HEADER_END || view.getUint32(12) !== IHDR) return null;
  const colourType = view.getUint8(25);
  let alpha = colourType === 4 || colourType === 6;
  let orientation = 1;
  for (let at = HEADER_END; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) return null;
    const type = view.getUint32(at + 4);
    if (type === TRNS) alpha = true;
    if (type === PNG_EXIF) orientation = readOrientation(bytes.subarray(at + 8, end - 4));
    if (type === IEND) return { width: view.getUint32(16), height: view.getUint32(20), orientation, alpha };
    at = end;
  }
  return null;
}

/** ITU-T T.81, annex B: marker segments until the first scan; frame headers are SOF0 to SOF15 without DHT, JPG, DAC. */
function readJpeg(bytes: Uint8Array, view: DataView): Stored | null {
  let size: { width: number; height: number } | null = null;
  let orientation = 1;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return null;
    if (marker === 0xda)
      return size && hasEndOfImage(bytes, end) ? { ...size, orientation, alpha: false } : null;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker) && end - at >= 10)
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker === 0xe1 && end - at >= 8 && view.getUint32(at + 4) === JPEG_EXIF && orientation === 1)
      orientation = readOrientation(bytes.subarray(at + 4, end));
    at = end;
  }
  return null;
}

/** Inside entropy-coded data 0xff is always followed by 0 or a restart marker, so the first EOI found is the real one. */
function hasEndOfImage(bytes: Uint8Array, from: number): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('ffd9', from, 'hex');
}

/** RFC 9649, sections 2.4 to 2.7. */
function readWebp(bytes: Uint8Array, view: DataView): Stored | null {
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length) return null;
  const kind = view.getUint32(12);
  const data = 20;
  if (kind === VP8) {
    if (view.getUint8(data + 3) !== 0x9d || view.getUint16(data + 4, true) !== 0x2a01) return null;
    const width = view.getUint16(data + 6, true) & 0x3fff;
    const height = view.getUint16(data + 8, true) & 0x3fff;
    return { width, height, orientation: 1, alpha: false };
  }
  if (kind === VP8L) {
    if (view.getUint8(data) !== 0x2f) return null;
    const bits = view.getUint32(data + 1, true);
    const width = (bits & 0x3fff) + 1;
    const height = ((bits >>> 14) & 0x3fff) + 1;
    return { width, height, orientation: 1, alpha: (bits & 0x1000_0000) !== 0 };
  }
  if (kind !== VP8X) return null;
  const width = (view.getUint32(data + 4, true) & 0xff_ffff) + 1;
  const height = (view.getUint32(data + 7, true) & 0xff_ffff) + 1;
  return {
    width,
    height,
    orientation: webpOrientation(bytes, view),
    alpha: (view.getUint8(data) & 0x10) !== 0,
  };
}

function webpOrientation(bytes: Uint8Array, view: DataView): number {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at) === WEBP_EXIF) return readOrientation(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length & 1);
  }
  return 1;
}
