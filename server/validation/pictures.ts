import type { Capabilities } from '../contract.ts';
import { ApiError, badRequest } from '../errors.ts';
import type { ProviderImage } from '../providers/provider.ts';
import { type ImageHeader, readImageHeader } from './imageHeader.ts';

export type Limits = Capabilities['limits'];

export interface CheckedPicture extends ProviderImage {
  readonly header: ImageHeader;
}

/** Refuses what is not a whole PNG, JPEG or WebP within the limits, before any decoder sees it. */
export function checkPicture(data: Uint8Array, param: string, limits: Limits): CheckedPicture {
  if (data.length === 0)
    throw badRequest('invalid_image_file', param, `The file '${param}' is empty (0 bytes).`);
  const header = readImageHeader(data);
  if (header === 'unknown')
    throw badRequest(
      'invalid_image_format',
      param,
      `The file '${param}' is not a PNG, JPEG or WebP picture.`,
    );
  if (header === 'broken')
    throw badRequest('invalid_image_file', param, `The file '${param}' is damaged or was cut short.`);

  const { width, height, mime } = header;
  if (width > limits.maxEdge || height > limits.maxEdge || width * height > limits.maxPixels) {
    const most = `at most ${limits.maxPixels} pixels and ${limits.maxEdge} on an edge`;
    throw new ApiError(
      400,
      'image_too_large',
      `'${param}' has ${width}x${height} pixels; ${most} are taken.`,
      { param },
    );
  }
  return { data, mime, width, height, header };
}
