import sharp from 'sharp';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { readImageHeader } from '../validation/imageHeader.ts';
import type { ImageSize, ProviderOutput } from './provider.ts';

const MAX_RESULT_BYTES = 64 * 1024 * 1024;

const datum = z.object({
  b64_json: z.string().nullish(),
  url: z.string().nullish(),
  revised_prompt: z.string().nullish(),
});

/** Where a service lives and how it is reached. */
export interface Source {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
}

/** One item of a service's `data`: base64, a data URL, or a URL (also relative) at the service's own origin. */
export async function readServedImage(
  signal: AbortSignal,
  item: unknown,
  source: Source,
): Promise<ProviderOutput> {
  const parsed = datum.safeParse(item);
  if (!parsed.success) throw unusable('its answer has an unknown form');
  const { b64_json: base64, url, revised_prompt: revisedPrompt } = parsed.data;
  const data = base64 ? fromBase64(base64) : url ? await fromUrl(signal, url, source) : null;
  if (data === null) throw unusable('its answer holds no picture');
  const header = readImageHeader(data);
  if (header === 'unknown') throw unusable('its answer is not a PNG, JPEG or WebP picture');
  if (header === 'broken') throw unusable('its picture is damaged or was cut short');
  return { data, mime: header.mime, ...(revisedPrompt ? { revisedPrompt } : {}) };
}

/** Also with a data URL's head, as some services write it. */
function fromBase64(text: string): Buffer {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1;
  return Buffer.from(text.slice(comma + 1), 'base64');
}

/** Only from the origin that the operator configured: any other address could be one inside the operator's network. */
async function fromUrl(signal: AbortSignal, address: string, { baseUrl, fetch }: Source): Promise<Buffer> {
  if (address.startsWith('data:')) return fromBase64(address);
  if (!URL.canParse(address, baseUrl)) throw unusable('its answer holds no usable address');
  const url = new URL(address, baseUrl);
  if (url.origin !== new URL(baseUrl).origin)
    throw unusable('it put the picture at another address, which is not fetched');
  const response = await fetch(url, { signal, redirect: 'manual' });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw unusable(`its picture could not be fetched (${response.status})`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_RESULT_BYTES) throw unusable('its picture is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Scales a result, which keeps its format. */
export async function shrink(image: ProviderOutput, size: ImageSize): Promise<ProviderOutput> {
  try {
    const data = await sharp(image.data).resize(size.width, size.height, { fit: 'fill' }).toBuffer();
    return { ...image, data };
  } catch (error) {
    throw unusable('its picture cannot be decoded', error);
  }
}

export function unusable(why: string, cause?: unknown): ApiError {
  return new ApiError(502, 'upstream_error', `The image service answered, but ${why}.`, {
    maybeBilled: true,
    cause,
  });
}
