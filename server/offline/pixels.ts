import sharp from 'sharp';
import type { Picture } from '../../src/fill/picture.ts';
import { isFilledUnder } from '../../src/fill/task.ts';
import type { OutputFormat, ReplyNotice } from '../contract.ts';
import { badRequest } from '../errors.ts';
import type { ImageSize, ProviderImage } from '../providers/provider.ts';
import { addChunks } from './pngChunks.ts';

const MOST_PIXELS = 16_384 * 16_384;

export interface DecodedPicture extends Picture {
  /** The ICC profile that the values are meant in; null: sRGB. */
  readonly profile: Uint8Array | null;
  /** What was changed on the way in. */
  readonly notices: readonly ReplyNotice[];
}

const NOTICES = {
  converted_to_8_bit: 'The picture had 16 bits per channel and was converted to 8.',
  converted_from_cmyk: 'The picture was in CMYK and was converted to sRGB.',
  profile_dropped: 'The profile of the grey picture was left out: its values are taken as sRGB.',
} as const;

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
 * to sRGB and so change pixels that nobody asked to change. Only CMYK has to be converted, and 16 bits are rounded.
 */
export async function decodePicture(image: ProviderImage): Promise<DecodedPicture> {
  try {
    const { icc, space, depth } = await sharp(image.data).metadata();
    const cmyk = space === 'cmyk';
    const deep = depth === 'ushort';
    const { data, info } = await sharp(image.data, { ignoreIcc: !cmyk, limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .toColourspace(deep ? 'rgb16' : 'srgb')
      .ensureAlpha()
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const rgba = share(deep ? rounded(data) : data);
    const kind = icc && profileSpace(icc);
    const codes = [
      ...(deep ? (['converted_to_8_bit'] as const) : []),
      ...(cmyk ? (['converted_from_cmyk'] as const) : []),
      ...(kind === 'GRAY' ? (['profile_dropped'] as const) : []),
    ];
    return {
      width: info.width,
      height: info.height,
      rgba,
      profile: kind === 'RGB ' ? new Uint8Array(icc!) : null,
      notices: codes.map((code) => ({ code, message: NOTICES[code] })),
    };
  } catch (cause) {
    const error = badRequest('invalid_image_file', 'image', 'The picture is damaged: it cannot be decoded.');
    error.cause = cause;
    throw error;
  }
}

/** 16 bits to 8, v / 257 rounded: sharp itself cuts the lower byte off, which darkens. */
function rounded({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return Uint8Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), (value) =>
    Math.round(value / 257),
  );
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
  /** Which program made the picture, written into it; printable ASCII without brackets, which libvips cuts off. */
  readonly software: string;
}

/**
 * Encodes straight RGBA. A PNG keeps the values and says their profile; JPEG and WebP, which lose values anyway, are
 * converted to sRGB. JPEG knows no transparency: it is laid on white.
 */
export async function encodePicture(picture: Picture, options: EncodeOptions): Promise<Uint8Array> {
  const { width, height, rgba } = picture;
  const { format, quality, size, profile, software } = options;
  let image = sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: MOST_PIXELS });
  if (size && (size.width !== width || size.height !== height))
    image = image.resize({ ...size, fit: 'fill' });
  if (format === 'png' || profile) {
    const png = await image.png({ compressionLevel: 6 }).toBuffer();
    if (format === 'png') return addChunks(png, { profile, software });
    image = sharp(addChunks(png, { profile, software: null }));
  }
  image = image.withExif({ IFD0: { Software: software } });
  return format === 'webp'
    ? image.webp({ quality }).toBuffer()
    : image.flatten({ background: '#fff' }).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
}
