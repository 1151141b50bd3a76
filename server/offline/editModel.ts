import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ApiError } from '../errors.ts';
import { ModelRefused } from './neuralSignature.ts';
import type { NeuralWorkerData } from './neuralWorker.ts';
import { createPool, type Pool } from './pool.ts';

/** An inpainting model of the operator's own, loaded in a thread. */
export interface EditModel {
  /** Name of its file, without the folder. */
  readonly name: string;
  /** Takes tasks of the kind `fill`. A run that has begun goes on to its end even when its request is aborted. */
  readonly pool: Pool;
}

const WORKER = new URL('./neuralWorker.ts', import.meta.url);

/** Loads a model and tries it. Throws a ModelRefused whose message tells the operator what is wrong. */
export async function openEditModel(path: string, runtime = 'onnxruntime-web'): Promise<EditModel> {
  const file = await stat(path).catch(() => null);
  if (!file?.isFile()) throw new ModelRefused(`there is no file ${path}`);
  const workerData: NeuralWorkerData = { path, runtime };
  const pool = createPool({ threads: 1, script: { url: WORKER, workerData } });
  try {
    // Nothing to fill: it is answered as soon as the model is there.
    const nothing = { width: 1, height: 1, rgba: new Uint8Array(4), hole: new Uint8Array(1), seed: 0 };
    await pool.run(new AbortController().signal, { kind: 'fill', ...nothing });
  } catch (error) {
    await pool.close();
    const reason = error instanceof ApiError && error.cause instanceof Error ? error.cause : error;
    throw new ModelRefused(reason instanceof Error ? reason.message : String(reason), { cause: error });
  }
  return { name: basename(path), pool };
}
