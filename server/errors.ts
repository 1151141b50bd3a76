import type { ErrorBody, ErrorCode, ErrorEnvelope } from './contract.ts';

export interface ApiErrorOptions {
  readonly param?: string | null;
  /** OpenAI's `type`; by default it follows from the status. */
  readonly type?: string;
  /** Milliseconds after which a repeat makes sense; becomes a `retry-after` header. */
  readonly retryAfterMs?: number;
  readonly maybeBilled?: boolean;
  readonly moderation?: NonNullable<ErrorBody['moderation_details']>;
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/** The only error that leaves the server: an HTTP status and OpenAI's envelope. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly options: ApiErrorOptions;

  constructor(status: number, code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(redact(message), { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.options = options;
  }

  toEnvelope(): ErrorEnvelope {
    const { type, param, maybeBilled, moderation } = this.options;
    return {
      error: {
        message: this.message,
        type: type ?? (this.status >= 500 ? 'server_error' : 'invalid_request_error'),
        param: param ?? null,
        code: this.code,
        ...(maybeBilled ? { maybe_billed: true } : {}),
        ...(moderation ? { moderation_details: moderation } : {}),
      },
    };
  }
}

/** A 400 that names the field at fault. */
export function badRequest(code: ErrorCode, param: string | null, message: string): ApiError {
  return new ApiError(400, code, message, { param });
}

/** Removes what looks like a credential: a service may quote the key that it refused. */
export function redact(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+(?!(?:token|or)\b)[^\s"',;]+/gi, '$1 [redacted]')
    .replace(/\b(?:sk|pk|rk)-[\w*.-]{4,}/g, '[redacted]')
    .replace(/\/\/[^\s/@]+@/g, '//[redacted]@');
}
