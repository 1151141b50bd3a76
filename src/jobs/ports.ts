import type { CropPlan } from '../blend/cropPlan.ts';
import type { Pricing } from '../blend/price.ts';
import type { SizeRule } from '../blend/size.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import type { ResultGroup } from './job.ts';

/** What jobs needs of the codec. Images are named by their ids and stay there until they are forgotten. */
export interface ImageCodec {
  /** The plan's rectangle of the flattened stack, at the sent size with its padding. */
  cropForService(signal: AbortSignal, stack: LayerStack, plan: CropPlan): Promise<Blob>;
  /** The painted mask as a service reads it: a dual mask PNG of the sent size. */
  maskForService(signal: AbortSignal, mask: Mask, plan: CropPlan): Promise<Blob>;
  /** Takes in an answer, without its padding, as pixels of `plan.rect` in the resolution and colours of `picture`. */
  addResult(signal: AbortSignal, blob: Blob, plan: CropPlan, picture: ImageRef): Promise<ImageRef>;
  /** Takes in an answer as it is. The proxy has to be closed. */
  addPicture(
    signal: AbortSignal,
    blob: Blob,
  ): Promise<{ readonly ref: ImageRef; readonly proxy: { close(): void } }>;
  /** Blend weights that never reach beyond coverage > 0. */
  blendMask(signal: AbortSignal, mask: Mask, frame: PixelRect): Promise<Mask>;
  /** Pixels of the frame that differ between the flattened stacks where `mask` is 0. */
  countChanged(signal: AbortSignal, before: LayerStack, after: LayerStack, mask: Mask): Promise<number>;
  thumbnail(signal: AbortSignal, stack: LayerStack, maxEdge: number): Promise<Blob>;
  forget(id: string): void;
}

/** Fields of the wire, by their own names. */
export interface RequestFields {
  readonly model: string;
  readonly n: number;
  readonly size: string;
  readonly quality?: string;
  readonly seed?: number;
  readonly response_format?: 'b64_json';
}

export interface Answer {
  readonly pictures: readonly Blob[];
  readonly words: ResultGroup['words'];
}

/** The image service behind our server. Rejects with errors that carry a `code`. */
export interface ImageService {
  generate(signal: AbortSignal, fields: RequestFields & { readonly prompt: string }): Promise<Answer>;
  edit(
    signal: AbortSignal,
    fields: RequestFields & { readonly prompt: string; readonly image: Blob; readonly mask?: Blob },
  ): Promise<Answer>;
  vary(signal: AbortSignal, fields: RequestFields & { readonly image: Blob }): Promise<Answer>;
}

/** What of a model's capabilities decides about a request; the server's report fits. */
export interface ModelTraits {
  readonly id: string;
  readonly endpoints: readonly ('generations' | 'edits' | 'variations')[];
  readonly sizes: SizeRule;
  readonly qualities: readonly string[];
  /** What the server names when no quality is chosen; null: it names none. */
  readonly defaultQuality: string | null;
  readonly maxResults: number;
  readonly promptMaxChars: number;
  /** True: `response_format` may be sent. */
  readonly responseFormat: boolean;
  readonly seed: boolean;
  /** False: edits are filled from the picture alone, and need no words. */
  readonly promptedEdits: boolean;
  /** null: no price is known, or nobody is billed. */
  readonly pricing: Pricing | null;
}

export interface ServiceTraits {
  /** 'embedded' bills nobody. */
  readonly provider: string;
  readonly defaultModel: string;
  readonly models: readonly ModelTraits[];
}
