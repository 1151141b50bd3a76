import { z } from 'zod';
import { ApiError, type ApiErrorOptions } from '../errors.ts';

/** A failed reply of an image service, whatever wrote it: OpenAI, a compatible server, a gateway, a web server. */
export interface UpstreamFailure {
  readonly status: number;
  /** The parsed JSON body, or its `error` member, or the text. */
  readonly body: unknown;
  readonly headers: Headers;
}

interface Told {
  readonly message: string;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly moderation: NonNullable<ApiErrorOptions['moderation']> | null;
}

const scalar = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);
const errorShape = z.object({
  message: scalar,
  code: scalar,
  type: scalar,
  param: scalar,
  error: z.unknown().optional(),
  detail: z.unknown().optional(),
  moderation_details: z
    .object({ moderation_stage: z.string().optional(), categories: z.array(z.string()).optional() })
    .nullish()
    .catch(null),
});

const BILLING =
  /^(billing_hard_limit_reached|insufficient_quota|credit_balance_exhausted|project_spend_limit_exceeded)$/;
const BILLING_WORDS = /billing hard limit|exceeded your current quota|budget has been exceeded/i;
const MODERATION = /^(moderation_blocked|content_policy_violation|content_filter)$/;
const MODERATION_WORDS = /rejected (?:as a result of our|by the) safety system/i;

/** Our error for a failed reply. `scrub` removes the key from every text that is kept. */
export function fromUpstream(failure: UpstreamFailure, scrub: (text: string) => string): ApiError {
  const { status, headers } = failure;
  const told = readBody(failure.body);
  const message = scrub(told.message);
  const param = told.param === null ? null : scrub(told.param);
  const ownCode = told.code === null ? null : scrub(told.code);
  const common: ApiErrorOptions = {
    param,
    requestId: cleanId(headers.get('x-request-id'), scrub),
    ...(told.type === null ? {} : { type: scrub(told.type) }),
  };
  const fail = (as: number, code: string | null, text: string, more: ApiErrorOptions = {}) =>
    new ApiError(as, code, text, { ...common, ...more });

  if (MODERATION.test(told.code ?? '') || MODERATION_WORDS.test(told.message))
    return fail(400, 'moderation_blocked', message, {
      ...(told.moderation ? { moderation: told.moderation } : {}),
      maybeBilled: told.moderation?.moderation_stage === 'output',
    });
  if (BILLING.test(told.code ?? '') || told.type === 'insufficient_quota' || BILLING_WORDS.test(told.message))
    return fail(429, 'insufficient_quota', message);
  if (/must be verified to use/i.test(told.message)) return fail(403, 'organization_not_verified', message);
  if (status === 401 || told.code === 'invalid_api_key')
    return fail(
      401,
      'invalid_api_key',
      "The image service refused the server's API key. Check OPENAI_API_KEY there.",
    );
  if (told.code === 'model_not_found' || (status === 404 && /model/i.test(told.message)))
    return fail(404, 'model_not_found', message, { param: param ?? 'model' });
  if (status === 429) return fail(429, 'rate_limit_exceeded', message, retryAfter(headers, told.message));
  if (status === 413) return fail(413, 'request_too_large', message);
  if (status === 408 || status === 504 || status === 524)
    return fail(504, 'upstream_timeout', `The image service took too long: ${message}`, {
      maybeBilled: true,
    });
  if (status === 503 && /overload|slow_down/i.test(`${told.code} ${told.message}`))
    return fail(503, 'server_is_overloaded', message, retryAfter(headers, told.message));
  if (status >= 500)
    return fail(502, 'upstream_error', `The image service failed (${status}): ${message}`, {
      maybeBilled: true,
    });
  return fail(status, ownCode, message);
}

/** Codes under which a connection was never made, so that nothing can have been billed. */
const NEVER_SENT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_|SELF_SIGNED/;

/** Our error for a request that got no answer, from the chain of its causes. */
export function fromConnectionFailure(error: unknown, service: string, timedOut: boolean): ApiError {
  const codes = causeCodes(error).join(' ');
  if (NEVER_SENT.test(codes))
    return new ApiError(502, 'upstream_unreachable', `${service} cannot be reached (${codes}).`, {
      cause: error,
    });
  const maybe = { maybeBilled: true, cause: error };
  if (timedOut) return new ApiError(504, 'upstream_timeout', `${service} did not answer in time.`, maybe);
  return new ApiError(
    502,
    'upstream_unreachable',
    `The connection to ${service} broke before its answer came.`,
    maybe,
  );
}

function causeCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}

/** Request ids are passed on, so they must be nothing else. */
export function cleanId(id: string | null | undefined, scrub: (text: string) => string): string | null {
  return id && /^[\w.:-]{1,128}$/.test(id) && scrub(id) === id ? id : null;
}

/** `{error: {…}}`, `{error: "…"}`, FastAPI's `{detail: …}`, a gateway's error around another one, text, HTML. */
function readBody(body: unknown): Told {
  const nothing = { code: null, type: null, param: null, moderation: null };
  if (typeof body === 'string') return { ...nothing, message: plainText(body) };
  const parsed = errorShape.safeParse(body);
  if (!parsed.success) return { ...nothing, message: 'It gave no reason.' };
  const { error, detail, message, code, type, param, moderation_details: moderation } = parsed.data;
  if (typeof error === 'object' && error !== null) return readBody(error);
  const nested = /Exception - (\{[\s\S]*\})/.exec(message ?? '');
  const inner = nested?.[1] === undefined ? null : parseJson(nested[1]);
  if (inner !== null) return readBody(inner);
  const words = message ?? (typeof error === 'string' ? error : null) ?? describeDetail(detail);
  return {
    message: words ?? 'It gave no reason.',
    code: code ?? null,
    type: type ?? null,
    param: param ?? null,
    moderation: moderation
      ? {
          ...(moderation.moderation_stage === undefined
            ? {}
            : { moderation_stage: moderation.moderation_stage }),
          ...(moderation.categories === undefined ? {} : { categories: moderation.categories }),
        }
      : null,
  };
}

const describeDetail = (detail: unknown) =>
  detail === undefined ? null : typeof detail === 'string' ? detail : JSON.stringify(detail);

function plainText(text: string): string {
  const plain = text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.slice(0, 300) || 'It gave no reason.';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, seconds: 1000, m: 60_000, minutes: 60_000 };

function retryAfter(headers: Headers, message: string): ApiErrorOptions {
  const inMs = Number(headers.get('retry-after-ms'));
  if (inMs > 0) return { retryAfterMs: inMs };
  const header = headers.get('retry-after');
  if (header) {
    const seconds = Number(header);
    const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
    if (wait > 0) return { retryAfterMs: wait };
  }
  const told = /try again (?:in|after) ([\d.]+) ?(ms|seconds|minutes|s|m)\b/i.exec(message);
  const wait = Number(told?.[1]) * (UNIT_MS[told?.[2]?.toLowerCase() ?? ''] ?? 0);
  return wait > 0 ? { retryAfterMs: wait } : {};
}
