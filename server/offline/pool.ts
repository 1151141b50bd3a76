import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Task, TaskResult } from '../../src/fill/task.ts';
import { dismiss } from '../../src/fill/team.ts';
import { ApiError } from '../errors.ts';
import type { Crew, WorkerReply, WorkerRequest } from './protocol.ts';

export interface PoolOptions {
  /** Threads, started when they are first needed. */
  readonly threads?: number;
  /** Tasks that may wait for a thread; beyond that a request is refused. */
  readonly queueLimit?: number;
  /** What the threads run, answering `WorkerRequest`s; left out: the embedded engine. */
  readonly script?: { readonly url: URL; readonly workerData: unknown };
}

export interface WantedPartials {
  /** At most. */
  readonly count: number;
  /** An unfinished picture, straight RGBA of the size of the result. Not called once the task has ended. */
  readonly deliver: (rgba: Uint8Array<ArrayBuffer>) => void;
}

export interface Pool {
  /** Rejects with the signal's reason at once when aborted; the engine's thread stops within milliseconds. */
  run(signal: AbortSignal, task: Task, partials?: WantedPartials): Promise<TaskResult>;
  /** Ends the threads; tasks that run or wait reject. */
  close(): Promise<void>;
}

interface Job {
  readonly request: WorkerRequest;
  /** The crew that its fill works with, once it has one that others may join. */
  crew: Crew | null;
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
  const script = options.script ?? { url: new URL('./worker.ts', import.meta.url), workerData: null };
  const idle: Worker[] = [];
  /** Every live thread, with the job it is busy with, whose crew it may only assist. */
  const workers = new Map<Worker, Job | null>();
  const assisting = new Set<Worker>();
  const waiting: Job[] = [];
  let open = true;

  function start(): Worker {
    const worker = new Worker(script.url, { execArgv: [], workerData: script.workerData });
    worker.on('message', (reply: WorkerReply) => {
      const job = workers.get(worker);
      if (reply.kind === 'partial') return job?.deliver(reply.rgba);
      if (reply.kind === 'crew') {
        // A fill that begins anew, with the whole picture, has another crew.
        if (job?.crew) dismiss(job.crew.control);
        if (job) job.crew = { memory: reply.memory, control: reply.control };
        return dispatch();
      }
      workers.set(worker, null);
      worker.unref();
      idle.push(worker);
      if (reply.kind === 'assisted') assisting.delete(worker);
      else if (job?.crew) dismiss(job.crew.control);
      if (reply.kind === 'done') job?.resolve(reply.result);
      else if (reply.kind === 'failed') job?.reject(failed(new Error(reply.message)));
      dispatch();
    });
    worker.on('error', (error) => {
      const job = workers.get(worker);
      job?.reject(failed(error));
      // A band that an assistant took with it is waited for: whoever led the crew can't go on.
      const lost = job ? [...workers].filter(([, other]) => other === job).map(([other]) => other) : [worker];
      if (job?.crew) dismiss(job.crew.control);
      for (const one of lost) {
        workers.delete(one);
        assisting.delete(one);
        if (one !== worker) void one.terminate();
      }
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      if (open) dispatch();
    });
    return worker;
  }

  function assign(worker: Worker, job: Job, request: WorkerRequest): void {
    workers.set(worker, job);
    worker.ref();
    worker.postMessage(request);
  }

  /** Gives threads to jobs that wait, and those that are left over to jobs that can use help. */
  function dispatch(): void {
    const isFree = () => idle.length > 0 || workers.size < threads;
    while (waiting.length > 0 && isFree()) {
      const job = waiting.shift()!;
      assign(idle.pop() ?? start(), job, job.request);
    }
    const crews = [...workers].flatMap(([worker, job]) =>
      job?.crew && !assisting.has(worker) ? [{ job, crew: job.crew }] : [],
    );
    if (waiting.length > 0)
      for (const { job, crew } of crews) {
        dismiss(crew.control);
        job.crew = null;
      }
    for (let next = 0; crews.length > 0 && waiting.length === 0 && isFree(); next++) {
      const { job, crew } = crews[next % crews.length]!;
      const worker = idle.pop() ?? start();
      assisting.add(worker);
      assign(worker, job, { kind: 'assist', ...crew });
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
          request: { kind: 'perform', task, stop, partials: partials?.count ?? 0 },
          crew: null,
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
        worker.ref();
        return worker.terminate();
      });
      workers.clear();
      idle.length = 0;
      await Promise.all(ending);
    },
  };
}
