import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { ApiError, redact } from '../errors.ts';
import { counted, type Expected, readAnswer, textOf } from './answer.ts';
import { failedReplyIn, throwingFailed } from './failedReply.ts';
import { createLongFetch } from './longFetch.ts';
import type { ImageSize, Progress, ProviderOutput, ProviderResult } from './provider.ts';
import { shrink, unusable } from './servedImages.ts';
import { cleanId, fromConnectionFailure, fromUpstream, isNeverConnected } from './upstreamErrors.ts';

/** A request body that is ready to leave. */
export interface Outgoing {
  /** '/images/edits', appended to the base URL. */
  readonly path: string;
  /** A form, or what becomes JSON. */
  readonly body: FormData | Readonly<Record<string, unknown>>;
}

export interface ExchangeOptions {
  readonly baseUrl: string;
  /** Who asks, as the service wants to be told: its key stands in them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Removed from every text that the service says. */
  readonly apiKey: string | null;
  /** What messages call the service: "OpenAI", or a host. */
  readonly service: string;
  /** For a whole request: connecting, its answer's last byte and the pictures that the answer only names. */
  readonly timeoutMs: number;
  /**
   * One item of an answer's `data`, or an event of its stream, as a picture. `fetch` is this line's, for pictures at
   * the service itself. Throws ApiError.
   */
  readonly readImage: (
    signal: AbortSignal,
    item: unknown,
    fetch: typeof globalThis.fetch,
  ) => Promise<ProviderOutput>;
}

/** The line to one image service. Failures are `ApiError`; what may have been billed says so. */
export interface Exchange {
  /**
   * Sends once (repeats only where no byte was sent), reads JSON or an event stream, whatever was asked for.
   * Pictures are scaled to `deliver` unless that is null.
   */
  send(
    signal: AbortSignal,
    outgoing: Outgoing,
    deliver: ImageSize | null,
    progress: Progress,
  ): Promise<ProviderResult>;
  /** GET of the same service, parsed JSON: '/models'. */
  get(signal: AbortSignal, path: string): Promise<unknown>;
  /** Ends running requests too. */
  close(): Promise<void>;
}

/** Pauses before connecting again, ms. */
const RECONNECT_AFTER_MS = [250, 1000];
const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** What is known of a request when it fails. */
interface State {
  /** What costs something has left. */
  sent: boolean;
  requestId: string | null;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { baseUrl, headers, apiKey, service, timeoutMs, readImage } = options;
  const line = createLongFetch();
  const client = new OpenAI({
    apiKey: 'none',
    adminAPIKey: null,
    baseURL: baseUrl,
    defaultHeaders: { authorization: null, ...headers },
    maxRetries: 0,
    // Longer than ours, which covers the body too and comes first.
    timeout: timeoutMs * 2,
    fetch: Object.assign(throwingFailed(line.fetch), { Response }),
    logLevel: 'off',
  });
  const scrub = (text: string) => redact(apiKey === null ? text : text.replaceAll(apiKey, '[redacted]'));

  /** Headers of a reply with a status of success. */
  async function ask(
    signal: AbortSignal,
    { path, body }: { readonly path: string; readonly body?: Outgoing['body'] },
    onSent: () => void,
  ): Promise<Response> {
    const request = {
      signal,
      ...(body ? { body } : {}),
      // Compressed, base64 gains little, and a stream may be held back.
      headers: { 'x-client-request-id': randomUUID(), 'accept-encoding': 'identity' },
      fetchOptions: { dispatcher: line.once(onSent) },
    };
    const attempt = () => client[body ? 'post' : 'get'](path, request).asResponse();
    for (const pause of RECONNECT_AFTER_MS) {
      try {
        return await attempt();
      } catch (error) {
        if (signal.aborted || !isNeverConnected(error)) throw error;
      }
      await sleep(pause, undefined, { signal });
    }
    return attempt();
  }

