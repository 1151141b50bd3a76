/**
 * What the browser and the server say to each other: OpenAI's Images wire format, plus our capability report.
 * Imports nothing, so that both sides can import it.
 */

export type Endpoint = 'generations' | 'edits' | 'variations';
export type Quality = 'auto' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | 'standard' | 'hd';
export type OutputFormat = 'png' | 'jpeg' | 'webp';

/** Which sizes ("WIDTHxHEIGHT") a model takes. Pixels and edges are in device-independent image pixels. */
export type SizeRule =
  | { readonly kind: 'fixed'; readonly values: readonly string[] }
  | {
      readonly kind: 'free';
      /** Both edges are multiples of this. */
      readonly step: number;
      readonly minPixels: number;
      readonly maxPixels: number;
      readonly maxEdge: number;
      /** Long edge over short edge, at most. */
      readonly maxRatio: number;
      /** A masked picture of more pixels is better sent as the mask with its surroundings. */
      readonly wholeUpTo: number;
    };

/** USD per million tokens. */
export interface TokenRates {
  readonly textIn: number;
  readonly imageIn: number;
  readonly imageOut: number;
  readonly textOut: number;
}

/** Figures by quality, cheapest first, then by size ("WIDTHxHEIGHT"). */
export type PriceTable = Partial<Readonly<Record<Quality, Readonly<Record<string, number>>>>>;

/** What a model costs, as data; `src/blend/price.ts` does the sums. */
export interface Pricing {
  /** ISO date of these prices. */
  readonly asOf: string;
  /** True: measured or concluded by others, not published by the service. */
  readonly estimate: boolean;
  /** null: nothing is billed by tokens. */
  readonly rates: TokenRates | null;
  /** One made picture. */
  readonly output:
    | {
        /** Tokens by a grid of `cells` along the longer edge, as OpenAI's calculator counts. */
        readonly kind: 'grid';
        readonly cells: Partial<Readonly<Record<Quality, number>>>;
        /** The grid's tokens are multiplied by this; 1 for a quality that is not named. */
        readonly times: Partial<Readonly<Record<Quality, number>>>;
      }
    | { readonly kind: 'tokens' | 'usd'; readonly table: PriceTable };
  /** Tokens of the picture that is sent; masks are free. null: it is not billed. */
  readonly input:
    | {
        /** Squares of `edge` px; a longer edge below `leastEdge` px counts as that, more than `most` are scaled down. */
        readonly kind: 'patches';
        readonly edge: number;
        readonly most: number;
        readonly leastEdge: number;
      }
    | {
        /** The shorter edge is scaled to `edge` px; then `base` tokens, and `each` per square of that edge. */
        readonly kind: 'tiles';
        readonly edge: number;
        readonly base: number;
        readonly each: number;
      }
    | null;
}

/** Fields that only some models take, by their names on the wire. */
export type SettingName = 'background' | 'moderation' | 'style' | 'input_fidelity' | 'complexity';

export interface ModelCapabilities {
  readonly id: string;
  /** Id of the service that has it, one of `Capabilities.services`. */
  readonly service: string;
  readonly status: 'active' | 'retiring' | 'retired' | 'unknown';
  /** ISO date on which the service ends the model. */
  readonly shutdown: string | null;
  readonly endpoints: readonly Endpoint[];
  readonly sizes: SizeRule;
  readonly qualities: readonly Quality[];
  /** What the server names when no quality is chosen; null: it names none. */
  readonly defaultQuality: Quality | null;
  readonly maxResults: number;
  readonly promptMaxChars: number;
  /** null: the model takes no picture. `formats`: what it takes, where that is not PNG, JPEG and WebP. */
  readonly input: {
    readonly maxBytes: number;
    readonly square: boolean;
    readonly formats?: readonly OutputFormat[];
  } | null;
  readonly outputFormats: readonly OutputFormat[];
  /** True: `response_format` may be sent. False: it must be left out and base64 always comes back. */
  readonly responseFormat: boolean;
  /** By so many px of the sent picture a mask is best grown: models blur its edge, and shadows begin beside it. */
  readonly maskGrow: number;
  /** True: a prompt changes the result of an edit. The embedded engine fills from the picture alone. */
  readonly promptedEdits: boolean;
  /** Requests that our own page carries out itself, with the same result; absent: none. Others may send them all the same. */
  readonly local?: readonly Endpoint[];
  /** The values that each setting may have; none: the model does not take it. null: not known, so all are passed on. */
  readonly settings: Readonly<Record<SettingName, readonly string[]>> | null;
  /** True: a drawing of notes may be sent along with the first picture (`markup`), but not together with a mask. */
  readonly markup: boolean;
  /** Unfinished pictures that a stream may show at most; null: the model does not stream. */
  readonly maxPartials: number | null;
  /** True: `seed` is honoured (an extension of ours and of some compatible servers). */
  readonly seed: boolean;
  /** null: no price is known, or nobody is billed (the embedded engine). */
  readonly pricing: Pricing | null;
}

/** What a service does with a mask. `guidance`: it follows the mask roughly, as OpenAI's models do. */
export type MaskUse = 'honoured' | 'guidance' | 'inverted' | 'ignored' | 'unknown';

/** One engine or image service that this server speaks to. */
export interface ServiceCapabilities {
  readonly id: string;
  /** `embedded` bills nobody and sends nothing anywhere. */
  readonly kind: 'embedded' | 'openai';
  /** Hostname of the service when it is not OpenAI's own; never a URL with credentials. */
  readonly host: string | null;
  /** Name of its endpoint profile; null: OpenAI's own language. */
  readonly profile: string | null;
  readonly mask: MaskUse;
  /** What `POST /api/probe` found last; null: it was not asked. */
  readonly probe: ProbeReport | null;
  /**
   * Name of the file of the operator's own model that makes the embedded engine's edits, on the server alone; left
   * out: there is none.
   */
  readonly editModel?: string;
}

