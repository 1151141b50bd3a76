import { parentPort } from 'node:worker_threads';
import { fillHole } from '../../src/fill/fillHole.ts';
import { generatePicture } from '../../src/fill/generatePicture.ts';
import type { AbortSignalLike } from '../../src/fill/hooks.ts';
import { varyPicture } from '../../src/fill/varyPicture.ts';
import type { Task, TaskResult, WorkerReply, WorkerRequest } from './task.ts';

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

function perform(task: Task, signal: AbortSignalLike): TaskResult {
  const { width, height } = task;
  const hooks = { signal };
  switch (task.kind) {
    case 'fill':
      return { width, height, rgba: fillHole(task, hooks), words: null };
    case 'vary':
      return { width, height, rgba: varyPicture(task, hooks), words: null };
    case 'generate': {
      const { rgba, used, ignored } = generatePicture(task, hooks);
      return { width, height, rgba, words: { used, ignored } };
    }
  }
}

function answer({ task, stop }: WorkerRequest): WorkerReply {
  try {
    return { kind: 'done', result: perform(task, signalOf(stop)) };
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
  parentPort!.postMessage(reply, reply.kind === 'done' ? [reply.result.rgba.buffer] : []);
});
