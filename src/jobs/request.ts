import type { CropPlan } from '../blend/cropPlan.ts';
import type { Price } from '../blend/price.ts';
import { fixedSizes, isLegal, type Size } from '../blend/size.ts';
import type { Document } from '../editor/document.ts';
import type { Ask } from '../editor/session.ts';
import {
  type EditPlan,
  type PlannedPart,
  planEdit,
  planVariation,
  priceOfParts,
  priceOfRequest,
  type Wishes,
} from './editPlan.ts';
import { RefusedAsk } from './errors.ts';
import type { ModelTraits, RequestFields, ServiceTraits } from './ports.ts';
import { endpointOf, isFree } from './traits.ts';

/** What a job froze when it was started. */
export interface Frozen {
  readonly ask: Ask;
  readonly document: Document | null;
  readonly wishes: Wishes;
  readonly seed: number;
  /** Unfinished pictures are wanted also where they are billed. */
  readonly unfinished: boolean;
}

/** A request that is billed by itself. */
interface Billed {
  readonly fields: RequestFields;
  /** null: nobody is billed, or no price is known. */
  readonly price: Price | null;
}

export interface EditPart extends PlannedPart, Billed {}

export type Request =
  | ({ readonly mode: 'generate'; readonly prompt: string } & Billed)
  | {
      readonly mode: 'edit';
      readonly prompt: string;
      readonly document: Document;
      readonly plan: EditPlan;
      /** Sent px by which the mask is grown. */
      readonly maskGrow: number;
      readonly parts: readonly EditPart[];
    }
  | ({ readonly mode: 'variations'; readonly document: Document; readonly plan: CropPlan } & Billed);

const DEFAULT_SIZE: Size = { width: 1024, height: 1024 };

const textOf = ({ width, height }: Size) => `${width}x${height}`;

function sizeOf(text: string): Size | undefined {
  return fixedSizes([text])[0];
}

function modelFor(ask: Ask, capabilities: ServiceTraits): ModelTraits {
  const id = ask.model ?? capabilities.defaultModel;
  const model = capabilities.models.find((candidate) => candidate.id === id);
  if (!model) throw new RefusedAsk('model_not_found', id);
  if (!model.endpoints.includes(endpointOf[ask.mode])) throw new RefusedAsk('unsupported_endpoint', id);
  return model;
}

/** What is sent where the words of an edit are not read: the wire format wants some text, and this holds no word. */
const NO_WORDS = '.';

function promptFor(ask: Ask, model: ModelTraits): string {
  const typed = ask.prompt.trim();
  const prompt = typed || (ask.mode === 'edit' && !model.promptedEdits ? NO_WORDS : '');
  if (!prompt) throw new RefusedAsk('missing_required_parameter', 'prompt');
  if (prompt.length > model.promptMaxChars) {
    throw new RefusedAsk('prompt_too_long', `${prompt.length} > ${model.promptMaxChars}`);
  }
  return prompt;
}

/** The chosen size where the model takes it, else 1024 × 1024, else the model's largest. */
function generateSize({ sizes }: ModelTraits, wanted: Size | undefined): Size {
  if (wanted && isLegal(wanted, sizes)) return wanted;
  const largest = sizes.kind === 'fixed' ? fixedSizes(sizes.values).at(-1) : undefined;
  return largest && !isLegal(DEFAULT_SIZE, sizes) ? largest : DEFAULT_SIZE;
}

/** As many as make a difference: each takes the service some time. */
export const MOST_PARTIALS = 2;

/** Unfinished pictures to ask for; null: an answer in one piece. A stream shows one picture. */
export function partialsOf(model: ModelTraits, n: number, wanted: boolean): number | null {
  if (model.maxPartials === null || n > 1) return null;
  return wanted ? Math.min(MOST_PARTIALS, model.maxPartials) : 0;
}

/** What one request of `n` pictures holds beside its size, and what it costs. */
function billedFor(
  frozen: Frozen,
  capabilities: ServiceTraits,
  model: ModelTraits,
  n: number,
): (endpoint: 'edits' | 'generations' | 'variations', size: Size, input: Size | null) => Billed {
  const { ask, seed, unfinished } = frozen;
  const quality = model.qualities.find((candidate) => candidate === ask.quality);
  const partials = partialsOf(model, n, unfinished || isFree(capabilities, ask));
  return (endpoint, size, input) => ({
    fields: {
      model: model.id,
      n,
      size: textOf(size),
      ...(quality ? { quality } : {}),
      ...(model.seed ? { seed } : {}),
      ...(model.responseFormat ? { response_format: 'b64_json' } : {}),
      // Also without unfinished pictures: a stream is kept alive where a silent connection would be cut.
      ...(partials === null ? {} : { stream: true, partial_images: partials }),
    },
    price: priceOfRequest(endpoint, size, input, ask, model, n, partials ?? 0),
  });
}

/**
 * What is asked of the service, before any pixel is touched. Throws `RefusedAsk` with the code that the server
 * would answer with, or 'no_document'.
 */
export function requestFor(frozen: Frozen, capabilities: ServiceTraits): Request {
  const { ask, document } = frozen;
  const model = modelFor(ask, capabilities);
  const n = Math.min(ask.count, model.maxResults);
  if (ask.mode === 'generate') {
    const size = generateSize(model, sizeOf(ask.size));
    const billed = billedFor(frozen, capabilities, model, n);
    return { mode: 'generate', prompt: promptFor(ask, model), ...billed('generations', size, null) };
  }
  if (!document) throw new RefusedAsk('no_document', 'No picture is open.');
  if (ask.mode === 'variations') {
    const plan = planVariation(document, model.sizes, sizeOf(ask.size));
    const billed = billedFor(frozen, capabilities, model, n);
    return { mode: 'variations', document, plan, ...billed('variations', plan.sent, plan.sent) };
  }
  const prompt = promptFor(ask, model);
  const plan = planEdit(document, model.sizes, frozen.wishes);
  // Nobody chooses among the results of a step: the next one goes on from it.
  const billed = billedFor(frozen, capabilities, model, plan.steps.length > 1 ? 1 : n);
  const parts = plan.parts.map((part) => ({
    ...part,
    ...billed('edits', part.plan.sent, part.plan.sent),
  }));
  return { mode: 'edit', prompt, document, plan, maskGrow: model.maskGrow, parts };
}

/** What a click would send and cost, whatever the words; null without the picture that it needs. */
export interface Quote {
  /** null: not an edit. */
  readonly plan: EditPlan | null;
  /** Of all requests together. null: nobody is billed, or no price is known. */
  readonly price: Price | null;
}

export function quoteFor(
  { ask, document, wishes, unfinished }: Omit<Frozen, 'seed'>,
  model: ModelTraits,
): Quote | null {
  const n = Math.min(ask.count, model.maxResults);
  const partials = (count: number) => partialsOf(model, count, unfinished) ?? 0;
  if (ask.mode === 'generate') {
    const size = generateSize(model, sizeOf(ask.size));
    return { plan: null, price: priceOfRequest('generations', size, null, ask, model, n, partials(n)) };
  }
  if (!document) return null;
  if (ask.mode === 'variations') {
    const { sent } = planVariation(document, model.sizes, sizeOf(ask.size));
    return { plan: null, price: priceOfRequest('variations', sent, sent, ask, model, n, partials(n)) };
  }
  const plan = planEdit(document, model.sizes, wishes);
  const [parts, count] = plan.steps.length > 1 ? [plan.steps, 1] : [plan.parts, n];
  return { plan, price: priceOfParts(parts, ask, model, count, partials(count)) };
}
