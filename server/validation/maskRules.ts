import sharp from 'sharp';
import { badRequest } from '../errors.ts';
import type { ProviderImage } from '../providers/provider.ts';
import type { CheckedPicture, Limits } from './pictures.ts';

/**
 * A mask is a PNG of the upright size of the picture, with an alpha channel of which at least one pixel is fully
 * transparent: there the picture may change. What is opaque is not looked at.
 */
export async function checkMask(
  mask: CheckedPicture,
  image: ProviderImage,
  limits: Limits,
): Promise<ProviderImage> {
  const { header } = mask;
  if (header.mime !== 'image/png')
    throw badRequest('invalid_image_format', 'mask', 'The mask must be a PNG with an alpha channel.');
  if (mask.width !== image.width || mask.height !== image.height) {
    const sizes = `the mask has ${mask.width}x${mask.height} pixels, the image ${image.width}x${image.height}`;
    const message = `Invalid mask image format - mask size does not match image size: ${sizes}.`;
    throw badRequest('mask_size_mismatch', 'mask', message);
  }
  if (!header.alpha)
    throw badRequest(
      'mask_without_alpha',
      'mask',
      'Invalid mask image format - mask image missing alpha channel: transparent pixels say what to edit.',
    );
  const alpha = await uprightAlpha(mask, 'mask', limits);
  if (!alpha.includes(0))
    throw badRequest(
      'mask_empty',
      'mask',
      'The mask has no fully transparent pixel, so there is nothing to edit.',
    );
  return mask;
}

/**
 * A markup is drawn over the picture: a PNG of its upright size of which at least one pixel is not opaque, so that
 * something of the picture is seen. Never beside a mask, and only for models that read it.
 */
export async function checkMarkup(
  markup: CheckedPicture,
  image: ProviderImage,
  limits: Limits,
): Promise<ProviderImage> {
  if (markup.header.mime !== 'image/png')
    throw badRequest('invalid_image_format', 'markup', 'The markup must be a PNG with transparent pixels.');
  if (markup.width !== image.width || markup.height !== image.height) {
    const sizes = `it has ${markup.width}x${markup.height} pixels, the image ${image.width}x${image.height}`;
    throw badRequest('invalid_value', 'markup', `The markup must have the size of the image: ${sizes}.`);
  }
  const alpha = markup.header.alpha ? await uprightAlpha(markup, 'markup', limits) : null;
  if (!alpha?.some((value) => value < 255))
    throw badRequest('invalid_value', 'markup', 'The markup has no transparent pixel: it hides the image.');
  return markup;
}

/**
 * The picture's own transparency as a mask; null when no pixel is fully transparent. White and transparent where the
 * picture has alpha 0, black and opaque elsewhere: readable by alpha and by luminance.
 */
export async function maskFromTransparency(
  image: CheckedPicture,
  limits: Limits,
): Promise<ProviderImage | null> {
  if (!image.header.alpha) return null;
  const { width, height } = image;
  const alpha = await uprightAlpha(image, 'image', limits);
  if (!alpha.includes(0)) return null;

  const rgba = Buffer.alloc(alpha.length * 4);
  for (let i = 0; i < alpha.length; i++) rgba.writeUInt32BE(alpha[i] === 0 ? 0xffffff00 : 0x000000ff, i * 4);
  const data = await sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: limits.maxPixels })
    .png()
    .toBuffer();
  return { data, mime: 'image/png', width, height };
}

/** One byte per pixel, upright. Decoding is safe: the header's size was checked against the limits before. */
async function uprightAlpha(picture: CheckedPicture, param: string, limits: Limits): Promise<Buffer> {
  try {
    return await sharp(picture.data, { limitInputPixels: limits.maxPixels })
      .autoOrient()
      .ensureAlpha()
      .extractChannel('alpha')
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch {
    throw badRequest('invalid_image_file', param, `The file '${param}' is damaged: it cannot be decoded.`);
  }
}
