import { randomInt } from 'node:crypto';
import { seedOf } from '../../src/fill/random.ts';
import { editTask, SOFTWARE, type Task, variationTask } from '../../src/fill/task.ts';
import type { ReplyNotice, ServiceCapabilities } from '../contract.ts';
import type { EditModel } from '../offline/editModel.ts';
import { createPartials } from '../offline/partials.ts';
import { type DecodedPicture, decodeHole, decodePicture, encodePicture } from '../offline/pixels.ts';
import { createPool, type Pool, type PoolOptions } from '../offline/pool.ts';
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
    maxPixels: 67_108_864,
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

/** What a picture says of its making by a model that the operator has put here. */
const MODEL_SOFTWARE = "Lacuna embedded engine: a model of the operator's own";

/** A fill that was enlarged more than this looks soft beside its surroundings. */
const SHARP_UP_TO = 1.5;

type OutputOptions = Pick<GenerateRequest, 'n' | 'seed' | 'size' | 'format' | 'compression'>;

export interface OfflineOptions extends Pick<PoolOptions, 'threads'> {
  /** Makes the edits that have a mask, instead of the engine's own fill. The provider closes it. */
  readonly editModel?: EditModel | null;
}

/** The engine that needs no service: fills from the picture itself, sketches from words, varies. */
export function createOfflineProvider({ editModel = null, ...options }: OfflineOptions = {}): Provider {
  const pool = createPool(options);
  const filling = editModel?.pool ?? pool;
  const service = { ...SERVICE, ...(editModel ? { editModel: editModel.name } : {}) };
  // All that src/fill does runs in a browser's workers too; the operator's model lies at the server.
  const local = EMBEDDED_MODEL.endpoints.filter((endpoint) => endpoint !== 'edits' || !editModel);

  /** One task per result, side by side; the first failure stops the others. */
  async function produce(
    signal: AbortSignal,
    request: OutputOptions,
    { profile, notices: told }: Pick<DecodedPicture, 'profile' | 'notices'>,
    progress: Progress,
    taskFor: (seed: number) => Task,
  ): Promise<ProviderResult> {
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const firstSeed = request.seed ?? randomInt(2 ** 32);
    const quality = request.compression ?? DEFAULT_QUALITY;
    const { format, size } = request;
    const makeOne = async (_: unknown, index: number) => {
      const task = taskFor(seedOf(firstSeed, index));
      const software = task.kind === 'fill' && editModel ? MODEL_SOFTWARE : SOFTWARE[task.kind];
      const encoding = { format, quality, size, profile, software };
      // A stream carries one picture.
      const partials =
        index === 0 && progress.partials ? createPartials(progress.partials, task, encoding) : null;
      const place: Pool = task.kind === 'fill' ? filling : pool;
      const result = await place.run(either, task, partials?.wanted);
      await partials?.delivered();
      const data = await encodePicture(result, encoding);
      signal.throwIfAborted();
      return { data, words: result.words, enlarged: result.enlarged ?? 1 };
    };
    try {
      const made = await Promise.all(Array.from({ length: request.n }, makeOne));
      const notices = [...told, ...softness(made.map(({ enlarged }) => enlarged))];
      return {
        images: made.map(({ data }) => ({ data, mime: `image/${request.format}` as const })),
        usage: null,
        quality: null,
        words: made[0]?.words ?? null,
        ...(notices.length > 0 ? { notices } : {}),
        requestId: null,
      };
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  }

  return {
    capabilities: () => ({
      service,
      defaultModel: EMBEDDED_MODEL.id,
      models: [{ ...EMBEDDED_MODEL, local }],
    }),

    generate(signal: AbortSignal, request: GenerateRequest, progress: Progress) {
      const { prompt } = request;
      const size = request.size ?? DEFAULT_SIZE;
      return produce(signal, request, { profile: null, notices: [] }, progress, (seed) => ({
        kind: 'generate',
        prompt,
        seed,
        ...size,
      }));
    },

    async edit(signal: AbortSignal, request: EditRequest, progress: Progress) {
      const { prompt, mask } = request;
      const [{ profile, notices, ...picture }, hole] = await Promise.all([
        decodePicture(request.images[0]),
        mask && decodeHole(mask),
      ]);
      return produce(signal, request, { profile, notices }, progress, (seed) =>
        editTask(picture, hole, prompt, seed),
      );
    },

    async vary(signal: AbortSignal, request: VariationRequest, progress: Progress) {
      const { profile, notices, ...picture } = await decodePicture(request.image);
      return produce(signal, request, { profile, notices }, progress, (seed) => variationTask(picture, seed));
    },

    close: async () => {
      await Promise.all([pool.close(), editModel?.pool.close()]);
    },
  };
}

function softness(enlarged: readonly number[]): readonly ReplyNotice[] {
  const most = Math.max(...enlarged);
  if (most <= SHARP_UP_TO) return [];
  const message = `The hole is large for the model: its fill was enlarged ${most.toFixed(1)} times and is soft.`;
  return [{ code: 'soft_fill', message }];
}
