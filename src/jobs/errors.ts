import type { JobError } from './job.ts';

/** A request that need not be sent, because it would be refused. */
export class RefusedAsk extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RefusedAsk';
    this.code = code;
  }
}

/** Parts that errors of the client, of the codec and our own may carry. */
interface Coded {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly retryAfterMs?: unknown;
  readonly maybeBilled?: unknown;
  readonly moderation?: {
    readonly moderation_stage?: string;
    readonly categories?: readonly string[];
  } | null;
}

/** What may go well when the same request is sent another time. */
const REPEATABLE: readonly string[] = [
  'rate_limit_exceeded',
  'server_is_overloaded',
  'too_many_jobs',
  'too_many_images',
  'too_many_attempts',
  'budget_exceeded',
  'upstream_timeout',
  'upstream_unreachable',
  'upstream_error',
  'job_lost',
  'idempotency_key_reused',
  'internal_error',
  'server_unreachable',
  'offline',
];

/** `now`: Unix time in ms. An error without a code is a bug of ours: 'internal_error'. */
export function toJobError(error: unknown, now: number): JobError {
  const { code, detail, retryAfterMs, maybeBilled, moderation } = (error ?? {}) as Coded;
  const message = error instanceof Error ? error.message : String(error);
  const known = typeof code === 'string' ? code : 'internal_error';
  return {
    code: known,
    detail: typeof detail === 'string' ? detail : message,
    retryAt: typeof retryAfterMs === 'number' ? now + retryAfterMs : null,
    maybeBilled: maybeBilled === true,
    repeatable: REPEATABLE.includes(known),
    ...(moderation && {
      moderation: { stage: moderation.moderation_stage ?? null, categories: moderation.categories ?? [] },
    }),
  };
}
