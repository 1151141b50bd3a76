import { parentPort } from 'node:worker_threads';
import type { AbortSignalLike } from '../../src/fill/abortSignal.ts';
import { createArena, createMemory } from '../../src/fill/memory.ts';
import { performTask, type TaskResult } from '../../src/fill/task.ts';
import { assist, bestKernels, CONTROL_BYTES, type Crew, createTeam, soloCrew } from '../../src/fill/team.ts';
import type { PerformRequest, WorkerReply, WorkerRequest } from './protocol.ts';
import { Stopped, signalOf } from './stopSignal.ts';

const post = (reply: WorkerReply, moved: ArrayBuffer[]) => parentPort!.postMessage(reply, moved);

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

const perform = ({ task, stop, partials }: PerformRequest): TaskResult =>
  performTask(task, {
    signal: signalOf(stop),
    createCrew: openCrew,
    partials,
    deliver: (rgba) => post({ kind: 'partial', rgba }, [rgba.buffer]),
  });

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
