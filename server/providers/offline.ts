import { randomInt } from 'node:crypto';
import { seedOf } from '../../src/fill/random.ts';
import { editTask, type Task, variationTask } from '../../src/fill/task.ts';
import type { ServiceCapabilities } from '../contract.ts';
import { createPartials } from '../offline/partials.ts';
import { decodeHole, decodePicture, encodePicture } from '../offline/pixels.ts';
import { createPool, type PoolOptions } from '../offline/pool.ts';
import type {
  EditRequest,
  GenerateRequest,
  Model,
  Progress,
  Provider,
  ProviderResult,
  VariationRequest,
} from './provider.ts';

const EMBEDDED_MODEL: Model = {
  id: 'lacuna-embedded',
  service: 'embedded',
  status: 'active',
  shutdown: null,
  endpoints: ['generations', 'edits', 'variations'],
  nativeVariations: true,
  // Code written for any service runs against it, whatever it sets.
  settings: null,
  sizes: {
    kind: 'free',
    step: 1,
    minPixels: 16 * 16,
    maxPixels: 16_777_216,
    maxEdge: 16_384,
    maxRatio: 1024,
    // More surroundings than this make a fill slower, not better.
    wholeUpTo: 2_097_152,
  },
  qualities: ['auto'],
  defaultQuality: null,
  maxResults: 10,
  promptMaxChars: 32_000,
  input: { maxBytes: 100 * 1024 * 1024, square: false },
  outputFormats: ['png', 'jpeg', 'webp'],
  responseFormat: true,
  maskGrow: 1,
  promptedEdits: false,
  // All that src/fill does: it runs in a browser's workers too.
  local: ['generations', 'edits', 'variations'],
  markup: false,
  maxPartials: 3,
  seed: true,
  pricing: null,
};

const SERVICE: ServiceCapabilities = {
  id: 'embedded',
  kind: 'embedded',
  host: null,
  profile: null,
  mask: 'honoured',
  probe: null,
};

const DEFAULT_SIZE = { width: 1024, height: 1024 };
const DEFAULT_QUALITY = 92;

type OutputOptions = Pick<GenerateRequest, 'n' | 'seed' | 'size' | 'format' | 'compression'>;

/** The engine that needs no service: fills from the picture itself, sketches from words, varies. */
export function createOfflineProvider(options: PoolOptions = {}): Provider {
  const pool = createPool(options);

  /** One task per result, side by side; the first failure stops the others. */
  async function produce(
    signal: AbortSignal,
    request: OutputOptions,
    profile: Uint8Array | null,
    progress: Progress,
    taskFor: (seed: number) => Task,
  ): Promise<ProviderResult> {
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const firstSeed = request.seed ?? randomInt(2 ** 32);
    const quality = request.compression ?? DEFAULT_QUALITY;
    const { format, size } = request;
    const encoding = { format, quality, size, profile };
    const makeOne = async (_: unknown, index: number) => {
      const task = taskFor(seedOf(firstSeed, index));
      // A stream carries one picture.
      const partials =
        index === 0 && progress.partials ? createPartials(progress.partials, task, encoding) : null;
      const result = await pool.run(either, task, partials?.wanted);
      await partials?.delivered();
      const data = await encodePicture(result, encoding);
      signal.throwIfAborted();
      return { data, words: result.words };
    };
    try {
      const made = await Promise.all(Array.from({ length: request.n }, makeOne));
      return {
        images: made.map(({ data }) => ({ data, mime: `image/${request.format}` as const })),
        usage: null,
        quality: null,
        words: made[0]?.words ?? null,
        requestId: null,
      };
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  }

  return {
    capabilities: () => ({
      service: SERVICE,
      defaultModel: EMBEDDED_MODEL.id,
      models: [EMBEDDED_MODEL],
    }),

    generate(signal: AbortSignal, request: GenerateRequest, progress: Progress) {
      const { prompt } = request;
      const size = request.size ?? DEFAULT_SIZE;
      return produce(signal, request, null, progress, (seed) => ({
        kind: 'generate',
        prompt,
        seed,
        ...size,
      }));
    },

    async edit(signal: AbortSignal, request: EditRequest, progress: Progress) {
      const { prompt, mask } = request;
      const [{ profile, ...picture }, hole] = await Promise.all([
        decodePicture(request.images[0]),
        mask && decodeHole(mask),
      ]);
      return produce(signal, request, profile, progress, (seed) => editTask(picture, hole, prompt, seed));
    },

    async vary(signal: AbortSignal, request: VariationRequest, progress: Progress) {
      const { profile, ...picture } = await decodePicture(request.image);
      return produce(signal, request, profile, progress, (seed) => variationTask(picture, seed));
    },

    close: () => pool.close(),
  };
}
