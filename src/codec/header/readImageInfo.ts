import { CodecError } from '../codecError.ts';
import { readAvifInfo } from './avif.ts';
import { latin1, pagedReader } from './byteReader.ts';
import { readGifInfo } from './gif.ts';
import type { ImageInfo } from './imageInfo.ts';
import { readJpegInfo } from './jpeg.ts';
import { PNG_SIGNATURE, readPngInfo } from './png.ts';
import { readWebpInfo } from './webp.ts';

/** 8192². One straight RGBA copy is 268 MB. */
const MAX_PIXELS = 67_108_864;
const MAX_EDGE = 16_384;
/** 100 MB, decimal as file managers count. */
const MAX_BYTES = 100_000_000;

/**
 * What the file is, from its first bytes and its structure, without decoding it. Throws a `CodecError` for what
 * cannot or must not be opened: not a picture, another format, cut short, too large.
 */
export async function readImageInfo(blob: Blob): Promise<ImageInfo> {
  if (blob.size === 0) throw new CodecError('empty');
  if (blob.size > MAX_BYTES) throw new CodecError('too-many-bytes', { bytes: blob.size, limit: MAX_BYTES });
  const info = await readFormat(blob);
  const { width, height } = info;
  if (width === 0 || height === 0) throw new CodecError('undecodable');
  const edge = Math.max(width, height);
  if (edge > MAX_EDGE) throw new CodecError('edge-too-long', { edge, limit: MAX_EDGE });
  const pixels = width * height;
  if (pixels > MAX_PIXELS) throw new CodecError('too-many-pixels', { pixels, limit: MAX_PIXELS });
  return info;
}

async function readFormat(blob: Blob): Promise<ImageInfo> {
  const read = pagedReader(blob);
  const start = await read(0, 64);
  const text = latin1(start);
  if (PNG_SIGNATURE.every((byte, i) => start[i] === byte)) return readPngInfo(read, blob.size);
  if (text.startsWith('\xff\xd8\xff')) return readJpegInfo(read, blob.size);
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return readWebpInfo(read, blob.size);
  if (/^GIF8[79]a/.test(text)) return readGifInfo(read);
  if (text.slice(4, 8) === 'ftyp') return readBrand(text, () => readAvifInfo(read, blob.size));
  throw new CodecError(isOtherPicture(text) ? 'unsupported' : 'not-an-image');
}

function readBrand(text: string, avif: () => Promise<ImageInfo>): Promise<ImageInfo> {
  const brands = text.slice(8);
  if (/avi[fs]/.test(brands)) return avif();
  if (/hei[cxms]|hev[cxms]|mif1|msf1/.test(brands)) throw new CodecError('heic-unsupported');
  throw new CodecError('not-an-image');
}

/** First bytes of pictures that we know and do not open: TIFF, JPEG XL, JPEG 2000, ICO, PSD. BMP and SVG below. */
const OTHERS = ['II*\0', 'MM\0*', '\xff\x0a', '\0\0\0\x0cJXL ', '\0\0\0\x0cjP  ', '\0\0\x01\0', '8BPS'];

const isOtherPicture = (text: string) =>
  OTHERS.some((start) => text.startsWith(start)) ||
  (text.startsWith('BM') && text.slice(6, 10) === '\0\0\0\0') ||
  /^(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE svg|svg)/i.test(text);
