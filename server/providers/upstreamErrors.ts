import type { ErrorCode } from '../contract.ts';
import { ApiError, type ApiErrorOptions } from '../errors.ts';
import { refusalCode } from './refusals.ts';
import { readBody, type Told } from './upstreamBody.ts';

/** A failed reply of an image service, whatever wrote it: OpenAI, a compatible server, a gateway, a web server. */
export interface UpstreamFailure {
  readonly status: number;
  /** The parsed JSON body, or its `error` member, or the text. */
  readonly body: unknown;
  readonly headers: Headers;
}

const BILLING =
  /^(billing_hard_limit_reached|insufficient_quota|credit_balance_exhausted|project_spend_limit_exceeded)$/;
const BILLING_WORDS = /billing hard limit|exceeded your current quota|budget has been exceeded/i;
const MODERATION = /^(moderation_blocked|content_policy_violation|content_filter)$/;
const MODERATION_WORDS = /rejected (?:as a result of our|by the) safety system/i;

const OVERLOAD = /^(server_is_overloaded|slow_down)$/;
const MODEL_WORDS = /\bmodel\b.*\b(exist|found|access|available)|\b(unknown|no such|invalid) model\b/i;

/** Our error for a failed reply. `scrub` removes the key from every text that is kept. */
export function fromUpstream(failure: UpstreamFailure, scrub: (text: string) => string): ApiError {
  const { status, headers } = failure;
  const told = readBody(failure.body);
  const code = told.code ?? '';
  const message = scrub(told.message);
  const param = told.param === null ? null : scrub(told.param);
  const common: ApiErrorOptions = {
    param,
    requestId: cleanId(headers.get('x-request-id'), scrub),
    ...(told.type === null ? {} : { type: scrub(told.type) }),
  };
  const fail = (as: number, own: ErrorCode, text: string, more: ApiErrorOptions = {}) =>
    new ApiError(as, own, text, { ...common, ...more });

  if (status < 400)
    return fail(
      502,
      'upstream_error',
      `The image service redirects to another address (${status}), where nothing is sent: OPENAI_BASE_URL has to name the final one.`,
    );
  if (MODERATION.test(code) || MODERATION_WORDS.test(told.message))
    return fail(400, 'moderation_blocked', message, {
      ...(told.moderation ? { moderation: told.moderation } : {}),
      maybeBilled: told.moderation?.moderation_stage === 'output',
    });
  if (isBilling(status, told)) return fail(429, 'insufficient_quota', message);
  if (/must be verified to use/i.test(told.message)) return fail(403, 'organization_not_verified', message);
  if (status === 403 || code === 'ip_not_authorized') return fail(403, 'permission_denied', message);
  if (status === 401 || code === 'invalid_api_key')
    return fail(
      401,
      'invalid_api_key',
      "The image service refused the server's API key. Check OPENAI_API_KEY there.",
    );
  if (code === 'model_not_found' || (status === 404 && MODEL_WORDS.test(told.message)))
    return fail(404, 'model_not_found', message, { param: param ?? 'model' });
  // Not a 404 of ours: it is the service that lacks the address.
  if (status === 404 || status === 405 || status === 410)
    return fail(
      502,
      'upstream_not_found',
      `The image service does not know this address (${status}): ${message} Check OPENAI_BASE_URL at the server.`,
    );
  if (OVERLOAD.test(code) || (status === 503 && /overload/i.test(told.message)))
    return fail(503, 'server_is_overloaded', message, retryAfter(headers, told.message));
  if (status === 429) return fail(429, 'rate_limit_exceeded', message, retryAfter(headers, told.message));
  if (status === 408 || status === 504 || status === 524)
    return fail(504, 'upstream_timeout', `The image service took too long: ${message}`, {
      maybeBilled: true,
    });
  if (status >= 500)
    return fail(502, 'upstream_error', `The image service failed (${status}): ${message}`, {
      maybeBilled: true,
    });
  return fail(status, status === 413 ? 'request_too_large' : refusalCode(told), message);
}

/** 402 is what gateways with prepaid credit answer. */
const isBilling = (status: number, { code, type, message }: Told) =>
  status === 402 || BILLING.test(code ?? '') || type === 'insufficient_quota' || BILLING_WORDS.test(message);

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

/** Codes of Node and undici in a chain of causes; a foreign error may have any text there. */
export function causeCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code)) codes.push(code);
  }
  return codes;
}

/** Request ids are passed on, so they must be nothing else. */
export function cleanId(id: string | null | undefined, scrub: (text: string) => string): string | null {
  return id && /^[\w.:-]{1,128}$/.test(id) && scrub(id) === id ? id : null;
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
