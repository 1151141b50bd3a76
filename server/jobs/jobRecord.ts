import { z } from 'zod';
import { ApiError } from '../errors.ts';

/**
 * What is known of a job by its key. `claimed`: nothing has left, so whoever comes next may begin anew. `sent`: a
 * service may have been asked. `done`: the result lies beside it. `failed`: with its reason.
 */
export interface JobRecord {
  readonly fingerprint: string;
  readonly state: 'claimed' | 'sent' | 'done' | 'failed';
  /** The process that works on it. */
  readonly owner: string;
  /** Unix time in ms until which the owner is believed to live, where it is not this process. */
  readonly leaseUntil: number;
  readonly failure: Failure | null;
}

/** An ApiError as it is kept. */
export interface Failure {
  readonly status: number;
  readonly code: ApiError['code'];
  readonly message: string;
  readonly options: Omit<ApiError['options'], 'cause'>;
}

const schema = z.object({
  fingerprint: z.string(),
  state: z.enum(['claimed', 'sent', 'done', 'failed']),
  owner: z.string(),
  leaseUntil: z.number(),
  failure: z.custom<Failure>().nullable(),
});

export const encodeRecord = (record: JobRecord) => Buffer.from(JSON.stringify(record));
/** Only ever given what `encodeRecord` wrote. */
export const decodeRecord = (bytes: Uint8Array): JobRecord =>
  schema.parse(JSON.parse(Buffer.from(bytes).toString()));

export function keepFailure({ status, code, message, options: { cause: _, ...options } }: ApiError): Failure {
  return { status, code, message, options };
}

export const restoreFailure = ({ status, code, message, options }: Failure) =>
  new ApiError(status, code, message, options);
