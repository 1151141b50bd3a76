import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Task, TaskResult } from '../../src/fill/task.ts';
import { ApiError } from '../errors.ts';
import type { WorkerReply, WorkerRequest } from './task.ts';

export interface PoolOptions {
  /** Threads, started when they are first needed. */
  readonly threads?: number;
  /** Tasks that may wait for a thread; beyond that a request is refused. */
  readonly queueLimit?: number;
}

export interface WantedPartials {
  /** At most. */
  readonly count: number;
  /** An unfinished picture, straight RGBA of the size of the result. Not called once the task has ended. */
  readonly deliver: (rgba: Uint8Array<ArrayBuffer>) => void;
}

export interface Pool {
  /** Rejects with the signal's reason at once when aborted; the thread stops within milliseconds. */
  run(signal: AbortSignal, task: Task, partials?: WantedPartials): Promise<TaskResult>;
  /** Ends the threads; tasks that run or wait reject. */
  close(): Promise<void>;
}

interface Job {
  readonly request: WorkerRequest;
  readonly deliver: WantedPartials['deliver'];
  readonly resolve: (result: TaskResult) => void;
  readonly reject: (error: unknown) => void;
}

const closed = () => new ApiError(503, 'server_is_overloaded', 'The server is shutting down.');
const failed = (cause: unknown) =>
  new ApiError(500, 'internal_error', 'The embedded engine failed on this picture.', { cause });

export function createPool(options: PoolOptions = {}): Pool {
  const threads = options.threads ?? Math.min(availableParallelism(), 4);
  const queueLimit = options.queueLimit ?? 64;
  const idle: Worker[] = [];
  /** Every live thread, with the job it is busy with. */
  const workers = new Map<Worker, Job | null>();
  const waiting: Job[] = [];
  let open = true;

  function start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (reply: WorkerReply) => {
      const job = workers.get(worker);
      if (reply.kind === 'partial') return job?.deliver(reply.rgba);
      workers.set(worker, null);
      worker.unref();
      idle.push(worker);
      if (reply.kind === 'done') job?.resolve(reply.result);
      else if (reply.kind === 'failed') job?.reject(failed(new Error(reply.message)));
      dispatch();
    });
    worker.on('error', (error) => {
      workers.get(worker)?.reject(failed(error));
      workers.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      if (open) dispatch();
    });
    return worker;
  }

  function dispatch(): void {
    while (waiting.length > 0 && (idle.length > 0 || workers.size < threads)) {
      const worker = idle.pop() ?? start();
      const job = waiting.shift()!;
      workers.set(worker, job);
      worker.ref();
      worker.postMessage(job.request);
    }
  }

  return {
    run(signal, task, partials) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (!open) return Promise.reject(closed());
      if (waiting.length >= queueLimit) {
        const message = 'Too many pictures are waiting for the embedded engine.';
        return Promise.reject(new ApiError(503, 'server_is_overloaded', message, { retryAfterMs: 5000 }));
      }
      return new Promise<TaskResult>((resolve, reject) => {
        const stop = new Int32Array(new SharedArrayBuffer(4));
        const abort = () => {
          Atomics.store(stop, 0, 1);
          const place = waiting.indexOf(job);
          if (place >= 0) waiting.splice(place, 1);
          reject(signal.reason);
        };
        const settle = () => signal.removeEventListener('abort', abort);
        const job: Job = {
          request: { task, stop, partials: partials?.count ?? 0 },
          deliver: (rgba) => {
            if (!signal.aborted) partials?.deliver(rgba);
          },
          resolve: (result) => {
            settle();
            resolve(result);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        dispatch();
      });
    },
    async close() {
      open = false;
      for (const job of waiting.splice(0)) job.reject(closed());
      const ending = [...workers].map(([worker, job]) => {
        job?.reject(closed());
        return worker.terminate();
      });
      workers.clear();
      idle.length = 0;
      await Promise.all(ending);
    },
  };
}
