import { parentPort } from 'node:worker_threads';
import type { AbortSignalLike } from '../../src/fill/abortSignal.ts';
import { fillHole } from '../../src/fill/fillHole.ts';
import { generatePicture } from '../../src/fill/generatePicture.ts';
import type { FillHooks } from '../../src/fill/hooks.ts';
import { createArena, createMemory } from '../../src/fill/memory.ts';
import { assist, bestKernels, CONTROL_BYTES, type Crew, createTeam, soloCrew } from '../../src/fill/team.ts';
import { varyPicture } from '../../src/fill/varyPicture.ts';
import { Stopped, signalOf } from './stopSignal.ts';
import type { PerformRequest, TaskResult, WorkerReply, WorkerRequest } from './task.ts';

const post = (reply: WorkerReply, moved: ArrayBuffer[]) => parentPort!.postMessage(reply, moved);

/** Of `count` stages `wanted` are shown, the first as soon as there is one and the others evenly after it. */
const isShown = (index: number, count: number, wanted: number) =>
  wanted > 0 &&
  (index === 0 || Math.floor((index * wanted) / count) > Math.floor(((index - 1) * wanted) / count));

/** Fills that take less are done before another thread has woken up. Bytes. */
const ALONE_BELOW = 8 * 1024 * 1024;

/** A crew that idle threads of the pool are asked to join. */
function openCrew(bytes: number, signal: AbortSignalLike | undefined): Crew {
  if (bytes < ALONE_BELOW) return soloCrew(bytes, signal);
  const memory = createMemory(bytes);
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  post({ kind: 'crew', memory, control }, []);
  return { team: createTeam(bestKernels(memory), control, signal), arena: () => createArena(memory) };
}

function perform({ task, stop, partials }: PerformRequest): TaskResult {
  const { width, height } = task;
  const hooks: FillHooks = {
    signal: signalOf(stop),
    createCrew: openCrew,
    stage: (index, count, draw) => {
      if (!isShown(index, count, partials)) return;
      const rgba = draw();
      post({ kind: 'partial', rgba }, [rgba.buffer]);
    },
  };
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

function answer(request: PerformRequest): WorkerReply {
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
  if (request.kind === 'assist') {
    assist(bestKernels(request.memory), request.control);
    return post({ kind: 'assisted' }, []);
  }
  const reply = answer(request);
  post(reply, reply.kind === 'done' ? [reply.result.rgba.buffer] : []);
});