  /** Runs `work` under the deadline and turns whatever it throws into an ApiError. */
  async function within<T>(caller: AbortSignal, work: (signal: AbortSignal, state: State) => Promise<T>) {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    const state: State = { sent: false, requestId: null };
    try {
      return await work(AbortSignal.any([caller, deadline.signal]), state);
    } catch (error) {
      throw toApiError(error, { ...state, cancelled: caller.aborted, late: deadline.signal.aborted });
    } finally {
      clearTimeout(timer);
    }
  }

  function toApiError(error: unknown, state: State & { cancelled: boolean; late: boolean }): ApiError {
    const { sent, requestId, cancelled, late } = state;
    const known = { maybeBilled: sent, requestId, cause: error };
    if (cancelled) return new ApiError(499, 'cancelled', 'The request was cancelled.', known);
    if (late) return new ApiError(504, 'upstream_timeout', `${service} did not answer in time.`, known);
    const reply = failedReplyIn(error);
    const told = reply ? fromUpstream(reply, scrub) : error;
    if (!(told instanceof ApiError)) return fromConnectionFailure(error, service, known);
    // A list costs nothing, whatever became of it.
    const maybeBilled = sent && told.options.maybeBilled === true;
    return new ApiError(told.status, told.code, told.message, { requestId, ...told.options, maybeBilled });
  }

  async function pictureOf(signal: AbortSignal, item: unknown, deliver: ImageSize | null) {
    const { revisedPrompt, ...image } = await readImage(signal, item, line.fetch);
    return {
      ...(deliver ? await shrink(image, deliver) : image),
      ...(revisedPrompt ? { revisedPrompt: scrub(revisedPrompt) } : {}),
    };
  }

  /** Every picture that can be read: they were paid for, and one broken one does not take the others along. */
  async function picturesOf(signal: AbortSignal, items: readonly unknown[], deliver: ImageSize | null) {
    const images: ProviderOutput[] = [];
    let broken: unknown = null;
    for (const item of items) {
      try {
        images.push(await pictureOf(signal, item, deliver));
      } catch (error) {
        broken ??= error;
      }
    }
    if (images.length === 0) throw broken;
    return images;
  }

  /** Hands on unfinished pictures in their order; one too many, out of range, repeated or broken is passed over. */
  function partialsFor(signal: AbortSignal, deliver: ImageSize | null, { partials }: Progress) {
    let last = -1;
    const onPartial: Expected['onPartial'] = async (item, index) => {
      if (!partials || typeof index !== 'number' || !Number.isInteger(index)) return;
      if (index <= last || index >= partials.count) return;
      // Nothing is fetched for a preview.
      const inline = { b64_json: item['b64_json'] };
      const picture = await pictureOf(signal, inline, deliver).catch(() => null);
      if (picture === null || signal.aborted) return;
      last = index;
      partials.onPartial({ index, data: picture.data, mime: picture.mime });
    };
    return onPartial;
  }

  return {
    send: (caller, outgoing, deliver, progress) =>
      within(caller, async (signal, state) => {
        const response = await ask(signal, outgoing, () => {
          state.sent = true;
        });
        state.requestId = cleanId(response.headers.get('x-request-id'), scrub);
        const onPartial = partialsFor(signal, deliver, progress);
        const answer = await readAnswer(response, { pictures: wantedPictures(outgoing), onPartial });
        if (answer.kind === 'error')
          throw fromUpstream({ ...answer, status: null, headers: response.headers }, scrub);
        return {
          images: await picturesOf(signal, answer.items, deliver),
          usage: answer.usage,
          quality: answer.quality,
          words: null,
          requestId: state.requestId,
        };
      }),
    get: (caller, path) =>
      within(caller, async (signal): Promise<unknown> => {
        const response = await ask(signal, { path }, () => {});
        try {
          return JSON.parse(await textOf(counted(response, MAX_LIST_BYTES)));
        } catch (error) {
          throw error instanceof SyntaxError ? unusable('its answer is not valid JSON', error) : error;
        }
      }),
    close: () => line.close(),
  };
}

function wantedPictures({ body }: Outgoing): number {
  return Number((body instanceof FormData ? body.get('n') : body['n']) ?? 1);
}
