import type { Endpoint, Quality, SizeRule } from '../contract.ts';
import { FIXED, FLAT, GRID } from './prices.ts';
import type { Model } from './provider.ts';

/** What OpenAI publishes of its image models, as of November 2026. */

const MB = 1024 * 1024;
const FREE: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  // Above 2560 × 1440 the service calls its sizes experimental.
  wholeUpTo: 3_686_400,
};
const THREE_SIZES: SizeRule = { kind: 'fixed', values: ['1024x1024', '1536x1024', '1024x1536'] };
const FOUR_STEPS: readonly Quality[] = ['auto', 'low', 'medium', 'high'];
const SIX_STEPS: readonly Quality[] = ['auto', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Its status follows from the day on which the service ends it and today's date. */
type Row = Omit<Model, 'status'>;

/** What this server offers; a model that edits varies too. */
const ALL: readonly Endpoint[] = ['generations', 'edits', 'variations'];
const NO_SETTINGS = { background: [], moderation: [], style: [], input_fidelity: [], complexity: [] };
/** Of what the server asks under its plain address; other services put their own id here. */
const service = 'openai';
const GPT_SETTINGS = {
  ...NO_SETTINGS,
  background: ['auto', 'transparent', 'opaque'],
  moderation: ['auto', 'low'],
};
const LOW_OR_HIGH = { settings: { ...GPT_SETTINGS, input_fidelity: ['low', 'high'] } };
const COMPLEX = { settings: { ...GPT_SETTINGS, complexity: ['low', 'medium', 'high'] }, markup: true };
const LOW_ONLY = { settings: { ...GPT_SETTINGS, input_fidelity: ['low'] } };

const gptImage = (model: Pick<Row, 'id' | 'sizes' | 'qualities' | 'pricing'> & Partial<Row>): Row => ({
  service,
  shutdown: null,
  endpoints: ALL,
  nativeVariations: false,
  settings: GPT_SETTINGS,
  // A quality left to the service can cost many times more, so one is always named. The steps were renamed with 2.5:
  // its `high` takes the tokens of the `medium` before it.
  defaultQuality: model.qualities.includes('xhigh') ? 'high' : 'medium',
  maxResults: 10,
  promptMaxChars: 32_000,
  input: { maxBytes: 50 * MB, square: false },
  outputFormats: ['png', 'jpeg', 'webp'],
  responseFormat: false,
  maskGrow: 4,
  promptedEdits: true,
  markup: false,
  maxPartials: 3,
  seed: false,
  ...model,
});

const dallE = (
  id: string,
  sizes: readonly string[],
  rest: Pick<
    Row,
    | 'endpoints'
    | 'nativeVariations'
    | 'qualities'
    | 'maxResults'
    | 'promptMaxChars'
    | 'input'
    | 'settings'
    | 'pricing'
  >,
): Row => ({
  id,
  service,
  shutdown: '2026-05-12',
  sizes: { kind: 'fixed', values: sizes },
  defaultQuality: null,
  outputFormats: ['png'],
  responseFormat: true,
  maskGrow: 4,
  promptedEdits: true,
  markup: false,
  maxPartials: null,
  seed: false,
  ...rest,
});

const DECEMBER = { shutdown: '2026-12-01' };

const MODELS: readonly Row[] = [
  gptImage({
    id: 'gpt-image-2.6-sunburst',
    sizes: FREE,
    qualities: SIX_STEPS,
    pricing: GRID['2.6'],
    ...COMPLEX,
  }),
  gptImage({
    id: 'gpt-image-2.6-flare',
    sizes: FREE,
    qualities: SIX_STEPS,
    pricing: GRID['2.6'],
    ...COMPLEX,
  }),
  gptImage({
    id: 'gpt-image-2.5-sunburst',
    sizes: FREE,
    qualities: SIX_STEPS,
    pricing: GRID['2.5'],
    markup: true,
  }),
  gptImage({
    id: 'gpt-image-2.5-flare',
    sizes: FREE,
    qualities: SIX_STEPS,
    pricing: GRID['2.5'],
    markup: true,
  }),
  gptImage({ id: 'gpt-image-2', sizes: FREE, qualities: FOUR_STEPS, pricing: GRID['2'] }),
  gptImage({
    id: 'gpt-image-1.5',
    sizes: THREE_SIZES,
    qualities: FOUR_STEPS,
    pricing: FIXED['1.5'],
    ...LOW_OR_HIGH,
    ...DECEMBER,
  }),
  gptImage({
    id: 'chatgpt-image-latest',
    sizes: THREE_SIZES,
    qualities: FOUR_STEPS,
    pricing: FIXED['1.5'],
    ...DECEMBER,
  }),
  gptImage({
    id: 'gpt-image-1-mini',
    sizes: THREE_SIZES,
    qualities: FOUR_STEPS,
    pricing: FIXED['1-mini'],
    ...LOW_ONLY,
    ...DECEMBER,
  }),
  gptImage({
    id: 'gpt-image-1',
    sizes: THREE_SIZES,
    qualities: FOUR_STEPS,
    pricing: FIXED['1'],
    ...LOW_OR_HIGH,
    shutdown: '2026-10-23',
  }),
  dallE('dall-e-3', ['1024x1024', '1792x1024', '1024x1792'], {
    endpoints: ['generations'],
    nativeVariations: false,
    qualities: ['standard', 'hd'],
    maxResults: 1,
    promptMaxChars: 4000,
    input: null,
    settings: { ...NO_SETTINGS, style: ['vivid', 'natural'] },
    pricing: FLAT['dall-e-3'],
  }),
  dallE('dall-e-2', ['256x256', '512x512', '1024x1024'], {
    endpoints: ALL,
    nativeVariations: true,
    qualities: ['standard'],
    maxResults: 10,
    promptMaxChars: 1000,
    // "Less than 4 MB".
    input: { maxBytes: 4 * MB - 1, square: true, formats: ['png'] },
    settings: NO_SETTINGS,
    pricing: FLAT['dall-e-2'],
  }),
];

export const DEFAULT_MODEL = 'gpt-image-2.6-sunburst';

export const openaiModels = (today = new Date()): Model[] =>
  MODELS.map((model) => ({ ...model, status: statusOn(model.shutdown, today) }));

export function statusOn(shutdown: string | null, today = new Date()): Model['status'] {
  if (shutdown === null) return 'active';
  return today.toISOString().slice(0, 10) < shutdown ? 'retiring' : 'retired';
}

/** Dated snapshots ("gpt-image-2.5-flare-2026-09-08") are as their model. */
export function findModel(models: readonly Model[], id: string): Model | null {
  const base = id.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const found = models.find((model) => model.id === id) ?? models.find((model) => model.id === base);
  return found ? { ...found, id } : null;
}

/** What to assume of a model: the table's word, the newest family for an unknown GPT image model, else hardly anything. */
export function describeModel(id: string): Model {
  const known = findModel(openaiModels(), id);
  if (known) return known;
  if (id.startsWith('gpt-image-'))
    return {
      ...gptImage({ id, sizes: FREE, qualities: FOUR_STEPS, settings: null, pricing: null }),
      status: 'unknown',
    };
  return {
    id,
    service,
    status: 'unknown',
    shutdown: null,
    endpoints: ALL,
    nativeVariations: false,
    settings: null,
    sizes: {
      kind: 'free',
      step: 8,
      minPixels: 64 * 64,
      maxPixels: 16_777_216,
      maxEdge: 8192,
      maxRatio: 8,
      wholeUpTo: 2_097_152,
    },
    qualities: ['auto', 'low', 'medium', 'high', 'standard', 'hd'],
    defaultQuality: null,
    maxResults: 10,
    promptMaxChars: 32_000,
    input: { maxBytes: 50 * MB, square: false },
    outputFormats: ['png', 'jpeg', 'webp'],
    responseFormat: true,
    maskGrow: 4,
    promptedEdits: true,
    markup: false,
    maxPartials: null,
    seed: false,
    pricing: null,
  };
}
