import { availableParallelism } from 'node:os';
import type { AbortSignalLike } from '../../src/fill/abortSignal.ts';
import { clusterRegions } from '../../src/fill/clusters.ts';
import type { FillRequest } from '../../src/fill/picture.ts';
import type { ImageSize } from '../providers/provider.ts';
import { ModelRefused, readSignature, type Signature, type ValueMetadata } from './neuralSignature.ts';
import { planWindow, readWindow, type View, writeWindow } from './neuralWindow.ts';

/** The part of onnxruntime that is used here; the package is not there in an ordinary install. */
interface Runtime {
  readonly env: { logLevel: string; readonly wasm: { numThreads: number } };
  readonly Tensor: new (
    type: Signature['type'],
    data: Float32Array | Uint8Array,
    dims: readonly number[],
  ) => Tensor;
  readonly InferenceSession: {
    create(path: string, options: { readonly executionProviders: readonly string[] }): Promise<Session>;
  };
}

interface Tensor {
  readonly data: Float32Array | Uint8Array;
  readonly dims: readonly number[];
}

interface Session {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}

export interface NeuralModel {
  /**
   * Fills the hole and returns the whole picture, straight RGBA; pixels outside the hole are returned byte for byte.
   * An odd seed shows the model the picture mirrored, which gives another fill; it knows no other chance. `enlarged`:
   * how many times the largest part was enlarged. Asks the signal between the parts.
   */
  fill(
    signal: AbortSignalLike,
    request: FillRequest,
  ): Promise<{ readonly rgba: Uint8Array<ArrayBuffer>; readonly enlarged: number }>;
}

/** A picture for models that take any size to be tried on. */
const TRIAL_SIZE = { width: 512, height: 512 };
/** A model that gives 0..1 may go a little beyond; one that gives 0..255 gives 128 for grey. */
const LARGEST_UNIT = 2;

/**
 * Loads a model and tries it once. Throws a ModelRefused that says what is wrong with it. `runtime`: the package of
 * onnxruntime. Its arithmetic is the same from run to run on one machine with one number of threads.
 */
export async function openNeuralModel(path: string, runtime: string): Promise<NeuralModel> {
  const { env, InferenceSession, Tensor } = await loadRuntime(runtime);
  env.logLevel = 'error';
  env.wasm.numThreads = Math.min(availableParallelism(), 4);
  const session = await InferenceSession.create(path, { executionProviders: ['wasm'] }).catch(
    (cause: unknown) => {
      throw new ModelRefused(`onnxruntime cannot load it (${messageOf(cause)})`, { cause });
    },
  );
  const signature = readSignature(session.inputMetadata, session.outputMetadata);

  /** Three planes, in the model's own range. */
  async function run(view: View, { width, height }: ImageSize): Promise<Tensor['data']> {
    const feeds = feedsOf(signature, view, (channels, data) => {
      return new Tensor(signature.type, data, [1, channels, height, width]);
    });
    const answer = (await session.run(feeds))[signature.output];
    const dims = answer?.dims.join(', ');
    if (!answer || dims !== `1, 3, ${height}, ${width}`)
      throw new ModelRefused(`it answers a picture of ${width} × ${height} with one of the shape [${dims}]`);
    return answer.data;
  }

  /** What its answers are to be multiplied with, to be 0..255: 255 or 1. Grey with a hole in it tells. */
  async function outputFactor(): Promise<number> {
    const size = signature.size ?? TRIAL_SIZE;
    const rgba = new Uint8Array(size.width * size.height * 4).fill(128);
    const hole = new Uint8Array(size.width * size.height);
    hole[Math.floor(hole.length / 2)] = 1;
    const view = readWindow(
      { ...size, rgba, hole, seed: 0 },
      { ...size, left: 0, top: 0, scale: 1, flipped: false },
    );
    const answer = await run(view, size).catch((cause: unknown) => {
      if (cause instanceof ModelRefused) throw cause;
      throw new ModelRefused(`onnxruntime cannot run it (${messageOf(cause)})`, { cause });
    });
    let largest = 0;
    for (const value of answer) largest = Math.max(largest, value);
    return signature.type === 'uint8' || largest > LARGEST_UNIT ? 1 : 255;
  }

  const factor = await outputFactor();
  return {
    async fill(signal, request) {
      const rgba = new Uint8Array(request.rgba);
      let enlarged = 1;
      for (const region of clusterRegions(request.hole, request.width, request.height)) {
        signal.throwIfAborted();
        const window = planWindow(request, region, signature.size, request.seed % 2 === 1);
        const answer = await run(readWindow(request, window), window);
        writeWindow(
          Uint8ClampedArray.from(answer, (value) => value * factor),
          window,
          request,
          region,
          rgba,
        );
        enlarged = Math.max(enlarged, window.scale);
      }
      return { rgba, enlarged };
    },
  };
}

/** The inputs of one run. */
function feedsOf(
  { type, image, mask }: Signature,
  { planes, unknown }: View,
  tensor: (channels: number, data: Tensor['data']) => Tensor,
): Record<string, Tensor> {
  if (type === 'uint8') {
    const known = unknown.map((value) => (value === 0 ? 255 : 0));
    return { [image]: tensor(3, planes), [mask!]: tensor(1, known) };
  }
  const holes = Float32Array.from(unknown);
  const colours = Float32Array.from(planes, (value) => value / 255);
  if (mask !== null) return { [image]: tensor(3, colours), [mask]: tensor(1, holes) };
  const both = new Float32Array(colours.length + holes.length);
  both.set(colours);
  both.set(holes, colours.length);
  return { [image]: tensor(4, both) };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function loadRuntime(name: string): Promise<Runtime> {
  try {
    return await import(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new ModelRefused(`it needs the package ${name}, which is not installed: npm install ${name}`, {
      cause,
    });
  }
}