/** What tiny requests to a running service taught. */
export interface ProbeReport {
  /** ISO time. */
  readonly at: string;
  readonly model: string;
  readonly mask: MaskUse;
  /** Of the sizes that were tried, those that came back as asked for ("WIDTHxHEIGHT"). */
  readonly sizes: readonly string[];
  readonly streaming: boolean;
  readonly variations: boolean;
}

/** `GET /api/capabilities` */
export interface Capabilities {
  readonly services: readonly ServiceCapabilities[];
  readonly defaultModel: string;
  readonly models: readonly ModelCapabilities[];
  readonly limits: { readonly maxUploadBytes: number; readonly maxPixels: number; readonly maxEdge: number };
}

export interface ImageDatum {
  readonly b64_json?: string;
  readonly url?: string;
  readonly revised_prompt?: string;
}

export interface ImageUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly input_tokens_details?: TokenDetails;
  readonly output_tokens_details?: TokenDetails;
}

export interface TokenDetails {
  readonly text_tokens?: number;
  readonly image_tokens?: number;
}

/** Reply of the three image routes. */
export interface ImagesReply {
  /** Unix time in seconds. */
  readonly created: number;
  readonly data: readonly ImageDatum[];
  readonly output_format?: OutputFormat;
  readonly quality?: string;
  readonly background?: string;
  readonly size?: string;
  readonly usage?: ImageUsage;
  /** Words of the embedded engine's generate: what the picture was made from and what it could not use. */
  readonly lacuna?: { readonly used: readonly string[]; readonly ignored: readonly string[] };
  /** What the embedded engine did with the picture beside what was asked, one after the other; left out: nothing. */
  readonly notices?: readonly ReplyNotice[];
}

export interface ReplyNotice {
  readonly code: NoticeCode;
  /** English, for people. */
  readonly message: string;
}

export type NoticeCode =
  /** The picture had 16 bits per channel. */
  | 'converted_to_8_bit'
  /** The picture was in CMYK, and now is in sRGB. */
  | 'converted_from_cmyk'
  /** The picture had a profile of grey, which an RGB result cannot have. Its values stay and are taken as sRGB. */
  | 'profile_dropped'
  /** The model of the operator's own sees only a small picture: the fill was enlarged. */
  | 'soft_fill';

/**
 * Events of `stream: true`, named by their `type`. A stream ends with exactly one of `completed` and `error`; pings
 * are comments in between.
 */
export type StreamEvent = PartialEvent | CompletedEvent | StreamErrorEvent;

interface StreamedPicture {
  readonly b64_json: string;
  /** Unix time in seconds. */
  readonly created_at: number;
  readonly size: string;
  readonly quality: string;
  readonly background: string;
  readonly output_format: OutputFormat;
}

export interface PartialEvent extends StreamedPicture {
  readonly type: 'image_generation.partial_image' | 'image_edit.partial_image';
  /** From 0. */
  readonly partial_image_index: number;
}

export interface CompletedEvent extends StreamedPicture {
  readonly type: 'image_generation.completed' | 'image_edit.completed';
  readonly usage: ImageUsage;
  readonly lacuna?: NonNullable<ImagesReply['lacuna']>;
  readonly notices?: readonly ReplyNotice[];
}

export interface StreamErrorEvent extends ErrorEnvelope {
  readonly type: 'error';
  /** The HTTP status that the error would have had. */
  readonly status: number;
  /** When a repeat makes sense, in ms. */
  readonly retry_after_ms?: number;
}

/** `code` of an error envelope: OpenAI's own where it has one. What a service says otherwise is put under the nearest. */
export type ErrorCode =
  | 'missing_required_parameter'
  | 'invalid_value'
  | 'invalid_type'
  | 'unknown_parameter'
  | 'invalid_image_format'
  | 'invalid_image_file'
  | 'image_too_large'
  | 'request_too_large'
  | 'mask_size_mismatch'
  | 'mask_without_alpha'
  | 'mask_empty'
  | 'invalid_mask'
  | 'prompt_too_long'
  | 'model_not_found'
  | 'unsupported_endpoint'
  | 'not_found'
  | 'invalid_api_key'
  | 'organization_not_verified'
  | 'permission_denied'
  | 'insufficient_quota'
  | 'rate_limit_exceeded'
  | 'moderation_blocked'
  | 'server_is_overloaded'
  | 'upstream_timeout'
  | 'upstream_unreachable'
  | 'upstream_error'
  | 'upstream_not_found'
  | 'request_refused'
  /** The server ended while a job ran: nobody knows what became of it. */
  | 'job_lost'
  /** An `Idempotency-Key` came again with another request. */
  | 'idempotency_key_reused'
  /** This server's own locks and limits. */
  | 'access_required'
  | 'too_many_attempts'
  | 'too_many_jobs'
  | 'too_many_images'
  | 'budget_exceeded'
  | 'forbidden_origin'
  | 'cancelled'
  | 'internal_error';

export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: ErrorCode;
  /** The service may have billed the request that failed. */
  readonly maybe_billed?: boolean;
  readonly moderation_details?: {
    readonly moderation_stage?: string;
    readonly categories?: readonly string[];
  };
}

export interface ErrorEnvelope {
  readonly error: ErrorBody;
}
