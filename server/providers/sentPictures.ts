import sharp from 'sharp';
import { ApiError } from '../errors.ts';
import type { ProviderImage } from './provider.ts';

/** Services refuse a part whose type or name does not say PNG, JPEG or WebP. */
export function toFile(image: ProviderImage, name: string): File {
  const extension = image.mime.slice('image/'.length);
  return new File([image.data as Uint8Array<ArrayBuffer>], `${name}.${extension}`, { type: image.mime });
}

/** A picture and its mask have to be of one format, and not every service turns a JPEG as its EXIF says. */
export async function uprightPng(image: ProviderImage): Promise<ProviderImage> {
  if (image.mime === 'image/png') return image;
  try {
    const data = await sharp(image.data).autoOrient().png().toBuffer();
    return { ...image, mime: 'image/png', data };
  } catch (error) {
    throw new ApiError(400, 'invalid_image_file', 'The picture cannot be decoded.', {
      param: 'image',
      cause: error,
    });
  }
}
