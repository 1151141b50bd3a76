import sharp from 'sharp';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { readImageHeader } from '../validation/imageHeader.ts';
import { fetchGuarded, type Resolve } from './guardedFetch.ts';
import type { ImageSize, ProviderOutput } from './provider.ts';

const MAX_RESULT_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 5;
/** For one picture, all its redirects included. */
const FETCH_TIMEOUT_MS = 120_000;

const datum = z.object({
  b64_json: z.string().nullish(),
  url: z.string().nullish(),
  revised_prompt: z.string().nullish(),
});

/** Where a service lives and how it is reached. */
export interface Source {
  readonly baseUrl: string;
  /** Follows no redirects. */
  readonly fetch: typeof globalThis.fetch;
  /** What the service is to be shown, its key among it; goes to its own origin and nowhere else. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out: DNS as this machine has it. */
  readonly resolve?: Resolve;
}

/** One item of a service's `data`: base64, a data URL, or a URL, also one relative to the service's own origin. */
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

/**
 * From the origin that the operator configured, or from a public https address: any other could be one inside the
 * operator's network. Every redirect is judged as the first address was.
 */
async function fromUrl(signal: AbortSignal, address: string, source: Source): Promise<Buffer> {
  if (address.startsWith('data:')) return fromBase64(address);
  const within = AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]);
  let url = parse(address, source.baseUrl);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const { response, close } = await hop(within, url, source);
    try {
      const next = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || next === null) return await readBody(response);
      await response.body?.cancel();
      url = parse(next, url);
    } catch (error) {
      throw error instanceof ApiError ? error : unfetched(signal, error);
    } finally {
      await close();
    }
  }
  throw unusable('its picture is behind too many redirects');
}

function parse(address: string, base: string | URL): URL {
  if (!URL.canParse(address, base)) throw unusable('its answer holds no usable address');
  return new URL(address, base);
}

async function hop(signal: AbortSignal, url: URL, { baseUrl, fetch, headers = {}, resolve }: Source) {
  try {
    if (url.origin !== new URL(baseUrl).origin) return await fetchGuarded(url, signal, resolve);
    const response = await fetch(url, { signal, redirect: 'manual', headers });
    return { response, close: async () => {} };
  } catch (error) {
    throw unfetched(signal, error);
  }
}

/** What is wrong with the address is said, but not the address: it may carry a signature. */
const unfetched = (signal: AbortSignal, cause: unknown): unknown =>
  signal.aborted
    ? signal.reason
    : unusable(
        `its picture could not be fetched${cause instanceof Error ? `: ${cause.message}` : ''}`,
        cause,
      );

async function readBody(response: Response): Promise<Buffer> {
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
