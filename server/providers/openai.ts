import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ImageUsage, TokenDetails } from '../contract.ts';
import { ApiError, redact } from '../errors.ts';
import { createLongFetch } from './longFetch.ts';
import { createModelTable, type ModelTable } from './modelTable.ts';
import type {
  EditRequest,
  ImageSize,
  Model,
  Provider,
  ProviderOutput,
  ProviderResult,
  VariationRequest,
} from './provider.ts';
import { commonFields, planSize } from './requestBody.ts';
import { toFile, uprightPng } from './sentPictures.ts';
import { readServedImage, shrink, unusable } from './servedImages.ts';
import { formatSize } from './sizes.ts';
import { cleanId, fromConnectionFailure, fromUpstream } from './upstreamErrors.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiOptions {
  /** null: a compatible service that asks for none. */
  readonly apiKey: string | null;
  readonly baseUrl: string;
  readonly defaultModel: string;
  /** For a whole request, its body included. */
  readonly timeoutMs: number;
  /** Left out: what is published. */
  readonly table?: ModelTable;
}

export interface OpenAiProvider extends Provider {
  /** `GET /models`, parsed: what the service says it has. */
  listModels(signal: AbortSignal): Promise<unknown>;
}

/** The variations endpoint has ended; an edit of the whole picture with these words takes its place. */
const VARIATION_PROMPT =
  'Make a new variation of this picture. Keep its subject, style, colours and framing; vary pose, details and arrangement.';

/** OpenAI itself or a service that speaks its language. Every request is sent once: a repeat could be billed again. */
export function createOpenAiProvider(options: OpenAiOptions): OpenAiProvider {
  const { apiKey, baseUrl, defaultModel, timeoutMs, table = createModelTable() } = options;
  const { hostname } = new URL(baseUrl);
  const isOpenAi = new URL(baseUrl).hostname === new URL(OPENAI_URL).hostname;
  const line = createLongFetch(timeoutMs);
  const client = new OpenAI({
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    fetch: line.fetch,
    logLevel: 'off',
  });
  const scrub = (text: string) => redact(apiKey === null ? text : text.replaceAll(apiKey, '[redacted]'));

  /** Runs one call of the SDK and turns its reply, or its failure, into ours. */
  async function call(
    signal: AbortSignal,
    deliver: ImageSize | null,
    send: () => Promise<(OpenAI.ImagesResponse & { readonly _request_id?: string | null }) | null>,
  ): Promise<ProviderResult> {
    try {
      const reply = await send();
      if (!Array.isArray(reply?.data) || reply.data.length === 0)
        throw unusable('its answer holds no picture');
      const images: ProviderOutput[] = [];
      let broken: unknown = null;
      for (const item of reply.data) {
        try {
          const image = await readServedImage(signal, item, { baseUrl, fetch: line.fetch });
          const { revisedPrompt } = image;
          images.push({
            ...(deliver ? await shrink(image, deliver) : image),
            ...(revisedPrompt ? { revisedPrompt: scrub(revisedPrompt) } : {}),
          });
        } catch (error) {
          broken ??= error;
        }
      }
      // The others were paid for: one broken picture does not take them along.
      if (images.length === 0 || signal.aborted) throw broken;
      return {
        images,
        usage: readUsage(reply.usage),
        quality: typeof reply.quality === 'string' ? reply.quality : null,
        words: null,
        requestId: cleanId(reply._request_id, scrub),
      };
    } catch (error) {
      throw toApiError(signal, error);
    }
  }

  function toApiError(signal: AbortSignal, error: unknown): unknown {
    if (error instanceof ApiError) return error;
    if (signal.aborted || error instanceof APIUserAbortError)
      return new ApiError(499, 'cancelled', 'The request was cancelled.', { maybeBilled: true });
    const service = isOpenAi ? 'OpenAI' : hostname;
    if (error instanceof APIError && !(error instanceof APIConnectionError) && error.status !== undefined) {
      const body: unknown = error.error ?? error.message.replace(/^\d{3} /, '');
      return fromUpstream({ status: error.status, body, headers: error.headers ?? new Headers() }, scrub);
    }
    if (error instanceof SyntaxError) return unusable('its answer is not valid JSON', error);
    return fromConnectionFailure(error, service, error instanceof APIConnectionTimeoutError);
  }

  const model = (id: string) => table.describe(id || defaultModel);

  const generate: Provider['generate'] = (signal, request) => {
    const described = model(request.model);
    const size = planSize(described, request.size, null);
    return call(signal, size.deliver, () =>
      client.images.generate(
        {
          ...commonFields(described, request, size.ask),
          prompt: request.prompt,
        },
        { signal },
      ),
    );
  };

  const edit: Provider['edit'] = async (signal, request) => {
    const described = model(request.model);
    const { images, mask, markup } = request;
    const size = planSize(described, request.size, images[0]);
    const sent = mask || markup ? [await uprightPng(images[0]), ...images.slice(1)] : images;
    const files = sent.map((image, i) => toFile(image, `image${i}`));
    return call(signal, size.deliver, () =>
      client.images.edit(
        {
          ...commonFields(described, request, size.ask),
          image: files.length === 1 && files[0] ? files[0] : files,
          ...(mask ? { mask: toFile(mask, 'mask') } : {}),
          ...(markup ? { markup: toFile(markup, 'markup') } : {}),
          prompt: request.prompt,
        },
        { signal },
      ),
    );
  };

  return {
    capabilities: () => ({
      service: {
        id: 'openai',
        kind: 'openai',
        host: isOpenAi ? null : hostname,
        profile: null,
        mask: isOpenAi ? 'guidance' : 'unknown',
        probe: null,
      },
      defaultModel,
      models: offeredModels(defaultModel, isOpenAi, table),
    }),
    generate,
    edit,
    vary: (signal, request, progress) => {
      const described = model(request.model);
      return described.nativeVariations
        ? varyNatively(signal, described, request)
        : edit(signal, asEdit(request), progress);
    },
    listModels: (signal) => client.get('/models', { signal }),
    close: () => line.close(),
  };

  function varyNatively(signal: AbortSignal, described: Model, request: VariationRequest) {
    const size = planSize(described, request.size, request.image);
    return call(signal, size.deliver, () =>
      client.images.createVariation(
        {
          image: toFile(request.image, 'image'),
          model: described.id,
          n: request.n,
          // The SDK's type knows the sizes of the original service only.
          size: formatSize(size.ask) as '1024x1024',
          response_format: 'b64_json',
          ...(request.user ? { user: request.user } : {}),
        },
        { signal },
      ),
    );
  }
}

/** All of OpenAI's models at OpenAI; of a compatible service those that are configured, and no price but a configured one. */
function offeredModels(defaultModel: string, isOpenAi: boolean, table: ModelTable): Model[] {
  const all = table.models('openai', isOpenAi);
  const own = all.find(({ id }) => id === defaultModel);
  const described = { ...table.describe(defaultModel), ...(isOpenAi ? {} : { pricing: null }) };
  return [own ?? described, ...all.filter(({ id }) => id !== defaultModel)];
}

function asEdit(request: VariationRequest): EditRequest {
  const { image, ...options } = request;
  return { ...options, images: [image], mask: null, markup: null, prompt: VARIATION_PROMPT };
}

function readUsage(usage: OpenAI.ImagesResponse.Usage | undefined): ImageUsage | null {
  if (!usage || typeof usage.total_tokens !== 'number') return null;
  const { input_tokens, output_tokens, total_tokens } = usage;
  const input = readDetails(usage.input_tokens_details);
  const output = readDetails(usage.output_tokens_details);
  return {
    input_tokens,
    output_tokens,
    total_tokens,
    ...(input ? { input_tokens_details: input } : {}),
    ...(output ? { output_tokens_details: output } : {}),
  };
}

/** Compatible services send all sorts of things under these names. */
function readDetails(details: Partial<Record<keyof TokenDetails, unknown>> | undefined): TokenDetails | null {
  const text = details?.text_tokens;
  const image = details?.image_tokens;
  const told = {
    ...(typeof text === 'number' ? { text_tokens: text } : {}),
    ...(typeof image === 'number' ? { image_tokens: image } : {}),
  };
  return Object.keys(told).length > 0 ? told : null;
}
