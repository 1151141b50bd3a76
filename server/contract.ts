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

export interface ModelCapabilities {
  readonly id: string;
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
  /** null: the model takes no picture. */
  readonly input: { readonly maxBytes: number; readonly square: boolean } | null;
  readonly outputFormats: readonly OutputFormat[];
  /** True: `response_format` may be sent. False: it must be left out and base64 always comes back. */
  readonly responseFormat: boolean;
  /** By so many px of the sent picture a mask is best grown: models blur its edge, and shadows begin beside it. */
  readonly maskGrow: number;
  /** True: a prompt changes the result of an edit. The embedded engine fills from the picture alone. */
  readonly promptedEdits: boolean;
  /** True: `seed` is honoured (an extension of ours and of some compatible servers). */
  readonly seed: boolean;
  /** null: no price is known, or nobody is billed (the embedded engine). */
  readonly pricing: Pricing | null;
}

/** `GET /api/capabilities` */
export interface Capabilities {
  readonly provider: 'embedded' | 'openai';
  /** Hostname of the service when it is not OpenAI's own; never a URL with credentials. */
  readonly service: string | null;
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
  readonly size?: string;
  readonly usage?: ImageUsage;
  /** Words of the embedded engine's generate: what the picture was made from and what it could not use. */
  readonly lacuna?: { readonly used: readonly string[]; readonly ignored: readonly string[] };
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
  | 'nothing_to_keep'
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
