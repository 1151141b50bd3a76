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

export interface ModelCapabilities {
  readonly id: string;
  readonly status: 'active' | 'retiring' | 'retired' | 'unknown';
  /** ISO date on which the service ends the model. */
  readonly shutdown: string | null;
  readonly endpoints: readonly Endpoint[];
  readonly sizes: SizeRule;
  readonly qualities: readonly Quality[];
  readonly maxResults: number;
  readonly promptMaxChars: number;
  /** null: the model takes no picture. */
  readonly input: { readonly maxBytes: number; readonly square: boolean } | null;
  readonly outputFormats: readonly OutputFormat[];
  /** True: `response_format` may be sent. False: it must be left out and base64 always comes back. */
  readonly responseFormat: boolean;
  /** True: a prompt changes the result of an edit. The embedded engine fills from the picture alone. */
  readonly promptedEdits: boolean;
  /** True: `seed` is honoured (an extension of ours and of some compatible servers). */
  readonly seed: boolean;
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
