import type { Endpoint, MaskUse, ProbeReport } from '../contract.ts';
import { createExchange } from './exchange.ts';
import { describeModel } from './models.ts';
import { createModelTable, type ModelTable } from './modelTable.ts';
import type { ProbeReports } from './probeReports.ts';
import { type EndpointProfile, PROFILES } from './profiles.ts';
import type { EditRequest, Model, Provider, VariationRequest } from './provider.ts';
import { planSize, requestFields, toForm, variationFields } from './requestBody.ts';
import { editParts, variationPart } from './sentPictures.ts';
import { readServedImage } from './servedImages.ts';
import { modelAsSeen, modelBehind, type NamedModel, profileAsSeen } from './serviceModels.ts';

const ENDPOINTS: readonly Endpoint[] = ['generations', 'edits', 'variations'];
export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiOptions {
  /** Of the service among others of this server. */
  readonly id: string;
  /** null: a compatible service that asks for none. */
  readonly apiKey: string | null;
  readonly baseUrl: string;
  readonly defaultModel: string;
  /** For a whole request, its body included. */
  readonly timeoutMs: number;
  /** Left out: OpenAI's own language. */
  readonly profile?: EndpointProfile;
  /** Models of this service alone, what is said here over whatever the table says. */
  readonly models?: readonly NamedModel[];
  /** Left out: what is published. */
  readonly table?: ModelTable;
  /** Left out: nothing was ever learned by probing. */
  readonly reports?: Pick<ProbeReports, 'of' | 'last'>;
}

export interface OpenAiProvider extends Provider {
  /** `GET /models`, parsed: what the service says it has. */
  listModels(signal: AbortSignal): Promise<unknown>;
}

/** The variations endpoint has ended; an edit of the whole picture with these words takes its place. */
const VARIATION_PROMPT =
  'Make a new variation of this picture. Keep its subject, style, colours and framing; vary pose, details and arrangement.';

/** OpenAI itself or a service that speaks its language, in the dialect that its profile describes. */
export function createOpenAiProvider(options: OpenAiOptions): OpenAiProvider {
  const { id, apiKey, baseUrl, defaultModel, timeoutMs, models = [], reports } = options;
  const { table = createModelTable(), profile: base = PROFILES.openai } = options;
  const { hostname } = new URL(baseUrl);
  const isOpenAi = hostname === new URL(OPENAI_URL).hostname;
  const headers = authHeaders(base, apiKey);
  const exchange = createExchange({
    baseUrl,
    headers,
    apiKey,
    service: isOpenAi ? 'OpenAI' : hostname,
    timeoutMs,
    readImage: (signal, item, fetch) => readServedImage(signal, item, { baseUrl, fetch, headers }),
  });

  const reportOf = (model: string): ProbeReport | null => reports?.of(id, model) ?? null;

  function describe(name: string): Model {
    const published = describeModel(name);
    // OpenAI's prices are not those of others who have a model of the same name.
    const behind = modelBehind(base, isOpenAi ? published : { ...published, pricing: null });
    const given = models.find((model) => model.id === name);
    const model = { ...table.describe(name, behind), ...given, service: id };
    return modelAsSeen(model, reportOf(name));
  }

  function offered(): Model[] {
    const ids = [defaultModel, ...models, ...table.models(id, isOpenAi)].map((model) =>
      typeof model === 'string' ? model : model.id,
    );
    return [...new Set(ids)].map(describe);
  }

  /** What decides the form of one request. */
  function asked<R extends VariationRequest | EditRequest | Parameters<Provider['generate']>[1]>(request: R) {
    const model = describe(request.model || defaultModel);
    const profile = profileAsSeen(base, reportOf(model.id));
    const source = 'images' in request ? request.images[0] : 'image' in request ? request.image : null;
    const { ask: size, deliver } = planSize(model, request.size, source);
    return { profile, model, request, size, deliver };
  }

  const address = (endpoint: keyof EndpointProfile['paths'], model: Model) => {
    const query = new URLSearchParams(base.query).toString();
    const path = base.paths[endpoint].replaceAll('{model}', encodeURIComponent(model.id));
    return query === '' ? path : `${path}?${query}`;
  };

  const edit: Provider['edit'] = async (signal, request, progress) => {
    const order = asked(request);
    const parts = await editParts(order.profile, request);
    const body = toForm(requestFields(order, progress), parts);
    const path = address('edits', order.model);
    return exchange.send(signal, { path, body }, order.deliver, progress);
  };

  return {
    capabilities: () => ({
      service: {
        id,
        kind: 'openai',
        host: isOpenAi ? null : hostname,
        profile: base === PROFILES.openai ? null : base.name,
        mask: maskUse(isOpenAi || options.profile ? base.maskUse : 'unknown', reports?.last(id) ?? null),
        probe: reports?.last(id) ?? null,
      },
      defaultModel,
      models: offered(),
    }),
    describe,
    async generate(signal, request, progress) {
      const order = asked(request);
      const body = requestFields(order, progress);
      const path = address('generations', order.model);
      return exchange.send(signal, { path, body }, order.deliver, progress);
    },
    edit,
    async vary(signal, request, progress) {
      const order = asked(request);
      if (!order.model.nativeVariations) return edit(signal, asEdit(request), progress);
      const body = toForm(variationFields(order), [await variationPart(order.profile, request.image)]);
      const path = address('variations', order.model);
      return exchange.send(signal, { path, body }, order.deliver, progress);
    },
    probing: (model) => {
      const given = models.find((one) => one.id === model);
      const all = { endpoints: ENDPOINTS, nativeVariations: true, maxPartials: 1 };
      return createOpenAiProvider({
        id,
        apiKey,
        baseUrl,
        timeoutMs,
        table,
        defaultModel: model,
        profile: { ...base, stream: 'openai', variations: 'native' },
        models: [{ ...given, ...all, id: model }],
      });
    },
    listModels: (signal) => exchange.get(signal, '/models'),
    close: () => exchange.close(),
  };
}

function authHeaders({ auth }: EndpointProfile, apiKey: string | null): Record<string, string> {
  if (apiKey === null || auth === 'none') return {};
  return auth === 'api-key' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` };
}

/** Tiny pictures do not tell a mask that is followed roughly from one that is followed closely. */
function maskUse(said: MaskUse, report: ProbeReport | null): MaskUse {
  if (report === null || report.mask === 'unknown') return said;
  return report.mask === 'honoured' && said === 'guidance' ? said : report.mask;
}

function asEdit(request: VariationRequest): EditRequest {
  const { image, ...options } = request;
  return { ...options, images: [image], mask: null, markup: null, prompt: VARIATION_PROMPT };
}
