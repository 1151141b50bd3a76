import type { ErrorCode } from '../contract.ts';
import { ApiError, type ApiErrorOptions } from '../errors.ts';
import { refusalCode } from './refusals.ts';
import { readBody, type Told } from './upstreamBody.ts';

/** A failed reply of an image service, whatever wrote it: OpenAI, a compatible server, a gateway, a web server. */
export interface UpstreamFailure {
  /** null: an error inside an answer that began as a success. */
  readonly status: number | null;
  /** The parsed JSON body, or its `error` member, or the text. */
  readonly body: unknown;
  readonly headers: Headers;
  /** Unfinished pictures had come before it: whatever failed, they may be billed. */
  readonly begun?: boolean;
}

const BILLING =
  /^(billing_hard_limit_reached|insufficient_quota|credit_balance_exhausted|project_spend_limit_exceeded)$/;
const BILLING_WORDS = /billing hard limit|exceeded your current quota|budget has been exceeded/i;
const MODERATION = /^(moderation_blocked|content_policy_violation|content_?filter)$/i;
const MODERATION_WORDS = /(?:rejected|failed) (?:as a result of our|by the) safety system/i;

const OVERLOAD = /^(server_is_overloaded|slow_down|overloaded_error)$/;
const SCOPE_WORDS = /insufficient permissions|missing scopes/i;
const MODEL_WORDS = /\bmodel\b.*\b(exist|found|access|available)|\b(unknown|no such|invalid) model\b/i;

/** Our error for a failed reply. `scrub` removes the key from every text that is kept. */
export function fromUpstream(failure: UpstreamFailure, scrub: (text: string) => string): ApiError {
  const { headers, begun = false } = failure;
  // A text is cut when it is read: a key across the cut would not be known any more.
  const told = readBody(typeof failure.body === 'string' ? scrub(failure.body) : failure.body);
  const status = failure.status ?? impliedStatus(told);
  const number = failure.status === null ? '' : ` (${status})`;
  const code = told.code ?? '';
  const message = briefly(scrub(told.message));
  const param = told.param === null ? null : scrub(told.param);
  const common: ApiErrorOptions = {
    param,
    requestId: cleanId(headers.get('x-request-id'), scrub),
    ...(told.type === null ? {} : { type: scrub(told.type) }),
  };
  const fail = (as: number, own: ErrorCode, text: string, more: ApiErrorOptions = {}) =>
    new ApiError(as, own, text, { ...common, ...more, maybeBilled: begun || more.maybeBilled === true });

  if (status < 400)
    return fail(
      502,
      'upstream_error',
      `The image service redirects to another address (${status}), where nothing is sent: OPENAI_BASE_URL has to name the final one.`,
    );
  if (MODERATION.test(code) || MODERATION_WORDS.test(told.message)) {
    const moderation = told.moderation ?? violationsIn(message);
    return fail(400, 'moderation_blocked', message, {
      ...(moderation ? { moderation } : {}),
      maybeBilled: moderation?.moderation_stage === 'output',
    });
  }
  if (isBilling(status, told)) return fail(429, 'insufficient_quota', message);
  if (/must be verified to use/i.test(told.message)) return fail(403, 'organization_not_verified', message);
  if (status === 403 || code === 'ip_not_authorized' || SCOPE_WORDS.test(told.message))
    return fail(403, 'permission_denied', message);
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
  if (
    OVERLOAD.test(code) ||
    OVERLOAD.test(told.type ?? '') ||
    (status === 503 && /overload/i.test(told.message))
  )
    return fail(503, 'server_is_overloaded', message, retryAfter(headers, told.message));
  if (status === 429) return fail(429, 'rate_limit_exceeded', message, retryAfter(headers, told.message));
  if (status === 408 || status === 504 || status === 524)
    return fail(504, 'upstream_timeout', `The image service took too long: ${message}`, {
      maybeBilled: true,
    });
  if (status >= 500)
    return fail(502, 'upstream_error', `The image service failed${number}: ${message}`, {
      maybeBilled: true,
    });
  return fail(status, status === 413 ? 'request_too_large' : refusalCode(told), message);
}

const MAX_MESSAGE = 1000;
/** What comes later may be cut in the middle of a key. */
const MAX_RAW_MESSAGE = 4096;

/** Some services send back what they were sent: no picture belongs in a message, and nobody reads a long one. */
function briefly(message: string): string {
  const text = message.slice(0, MAX_RAW_MESSAGE).replace(/[\w+/-]{120,}={0,2}/g, '[…]');
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** The status that an error without one would have had. */
function impliedStatus(told: Told): number {
  const number = Number(told.code);
  if (number >= 400 && number < 600) return number;
  if (told.code === 'rate_limit_exceeded') return 429;
  const refused = /^(image_generation_user_error|invalid_request_error)$/.test(told.type ?? '');
  return refused || refusalCode(told) === told.code ? 400 : 500;
}

/** Without details a moderation's message still names what it found: "safety_violations=[sexual]". */
function violationsIn(message: string): ApiErrorOptions['moderation'] | null {
  const list = /safety_violations=\[([^\]]{1,200})\]/.exec(message)?.[1];
  return list === undefined ? null : { categories: list.split(',').map((word) => word.trim()) };
}

/** 402 is what gateways with prepaid credit answer. */
const isBilling = (status: number, { code, type, message }: Told) =>
  status === 402 || BILLING.test(code ?? '') || type === 'insufficient_quota' || BILLING_WORDS.test(message);

/** Nobody was there, or not found: no byte was sent, and another try may find them. */
const NOT_CONNECTED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT/;

/** Only to be asked of a request's own failure: fetching what an answer names can fail in the same way. */
export function isNeverConnected(error: unknown): boolean {
  return causeCodes(error).some((code) => NOT_CONNECTED.test(code));
}

/**
 * Our error for a request whose connection failed, from the chain of its causes. `maybeBilled` says whether anything
 * was sent over it.
 */
export function fromConnectionFailure(
  error: unknown,
  service: string,
  known: ApiErrorOptions & { readonly maybeBilled: boolean },
): ApiError {
  const codes = causeCodes(error).join(' ');
  const message = known.maybeBilled
    ? `The connection to ${service} broke before its answer was complete.`
    : `${service} cannot be reached${codes && ` (${codes})`}.`;
  return new ApiError(502, 'upstream_unreachable', message, known);
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

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const MAX_WAIT_MS = 24 * 3_600_000;

/** From `retry-after-ms`, `retry-after` (seconds or a date), or a message like "try again in 1m30s". */
function retryAfter(headers: Headers, message: string): ApiErrorOptions {
  const header = headers.get('retry-after') ?? '';
  const seconds = Number(header);
  const waits = [
    Number(headers.get('retry-after-ms')),
    Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000,
    waitIn(message),
  ];
  const wait = waits.find((ms) => ms > 0 && ms <= MAX_WAIT_MS);
  return wait === undefined ? {} : { retryAfterMs: wait };
}

function waitIn(message: string): number {
  const after = /try again (?:in|after) (.*)/is.exec(message)?.[1] ?? '';
  // One figure right after the other, as in "1h2m", up to the first thing that is none.
  const parts =
    /^(?:[\d.]+ ?(?:ms|seconds?|minutes?|hours?|[smh])\b[ ,]*|[\d.]+[mh](?=\d))+/i.exec(after)?.[0] ?? '';
  return [...parts.matchAll(/([\d.]+) ?(ms|[smh])/gi)].reduce(
    (sum, [, figure, unit = '']) => sum + Number(figure) * (UNIT_MS[unit.toLowerCase()] ?? 0),
    0,
  );
}
