import { ApiError } from '../errors.ts';

/**
 * Named bytes that last for a while: what is known of jobs, their results, files served by URL. On this machine's disk
 * (`diskShelf.ts`) or in the Redis that several servers share (`redisShelf.ts`). What is put there survives the process.
 * A name is a kind and an id, "job/…"; ids may be anything. Failures of a Redis are ShelfError.
 */
export interface Shelf {
  /** True: only this process writes here, so whatever it does not remember itself was left by one that has ended. */
  readonly exclusive: boolean;
  get(name: string): Promise<Buffer | null>;
  /** Durable once it resolves. */
  put(name: string, bytes: Uint8Array, lifetimeMs: number): Promise<void>;
  /** Puts the bytes where the name is free and answers null; otherwise what is there. */
  claim(name: string, bytes: Uint8Array, lifetimeMs: number): Promise<Buffer | null>;
  /** Puts the bytes only where `from` still is. */
  swap(name: string, from: Uint8Array, bytes: Uint8Array, lifetimeMs: number): Promise<boolean>;
  /** Removes the name only where `from` still is. */
  remove(name: string, from: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const AGAIN_MS = 5000;

/** What is kept cannot be reached now. It says nothing of any job. */
export class ShelfError extends ApiError {
  constructor(cause?: unknown) {
    const text = 'The memory that these servers share (Redis) is away. Try again in a moment.';
    super(503, 'server_is_overloaded', text, { retryAfterMs: AGAIN_MS, cause });
  }
}
