import type { Task, TaskResult } from '../../src/fill/task.ts';

/** Pixel buffers of a task are shared memory, so that n results don't copy the picture n times. */
export interface WorkerRequest {
  readonly task: Task;
  /** One 32-bit cell; nonzero asks the worker to stop. */
  readonly stop: Int32Array;
  /** Unfinished pictures that are wanted at most. */
  readonly partials: number;
}

/** A task is answered once; before that come its unfinished pictures, straight RGBA of the size of the result. */
export type WorkerReply =
  | { readonly kind: 'partial'; readonly rgba: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly result: TaskResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };
