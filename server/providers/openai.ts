import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import sharp from 'sharp';
import type { ImageUsage, ModelCapabilities, Quality } from '../contract.ts';
import { ApiError, redact } from '../errors.ts';
import { createLongFetch } from './longFetch.ts';
import { defaultQuality, describeModel, openaiModels } from './models.ts';
import type {
  EditRequest,
  GenerateRequest,
  ImageSize,
  Provider,
  ProviderImage,
  ProviderOutput,
  ProviderResult,
  VariationRequest,
} from './provider.ts';
import { readServedImage, unusable } from './servedImages.ts';
import { formatSize, nearestSize, sizeProblem } from './sizes.ts';
import { cleanId, fromConnectionFailure, fromUpstream } from './upstreamErrors.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiOptions {
  /** null: a compatible service that asks for none. */
  readonly apiKey: string | null;
  readonly baseUrl: string;
  readonly defaultModel: string;
  /** For a whole request, its body included. */
  readonly timeoutMs: number;
}

/** The variations endpoint has ended; an edit of the whole picture with these words takes its place. */
const VARIATION_PROMPT =
  'Make a new variation of this picture. Keep its subject, style, colours and framing; vary pose, details and arrangement.';

/** OpenAI itself or a service that speaks its language. Every request is sent once: a repeat could be billed again. */
export function createOpenAiProvider(options: OpenAiOptions): Provider {
  const { apiKey, baseUrl, defaultModel, timeoutMs } = options;
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
    send: () => Promise<OpenAI.ImagesResponse & { readonly _request_id?: string | null }>,
  ): Promise<ProviderResult> {
    try {
      const reply = await send();
      if (!Array.isArray(reply.data) || reply.data.length === 0)
        throw unusable('its answer holds no picture');
      const images: ProviderOutput[] = [];
      for (const item of reply.data) {
        const image = await readServedImage(signal, item, { baseUrl, fetch: line.fetch });
        const { revisedPrompt } = image;
        images.push({
          ...(deliver ? await shrink(image, deliver) : image),
          ...(revisedPrompt ? { revisedPrompt: scrub(revisedPrompt) } : {}),
        });
      }
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
    return fromConnectionFailure(error, service, error instanceof APIConnectionTimeoutError);
  }

  const model = (id: string) => describeModel(id || defaultModel);

  const generate: Provider['generate'] = (signal, request) => {
    const described = model(request.model);
    const size = planSize(described, request.size, null);
    return call(signal, size.deliver, () =>
      client.images.generate(
        {
          ...common(described, request, size.ask),
          prompt: request.prompt,
          ...(request.moderation && !described.responseFormat ? { moderation: request.moderation } : {}),
          stream: false,
        },
        { signal },
      ),
    );
  };

  const edit: Provider['edit'] = async (signal, request) => {
    const described = model(request.model);
    const { images, mask } = request;
    const size = planSize(described, request.size, images[0]);
    const sent = mask ? [await uprightPng(images[0]), ...images.slice(1)] : images;
    const files = sent.map((image, i) => toFile(image, `image${i}`));
    return call(signal, size.deliver, () =>
      client.images.edit(
        {
          ...common(described, request, size.ask),
          image: files.length === 1 && files[0] ? files[0] : files,
          ...(mask ? { mask: toFile(mask, 'mask') } : {}),
          prompt: request.prompt,
          stream: false,
        },
        { signal },
      ),
    );
  };

  return {
    name: 'openai',
    capabilities: () => ({
      provider: 'openai',
      service: isOpenAi ? null : hostname,
      defaultModel,
      models: offeredModels(defaultModel, isOpenAi),
    }),
    generate,
    edit,
    vary: (signal, request) => {
      const described = model(request.model);
      return described.endpoints.includes('variations')
        ? varyNatively(signal, described, request)
        : edit(signal, asEdit(request));
    },
    close: () => line.close(),
  };

  function varyNatively(signal: AbortSignal, described: ModelCapabilities, request: VariationRequest) {
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

/** All of OpenAI's models at OpenAI; of a compatible service only the configured one is known. */
function offeredModels(defaultModel: string, isOpenAi: boolean): ModelCapabilities[] {
  const own = describeModel(defaultModel);
  return isOpenAi ? [own, ...openaiModels().filter((model) => model.id !== defaultModel)] : [own];
}

/** Size and quality are always sent: left to the service they may change the shape and multiply the price. */
function common(model: ModelCapabilities, request: GenerateRequest, size: ImageSize) {
  const gptImage = !model.responseFormat;
  const quality = request.quality ?? defaultQuality(model);
  return {
    model: model.id,
    n: request.n,
    size: formatSize(size),
    // Which words an endpoint takes is checked against the model's capabilities; the SDK's types differ per endpoint.
    ...(quality ? { quality: quality as Exclude<Quality, 'hd'> } : {}),
    ...(gptImage ? {} : { response_format: 'b64_json' as const }),
    ...(gptImage || request.format !== 'png' ? { output_format: request.format } : {}),
    ...(request.compression === null ? {} : { output_compression: request.compression }),
    ...(request.background ? { background: request.background } : {}),
    ...(model.seed && request.seed !== null ? { seed: request.seed } : {}),
    ...(request.user ? { user: request.user } : {}),
  };
}

/**
 * The size to ask for, and the one to shrink the answer to where they differ: clients of 2023 ask for 256x256 and
 * 512x512, which no current model makes.
 */
function planSize(model: ModelCapabilities, wanted: ImageSize | null, source: ProviderImage | null) {
  const SQUARE = { width: 1024, height: 1024 };
  if (wanted === null) return { ask: nearestSize(model.sizes, source ?? SQUARE), deliver: null };
  if (sizeProblem(model.sizes, wanted) === null) return { ask: wanted, deliver: null };
  return { ask: nearestSize(model.sizes, wanted), deliver: wanted };
}

async function shrink(image: ProviderOutput, size: ImageSize): Promise<ProviderOutput> {
  const data = await sharp(image.data).resize(size.width, size.height, { fit: 'fill' }).toBuffer();
  return { ...image, data };
}

function asEdit(request: VariationRequest): EditRequest {
  const { image, ...options } = request;
  return {
    ...options,
    images: [image],
    mask: null,
    prompt: VARIATION_PROMPT,
    quality: null,
    background: null,
    moderation: null,
  };
}

/** A picture and its mask have to be of one format, and not every service turns a JPEG as its EXIF says. */
async function uprightPng(image: ProviderImage): Promise<ProviderImage> {
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

/** Services refuse a part whose type or name does not say PNG, JPEG or WebP. */
function toFile(image: ProviderImage, name: string): File {
  const extension = image.mime.slice('image/'.length);
  return new File([image.data as Uint8Array<ArrayBuffer>], `${name}.${extension}`, { type: image.mime });
}

function readUsage(usage: OpenAI.ImagesResponse.Usage | undefined): ImageUsage | null {
  if (!usage || typeof usage.total_tokens !== 'number') return null;
  const { input_tokens, output_tokens, total_tokens } = usage;
  return { input_tokens, output_tokens, total_tokens };
}
