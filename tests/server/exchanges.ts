import { onTestFinished } from 'vitest';
import { ApiError } from '../../server/errors.ts';
import { createExchange, type Exchange, type ExchangeOptions } from '../../server/providers/exchange.ts';
import type { PartialPicture, Progress, ProviderOutput } from '../../server/providers/provider.ts';
import { readImageHeader } from '../../server/validation/imageHeader.ts';

const KEY = 'sk-test-0123456789abcdef';

/** Base64 alone, as whatever it says it is when its header can be read and its end is there. */
export async function readBase64(_signal: AbortSignal, item: unknown): Promise<ProviderOutput> {
  const data = Buffer.from(String((item as { b64_json?: unknown } | null)?.b64_json ?? ''), 'base64');
  const header = readImageHeader(data);
  if (typeof header === 'string') throw new ApiError(502, 'upstream_error', header, { maybeBilled: true });
  return { data, mime: header.mime };
}

export function exchangeWith(baseUrl: string, options: Partial<ExchangeOptions> = {}): Exchange {
  const exchange = createExchange({
    baseUrl,
    headers: { authorization: `Bearer ${KEY}` },
    apiKey: KEY,
    service: 'the service',
    timeoutMs: 10_000,
    readImage: readBase64,
    ...options,
  });
  onTestFinished(() => exchange.close());
  return exchange;
}

export interface Heard extends Progress {
  readonly pictures: PartialPicture[];
}

/** Progress that remembers; `count` null: no stream is asked for. */
export function listening(count: number | null): Heard {
  const heard: Heard = {
    pictures: [],
    partials: count === null ? null : { count, onPartial: (partial) => heard.pictures.push(partial) },
  };
  return heard;
}

export const GENERATE = { path: '/images/generations', body: { model: 'm', prompt: 'x', n: 1 } };
export const never = new AbortController().signal;

/** Asks for one picture and returns the error. */
export async function failureOf(
  exchange: Exchange,
  heard = listening(null),
  outgoing = GENERATE,
): Promise<ApiError> {
  const outcome: unknown = await exchange.send(never, outgoing, null, heard).catch((error: unknown) => error);
  if (!(outcome instanceof ApiError)) throw new Error(`No ApiError came: ${String(outcome)}`);
  return outcome;
}
