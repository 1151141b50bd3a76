import sharp from 'sharp';
import type { Picture } from '../../src/fill/picture.ts';
import { isFilledUnder } from '../../src/fill/task.ts';
import type { OutputFormat } from '../contract.ts';
import { badRequest } from '../errors.ts';
import type { ImageSize, ProviderImage } from '../providers/provider.ts';
import { attachProfile } from './iccProfile.ts';

const MOST_PIXELS = 16_384 * 16_384;

export interface DecodedPicture extends Picture {
  /** The ICC profile that the values are meant in; null: sRGB. */
  readonly profile: Uint8Array | null;
}

/** Bytes in memory that all threads see. */
function share(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** The colour space that an ICC profile describes, from its header: "RGB ", "GRAY", "CMYK". */
const profileSpace = (profile: Uint8Array) => String.fromCharCode(...profile.subarray(16, 20));

/**
 * Decodes to upright straight RGBA, 8 bit. Values stay as the file has them: sharp would convert an embedded profile
 * to sRGB and so change pixels that nobody asked to change. Only CMYK has to be converted.
 */
export async function decodePicture(image: ProviderImage): Promise<DecodedPicture> {
  try {
    const { icc, space } = await sharp(image.data).metadata();
    const ignoreIcc = space !== 'cmyk';
    const { data, info } = await sharp(image.data, { ignoreIcc, limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const profile = icc && profileSpace(icc) === 'RGB ' ? new Uint8Array(icc) : null;
    return { width: info.width, height: info.height, rgba: share(data), profile };
  } catch (cause) {
    const error = badRequest('invalid_image_file', 'image', 'The picture is damaged: it cannot be decoded.');
    error.cause = cause;
    throw error;
  }
}

/** 1 where a mask says that something is to be filled. */
export async function decodeHole(mask: ProviderImage): Promise<Uint8Array> {
  const alpha = await sharp(mask.data, { limitInputPixels: MOST_PIXELS })
    .autoOrient()
    .ensureAlpha()
    .extractChannel('alpha')
    .raw({ depth: 'uchar' })
    .toBuffer();
  return share(alpha.map((value) => (isFilledUnder(value) ? 1 : 0)));
}

export interface EncodeOptions {
  readonly format: OutputFormat;
  /** 0..100, for JPEG and WebP. */
  readonly quality: number;
  /** Resized to this when given. */
  readonly size: ImageSize | null;
  readonly profile: Uint8Array | null;
}

/**
 * Encodes straight RGBA. A PNG keeps the values and says their profile; JPEG and WebP, which lose values anyway, are
 * converted to sRGB. JPEG knows no transparency: it is laid on white.
 */
export async function encodePicture(picture: Picture, options: EncodeOptions): Promise<Uint8Array> {
  const { width, height, rgba } = picture;
  const { format, quality, size, profile } = options;
  let image = sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: MOST_PIXELS });
  if (size && (size.width !== width || size.height !== height))
    image = image.resize({ ...size, fit: 'fill' });
  if (format === 'png' || profile) {
    const png = await image.png({ compressionLevel: 6 }).toBuffer();
    const tagged = profile ? attachProfile(png, profile) : png;
    if (format === 'png') return tagged;
    image = sharp(tagged);
  }
  return format === 'webp'
    ? image.webp({ quality }).toBuffer()
    : image.flatten({ background: '#fff' }).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
}
