import type { ErrorBody, ErrorCode } from '../../server/contract.ts';

/** Codes that arise on the way to our server, beside the ones that it sends. */
export type TransportCode = 'offline' | 'server_unreachable';

export interface ApiErrorOptions {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** From `retry-after`, in ms. */
  readonly retryAfterMs?: number | null;
  readonly maybeBilled?: boolean;
  readonly moderation?: ErrorBody['moderation_details'] | null;
  /** No word of our server came: what became of a request that it may have got has to be asked for. */
  readonly lost?: boolean;
  readonly cause?: unknown;
}

/** The only error that leaves the client. `detail` holds the service's own words. */
export class ApiError extends Error {
  readonly code: ErrorCode | TransportCode | (string & {});
  readonly detail: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly maybeBilled: boolean;
  readonly moderation: NonNullable<ErrorBody['moderation_details']> | null;
  readonly lost: boolean;

  constructor(code: ApiError['code'], detail: string, options: ApiErrorOptions) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.detail = detail;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.maybeBilled = options.maybeBilled ?? false;
    this.moderation = options.moderation ?? null;
    this.lost = options.lost ?? false;
  }
}

/** When no envelope of ours came: a proxy in between answered, with HTML or nothing. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 413) return 'request_too_large';
  if (status === 429) return 'rate_limit_exceeded';
  if (status === 503) return 'server_is_overloaded';
  if (status === 504) return 'upstream_timeout';
  return status < 500 ? 'invalid_value' : 'internal_error';
}

/** `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3), in ms from `now`; null when absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (!header) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isText = (value: unknown): value is string => typeof value === 'string';

function moderationOf(value: unknown): ErrorBody['moderation_details'] | null {
  if (!isObject(value)) return null;
  const { moderation_stage: stage, categories } = value;
  return {
    ...(isText(stage) ? { moderation_stage: stage } : {}),
    ...(Array.isArray(categories) ? { categories: categories.filter(isText) } : {}),
  };
}

/** Statuses of proxies that gave up on the server behind them. */
const GATEWAY = [502, 503, 504];

/** What an answer that is not 2xx says. Reads its body. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => null);
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const { code, message } = error;
  return new ApiError(
    isText(code) && code ? code : codeOfStatus(status),
    isText(message) ? message : response.statusText,
    {
      status,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
      // A proxy's own 502 or 504 leaves open what became of the request behind it.
      maybeBilled: error['maybe_billed'] === true || (!isText(message) && status >= 500),
      moderation: moderationOf(error['moderation_details']),
      lost: !isText(message) && GATEWAY.includes(status),
    },
  );
}

/** What the error event of a stream says. Its status was 200 long ago. */
export function errorOfEvent(event: {
  readonly error: unknown;
  readonly retry_after_ms?: unknown;
}): ApiError {
  const { error, retry_after_ms: wait } = event;
  const inside = isObject(error) ? error : {};
  return new ApiError(
    isText(inside['code']) && inside['code'] ? inside['code'] : 'upstream_error',
    isText(inside['message']) ? inside['message'] : '',
    {
      status: null,
      retryAfterMs: typeof wait === 'number' ? wait : null,
      maybeBilled: inside['maybe_billed'] === true,
      moderation: moderationOf(inside['moderation_details']),
    },
  );
}
