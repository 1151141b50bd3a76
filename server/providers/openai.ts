import { createExchange } from './exchange.ts';
import { createModelTable, type ModelTable } from './modelTable.ts';
import type { EditRequest, Model, Progress, Provider, VariationRequest } from './provider.ts';
import { asForm, commonFields, planSize, streamFields } from './requestBody.ts';
import { toFile, uprightPng } from './sentPictures.ts';
import { readServedImage } from './servedImages.ts';
import { formatSize } from './sizes.ts';

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
  const exchange = createExchange({
    baseUrl,
    headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
    apiKey,
    service: isOpenAi ? 'OpenAI' : hostname,
    timeoutMs,
    readImage: (signal, item, fetch) => readServedImage(signal, item, { baseUrl, fetch }),
  });

  const model = (id: string) => table.describe(id || defaultModel);

  const generate: Provider['generate'] = (signal, request, progress) => {
    const described = model(request.model);
    const size = planSize(described, request.size, null);
    const body = {
      ...commonFields(described, request, size.ask),
      ...streamFields(described, request, progress),
      prompt: request.prompt,
    };
    return exchange.send(signal, { path: '/images/generations', body }, size.deliver, progress);
  };

  const edit: Provider['edit'] = async (signal, request, progress) => {
    const described = model(request.model);
    const { images, mask, markup } = request;
    const size = planSize(described, request.size, images[0]);
    const sent = mask || markup ? [await uprightPng(images[0]), ...images.slice(1)] : images;
    const fields = {
      ...commonFields(described, request, size.ask),
      ...streamFields(described, request, progress),
      prompt: request.prompt,
    };
    const body = asForm(fields, {
      image: sent.map((image, i) => toFile(image, `image${i}`)),
      mask: mask ? [toFile(mask, 'mask')] : [],
      markup: markup ? [toFile(markup, 'markup')] : [],
    });
    return exchange.send(signal, { path: '/images/edits', body }, size.deliver, progress);
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
        ? varyNatively(signal, described, request, progress)
        : edit(signal, asEdit(request), progress);
    },
    listModels: (signal) => exchange.get(signal, '/models'),
    close: () => exchange.close(),
  };

  function varyNatively(
    signal: AbortSignal,
    described: Model,
    request: VariationRequest,
    progress: Progress,
  ) {
    const size = planSize(described, request.size, request.image);
    const fields = {
      model: described.id,
      n: request.n,
      size: formatSize(size.ask),
      response_format: 'b64_json',
      ...(request.user ? { user: request.user } : {}),
    };
    const body = asForm(fields, { image: [toFile(request.image, 'image')] });
    return exchange.send(signal, { path: '/images/variations', body }, size.deliver, progress);
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
