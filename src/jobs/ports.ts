import type { BlendSettings } from '../blend/blendSettings.ts';
import type { Comparison } from '../blend/comparison.ts';
import type { CropPlan } from '../blend/cropPlan.ts';
import type { Pricing, TokenUsage } from '../blend/price.ts';
import type { Window } from '../blend/resample.ts';
import type { Size, SizeRule } from '../blend/size.ts';
import type { Changes } from '../blend/verify.ts';
import type { LayerPixels } from '../editor/layer.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import type { ResultGroup } from './job.ts';

/** What jobs needs of the codec. Images are named by their ids and stay there until they are forgotten. */
export interface ImageCodec {
  /** What is asked to change: what was painted, and what is empty with an overlap into the picture. */
  askedMask(
    signal: AbortSignal,
    painted: Mask,
    uncovered: Mask,
    frame: PixelRect,
    overlap: number,
  ): Promise<Mask>;
  /** The plan's rectangle of the flattened stack, at the sent size with its padding. */
  cropForService(signal: AbortSignal, stack: LayerStack, plan: CropPlan, asked: Mask): Promise<Blob>;
  /** What is asked, grown by `grow` sent px. */
  growForService(
    signal: AbortSignal,
    asked: Mask,
    plan: CropPlan,
    frame: PixelRect,
    grow: number,
  ): Promise<Mask>;
  /** What of a mask lies in `from`, moved and scaled to `to`. */
  scaleMask(signal: AbortSignal, mask: Mask, from: PixelRect, to: PixelRect): Promise<Mask>;
  /** A mask as a service reads it: a dual mask PNG of the sent size. */
  maskForService(signal: AbortSignal, mask: Mask, plan: CropPlan): Promise<Blob>;
  /** Takes in a picture that we have made ourselves, of the given size. */
  register(blob: Blob, size: Size): ImageRef;
  /** Takes in an answer as it is. The proxy has to be closed. */
  addPicture(
    signal: AbortSignal,
    blob: Blob,
  ): Promise<{ readonly ref: ImageRef; readonly proxy: { close(): void } }>;
  compare(
    signal: AbortSignal,
    raw: ImageRef,
    sent: ImageRef,
    asked: Mask,
    plan: CropPlan,
  ): Promise<Comparison>;
  blend(signal: AbortSignal, request: BlendRequest): Promise<LayerPixels>;
  fit(
    signal: AbortSignal,
    image: ImageRef,
    window: Window,
    size: Size,
    picture: ImageRef | null,
  ): Promise<ImageRef>;
  flatten(signal: AbortSignal, stack: LayerStack, rect: PixelRect): Promise<ImageRef>;
  /** Pixels of the frame that differ between the flattened stacks where nothing was painted. */
  countChanges(
    signal: AbortSignal,
    before: LayerStack,
    after: LayerStack,
    painted: Mask,
    blended: Mask,
  ): Promise<Changes>;
  thumbnail(signal: AbortSignal, stack: LayerStack, maxEdge: number): Promise<Blob>;
  forget(id: string): void;
}

/** A raw answer, how it is to be blended, and what it comes to lie over. */
export interface BlendRequest {
  readonly raw: ImageRef;
  readonly plan: CropPlan;
  readonly asked: Mask;
  readonly comparison: Comparison;
  readonly settings: BlendSettings;
  readonly below: LayerStack;
  /** Made before from the same answer, to be taken again where only the weights change. */
  readonly former?: { readonly image: ImageRef; readonly rect: PixelRect; readonly settings: BlendSettings };
}

/** Fields of the wire, by their own names. */
export interface RequestFields {
  readonly model: string;
  readonly n: number;
  readonly size: string;
  readonly quality?: string;
  readonly seed?: number;
  readonly response_format?: 'b64_json';
  readonly stream?: true;
  readonly partial_images?: number;
}

/** How a request is sent, and who hears of it meanwhile. */
export interface Sending {
  /** Names the request for good: under the same key it is never carried out twice. */
  readonly key: string;
  /** An unfinished picture; `k` counts from 1. */
  readonly onPartial: (picture: Blob, k: number) => void;
  /** True: the connection was lost, and the server is asked what became of the request. */
  readonly onLost: (lost: boolean) => void;
  /** Share of the request that is done, 0..1, rising; told by who knows it. */
  readonly onProgress: (share: number) => void;
}

export interface Answer {
  readonly pictures: readonly Blob[];
  /** What was billed, where the service says so. */
  readonly usage: TokenUsage | null;
  readonly words: ResultGroup['words'];
}

/** Makes pictures: our server, or the embedded engine in this browser. Rejects with errors that carry a `code`. */
export interface ImageService {
  generate(
    signal: AbortSignal,
    fields: RequestFields & { readonly prompt: string },
    sending: Sending,
  ): Promise<Answer>;
  edit(
    signal: AbortSignal,
    fields: RequestFields & { readonly prompt: string; readonly image: Blob; readonly mask?: Blob },
    sending: Sending,
  ): Promise<Answer>;
  vary(
    signal: AbortSignal,
    fields: RequestFields & { readonly image: Blob },
    sending: Sending,
  ): Promise<Answer>;
  /**
   * The answer to a request that was sent before, as before a reload; sends nothing anew. null: requests end with the
   * page, and cost nothing, so they are sent again.
   */
  readonly attach: ((signal: AbortSignal, sending: Sending) => Promise<Answer>) | null;
}

/** What of a model's capabilities decides about a request; the server's report fits. */
export interface ModelTraits {
  readonly id: string;
  /** Id of the service that has it. */
  readonly service: string;
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
  /** Unfinished pictures that a stream may show at most; null: the model does not stream. */
  readonly maxPartials: number | null;
  /** By so many sent px a mask is best grown. */
  readonly maskGrow: number;
  /** False: edits are filled from the picture alone, and need no words. */
  readonly promptedEdits: boolean;
  /** What this browser does itself; absent: nothing. */
  readonly local?: readonly ('generations' | 'edits' | 'variations')[];
  /** null: no price is known, or nobody is billed. */
  readonly pricing: Pricing | null;
}

export interface ServiceTraits {
  /** A service of kind 'embedded' bills nobody. */
  readonly services: readonly { readonly id: string; readonly kind: string }[];
  readonly defaultModel: string;
  readonly models: readonly ModelTraits[];
}
