import { parentPort } from 'node:worker_threads';
import type { AbortSignalLike } from '../../src/fill/hooks.ts';
import { performTask, type TaskResult } from '../../src/fill/task.ts';
import type { WorkerReply, WorkerRequest } from './task.ts';

const post = (reply: WorkerReply, moved: ArrayBuffer[]) => parentPort!.postMessage(reply, moved);

class Stopped extends Error {}

/** A signal over shared memory: no message can reach a thread that is busy computing. */
function signalOf(stop: Int32Array): AbortSignalLike {
  const stopped = () => Atomics.load(stop, 0) !== 0;
  return {
    get aborted() {
      return stopped();
    },
    throwIfAborted() {
      if (stopped()) throw new Stopped();
    },
  };
}

const perform = ({ task, stop, partials }: WorkerRequest): TaskResult =>
  performTask(task, {
    signal: signalOf(stop),
    partials,
    deliver: (rgba) => post({ kind: 'partial', rgba }, [rgba.buffer]),
  });

function answer(request: WorkerRequest): WorkerReply {
  try {
    return { kind: 'done', result: perform(request) };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'stopped' };
    return {
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

parentPort!.on('message', (request: WorkerRequest) => {
  const reply = answer(request);
  post(reply, reply.kind === 'done' ? [reply.result.rgba.buffer] : []);
});
