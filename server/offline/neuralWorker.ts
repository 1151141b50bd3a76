import { parentPort, workerData } from 'node:worker_threads';
import { openNeuralModel } from './neuralModel.ts';
import type { PerformRequest, WorkerReply } from './protocol.ts';
import { Stopped, signalOf } from './stopSignal.ts';

/** Given to the thread when it starts. */
export interface NeuralWorkerData {
  /** The model's file. */
  readonly path: string;
  /** The package of onnxruntime. */
  readonly runtime: string;
}

const { path, runtime } = workerData as NeuralWorkerData;
// What fails here and below ends the thread: a runtime that ran out of memory is of no further use.
const model = await openNeuralModel(path, runtime);

async function answer({ task, stop }: PerformRequest): Promise<WorkerReply> {
  if (task.kind !== 'fill') throw new Error(`a model of the operator's own cannot ${task.kind}`);
  const { width, height } = task;
  try {
    const { rgba, enlarged } = await model.fill(signalOf(stop), task);
    return { kind: 'done', result: { width, height, rgba, words: null, enlarged } };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'stopped' };
    throw error;
  }
}

parentPort!.on('message', async (request: PerformRequest) => {
  const reply = await answer(request);
  parentPort!.postMessage(reply, reply.kind === 'done' ? [reply.result.rgba.buffer] : []);
});
