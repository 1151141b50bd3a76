import sharp from 'sharp';
import { badRequest } from '../errors.ts';
import type { MaskEncoding } from './profiles.ts';
import type { ImageSize, ProviderImage } from './provider.ts';

const MOST_PIXELS = 16_384 * 16_384;
/** Below it a pixel of a mask is rather transparent than opaque. */
const HALF = 128;

/** RGBA of what may change and of what stays, as one 32-bit number each. */
const COLOURS = {
  dual: { edit: 0xffffff00, keep: 0x000000ff },
  'white-edit': { edit: 0xffffffff, keep: 0x000000ff },
  'black-edit': { edit: 0x000000ff, keep: 0xffffffff },
} as const satisfies Record<Exclude<MaskEncoding, 'alpha'>, { edit: number; keep: number }>;

/** A mask whose transparency says where to edit, in the coding that a server reads; pixels become one or the other. */
export async function encodeMask(mask: ProviderImage, encoding: MaskEncoding): Promise<ProviderImage> {
  if (encoding === 'alpha') return mask;
  const { edit, keep } = COLOURS[encoding];
  const alpha = await alphaOf(mask);
  const rgba = Buffer.alloc(alpha.length * 4);
  for (let i = 0; i < alpha.length; i++) rgba.writeUInt32BE((alpha[i] ?? 0) < HALF ? edit : keep, i * 4);
  const { width, height } = mask;
  const painted = sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: MOST_PIXELS });
  const data = await (encoding === 'dual' ? painted : painted.removeAlpha()).png().toBuffer();
  return { data, mime: 'image/png', width, height };
}

/** A mask that leaves nothing out: fully transparent. */
export async function maskOfAll({ width, height }: ImageSize): Promise<ProviderImage> {
  const background = { r: 255, g: 255, b: 255, alpha: 0 };
  const data = await sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();
  return { data, mime: 'image/png', width, height };
}

async function alphaOf(mask: ProviderImage): Promise<Buffer> {
  try {
    return await sharp(mask.data, { limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .ensureAlpha()
      .extractChannel('alpha')
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch (cause) {
    const error = badRequest('invalid_mask', 'mask', 'The mask is damaged: it cannot be decoded.');
    error.cause = cause;
    throw error;
  }
}
