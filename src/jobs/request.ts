import { type CropPlan, planCrop } from '../blend/cropPlan.ts';
import { fixedSizes, isLegal, type Size } from '../blend/size.ts';
import type { Document } from '../editor/document.ts';
import type { Ask, AskMode } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { maskBounds } from '../raster/measure.ts';
import { RefusedAsk } from './errors.ts';
import type { ModelTraits, RequestFields, ServiceTraits } from './ports.ts';

/** What a job froze when it was started. */
export interface Frozen {
  readonly ask: Ask;
  readonly document: Document | null;
  readonly seed: number;
}

/** One request of an edit. */
export interface EditPart {
  readonly plan: CropPlan;
  readonly fields: RequestFields;
  /** The part of what is asked that this request answers, document px; the rest is left to the others. */
  readonly within: PixelRect;
}

export type Request =
  | { readonly mode: 'generate'; readonly fields: RequestFields; readonly prompt: string }
  | {
      readonly mode: 'edit';
      readonly prompt: string;
      readonly document: Document;
      /** False: nothing is erased or empty, so the whole picture is edited, without a mask. */
      readonly masked: boolean;
      /** Sent px by which the mask is grown. */
      readonly maskGrow: number;
      readonly parts: readonly EditPart[];
    }
  | {
      readonly mode: 'variations';
      readonly fields: RequestFields;
      readonly document: Document;
      readonly plan: CropPlan;
    };

const endpointOf = {
  edit: 'edits',
  generate: 'generations',
  variations: 'variations',
} as const satisfies Record<AskMode, string>;

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

function fieldsFor({ ask, seed }: Frozen, model: ModelTraits, size: Size): RequestFields {
  const quality = model.qualities.find((candidate) => candidate === ask.quality);
  return {
    model: model.id,
    n: Math.min(ask.count, model.maxResults),
    size: textOf(size),
    ...(quality ? { quality } : {}),
    ...(model.seed ? { seed } : {}),
    ...(model.responseFormat ? { response_format: 'b64_json' } : {}),
  };
}

/**
 * What is asked of the service, before any pixel is touched. Throws `RefusedAsk` with the code that the server
 * would answer with, or 'no_document'.
 */
export function requestFor(frozen: Frozen, capabilities: ServiceTraits): Request {
  const { ask, document } = frozen;
  const model = modelFor(ask, capabilities);
  if (ask.mode === 'generate') {
    const prompt = promptFor(ask, model);
    return {
      mode: 'generate',
      prompt,
      fields: fieldsFor(frozen, model, generateSize(model, sizeOf(ask.size))),
    };
  }
  if (!document) throw new RefusedAsk('no_document', 'No picture is open.');
  const { frame } = document;
  if (ask.mode === 'variations') {
    const wanted = sizeOf(ask.size);
    const plan = planCrop({ frame, maskBounds: null, sizes: model.sizes, ...(wanted && { wanted }) });
    return { mode: 'variations', document, plan, fields: fieldsFor(frozen, model, plan.sent) };
  }
  const prompt = promptFor(ask, model);
  const bounds = maskBounds(document.mask);
  const plan = planCrop({ frame, maskBounds: bounds, sizes: model.sizes });
  const part = { plan, within: plan.rect, fields: fieldsFor(frozen, model, plan.sent) };
  return { mode: 'edit', prompt, document, masked: bounds !== null, maskGrow: model.maskGrow, parts: [part] };
}
