import type {
  ImageUsage,
  ModelCapabilities,
  OutputFormat,
  Quality,
  ReplyNotice,
  ServiceCapabilities,
} from '../contract.ts';

export type ImageMime = 'image/png' | 'image/jpeg' | 'image/webp';
export type Background = 'auto' | 'transparent' | 'opaque';

/** An encoded picture, checked at the edge: the magic bytes are those of `mime` and the header was read. */
export interface ProviderImage {
  readonly data: Uint8Array;
  readonly mime: ImageMime;
  /** Pixels, upright: EXIF orientations 5 to 8 are already counted as swapped. The bytes are as they came. */
  readonly width: number;
  readonly height: number;
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Fields that only some models take, by their names on the wire; present when the client sent them. */
export interface Settings {
  readonly background?: Background;
  readonly moderation?: 'auto' | 'low';
  readonly style?: string;
  readonly input_fidelity?: 'low' | 'high';
  readonly complexity?: string;
}

/** A model as the server knows it: what the browser is told, and what only decides how the service is asked. */
export interface Model extends ModelCapabilities {
  /** False: the service itself has no variations, and an edit takes their place. */
  readonly nativeVariations: boolean;
}

interface OutputOptions {
  /** Empty: the provider's default model. */
  readonly model: string;
  /** 1 to 10. */
  readonly n: number;
  /** null: the provider chooses (an edit and a variation keep the size of the picture). */
  readonly size: ImageSize | null;
  /** null: the provider chooses and says so to its service explicitly. */
  readonly quality: Quality | null;
  /** What the model takes of them was checked at the edge. */
  readonly settings: Settings;
  /** Unsigned 32 bits; the same request with the same seed gives the same pictures where `seed` is a capability. */
  readonly seed: number | null;
  readonly format: OutputFormat;
  /** 0 to 100, for JPEG and WebP; null: the provider's default. */
  readonly compression: number | null;
  /** The caller's own label of its end user, passed on as it came. */
  readonly user: string | null;
}

export interface GenerateRequest extends OutputOptions {
  readonly prompt: string;
}

export interface EditRequest extends GenerateRequest {
  /** At least one; the first is the one that is edited, the others are references. */
  readonly images: readonly [ProviderImage, ...ProviderImage[]];
  /**
   * A PNG with an alpha channel of the upright size of the first image, at least one pixel of it fully transparent:
   * alpha 0 = edit. null: the whole picture may change. The picture's own transparency has become a mask already.
   */
  readonly mask: ProviderImage | null;
  /** A PNG of notes drawn over the first image, of its upright size, partly transparent; never beside a mask. */
  readonly markup: ProviderImage | null;
}

export interface VariationRequest extends OutputOptions {
  readonly image: ProviderImage;
}

export interface ProviderOutput {
  readonly data: Uint8Array;
  readonly mime: ImageMime;
  readonly revisedPrompt?: string;
}

export interface ProviderResult {
  readonly images: readonly ProviderOutput[];
  readonly usage: ImageUsage | null;
  /** The quality that was really used, where the service says it. */
  readonly quality: string | null;
  /** Embedded engine only: words of the prompt that made the picture, and those that it could not use. */
  readonly words: { readonly used: readonly string[]; readonly ignored: readonly string[] } | null;
  /** Embedded engine only, where there is something to say. */
  readonly notices?: readonly ReplyNotice[];
  /** The service's own id of this request, for questions to its support. */
  readonly requestId: string | null;
}

/** An unfinished picture of a stream. */
export interface PartialPicture {
  /** From 0, rising. */
  readonly index: number;
  readonly data: Uint8Array;
  readonly mime: ImageMime;
}

/** What whoever asks wants to hear while a request runs. */
export interface Progress {
  /** null: no stream was asked for. Otherwise at most `count` unfinished pictures are wanted, 0 among the answers. */
  readonly partials: { readonly count: number; readonly onPartial: (partial: PartialPicture) => void } | null;
}

/** What a provider is and can do. */
export interface Engine {
  readonly service: ServiceCapabilities;
  readonly defaultModel: string;
  readonly models: readonly Model[];
}

/**
 * An image service. Failures are `ApiError` (server/errors.ts); an aborted signal rejects promptly with
 * `signal.reason` or with an `ApiError` of code `cancelled`. Calls may run at the same time.
 */
export interface Provider {
  capabilities(): Engine;
  /** What it assumes of a model that is not among its own; left out: what is published. */
  describe?(id: string): Model;
  /** The same service as if nothing were known of it, so that all is asked for; left out: there is nothing to learn. */
  probing?(model: string): Provider;
  generate(signal: AbortSignal, request: GenerateRequest, progress: Progress): Promise<ProviderResult>;
  edit(signal: AbortSignal, request: EditRequest, progress: Progress): Promise<ProviderResult>;
  vary(signal: AbortSignal, request: VariationRequest, progress: Progress): Promise<ProviderResult>;
  /** Frees workers and sockets; running calls reject. */
  close(): Promise<void>;
}
