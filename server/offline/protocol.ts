import type { Memory } from '../../src/fill/memory.ts';
import type { Task, TaskResult } from '../../src/fill/task.ts';

/** A fill that other threads may help with: its memory, and the words by which they agree (`src/fill/team.ts`). */
export interface Crew {
  readonly memory: Memory;
  readonly control: Int32Array;
}

/** Pixel buffers of a task are shared memory, so that n results don't copy the picture n times. */
export interface PerformRequest {
  readonly kind: 'perform';
  readonly task: Task;
  /** One 32-bit cell; nonzero asks the worker to stop. */
  readonly stop: Int32Array;
  /** Unfinished pictures that are wanted at most. */
  readonly partials: number;
}

export type WorkerRequest = PerformRequest | ({ readonly kind: 'assist' } & Crew);

/**
 * A task is answered once; before that come its unfinished pictures, straight RGBA of the size of the result, and the
 * crew that idle threads may join. Who assisted says so when it is over.
 */
export type WorkerReply =
  | { readonly kind: 'partial'; readonly rgba: Uint8Array<ArrayBuffer> }
  | ({ readonly kind: 'crew' } & Crew)
  | { readonly kind: 'done'; readonly result: TaskResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'assisted' };
