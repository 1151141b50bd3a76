import sharp from 'sharp';
import type { Endpoint, ErrorCode, MaskUse, ProbeReport } from '../contract.ts';
import { ApiError } from '../errors.ts';
import type { Admission } from '../limits/admission.ts';
import { costUsd, estimateUsd } from '../limits/estimate.ts';
import type {
  EditRequest,
  ImageSize,
  Model,
  Progress,
  Provider,
  ProviderImage,
  ProviderResult,
} from './provider.ts';
import { formatSize, nearestSize } from './sizes.ts';

/** What a probe sends, and what that costs. */
export interface ProbePlan {
  readonly requests: number;
  /** null: no price is known. */
  readonly usd: number | null;
}

/** Mean difference of a channel, of 255, above which a half of the picture counts as changed. */
const CHANGED = 40;
const GREY = 128;
const PROMPT = 'A flat, solid, pure red area. Nothing else.';
const QUIET: Progress = { partials: null };

interface Step {
  readonly endpoint: Endpoint;
  readonly size: ImageSize;
  run(signal: AbortSignal): Promise<ProviderResult>;
}

/** Failures that say how things stand at the moment, and nothing of what the service can do. */
const PASSING: readonly ErrorCode[] = [
  'invalid_api_key',
  'organization_not_verified',
  'insufficient_quota',
  'rate_limit_exceeded',
  'server_is_overloaded',
  'moderation_blocked',
  'upstream_timeout',
  'upstream_unreachable',
  'cancelled',
];

/**
 * Learns from a running service, with the smallest pictures that it takes, whether it honours a mask, which of two sizes
 * come back as asked for, whether it streams, and whether it has variations of its own. Each is asked once.
 */
export function createProbe(provider: Provider, model: Model) {
  const square = nearestSize(model.sizes, { width: 16, height: 16 });
  const wide = nearestSize(model.sizes, { width: square.width * 1.5, height: square.height });
  const found = { mask: 'unknown' as MaskUse, sizes: [] as string[], streaming: false, variations: false };
  const options = (size: ImageSize) => ({
    model: model.id,
    n: 1,
    size,
    quality: model.qualities.includes('low') ? ('low' as const) : null,
    settings: {},
    seed: null,
    format: 'png' as const,
    compression: null,
    user: null,
  });

  function noteSize({ images: [image] }: ProviderResult, size: ImageSize) {
    return sharp(image?.data)
      .metadata()
      .then(({ width, height }) => {
        const asked = formatSize(size);
        if (formatSize({ width, height }) === asked && !found.sizes.includes(asked)) found.sizes.push(asked);
      });
  }

  const edits: Step = {
    endpoint: 'edits',
    size: square,
    async run(signal) {
      const request: EditRequest = {
        ...options(square),
        prompt: PROMPT,
        images: [await flatPicture(square)],
        mask: await leftHalfMask(square),
        markup: null,
      };
      const result = await provider.edit(signal, request, QUIET);
      found.mask = await maskUseOf(result, square);
      await noteSize(result, square);
      return result;
    },
  };
  const generations: Step = {
    endpoint: 'generations',
    size: wide,
    async run(signal) {
      let partials = 0;
      const progress: Progress = { partials: { count: 1, onPartial: () => partials++ } };
      const result = await provider.generate(signal, { ...options(wide), prompt: PROMPT }, progress);
      found.streaming = partials > 0;
      await noteSize(result, wide);
      return result;
    },
  };
  const variations: Step = {
    endpoint: 'variations',
    size: square,
    async run(signal) {
      const request = { ...options(square), image: await flatPicture(square) };
      const result = await provider.vary(signal, request, QUIET);
      found.variations = true;
      return result;
    },
  };
  const steps = [edits, generations, variations];
  const prices: readonly (number | null)[] = steps.map(({ endpoint, size }) =>
    estimateUsd({
      endpoint,
      model,
      fields: {
        size,
        quality: options(size).quality,
        n: 1,
        prompt: PROMPT,
        partials: endpoint === 'generations' ? 1 : 0,
      },
      input: endpoint === 'generations' ? null : size,
    }),
  );
  const usd = prices.reduce<number | null>(sumOf, 0);

  return {
    plan: { requests: steps.length, usd } satisfies ProbePlan,
    /**
     * Sends what was planned. A step that is refused has taught that it is. One that fails for a passing reason has
     * taught nothing: it ends the probe and is thrown, as is the first failure where no step came through.
     */
    async run(signal: AbortSignal, client: string, admission: Admission): Promise<ProbeReport> {
      const reservation = await admission.admit(client, { pictures: steps.length, usd, free: false });
      const failures: unknown[] = [];
      let billed: number | null = 0;
      try {
        for (const [i, { run }] of steps.entries()) {
          const price = prices[i] ?? null;
          try {
            const { usage } = await run(signal);
            billed = sumOf(billed, costUsd(model, usage) ?? price);
          } catch (error) {
            const known = error instanceof ApiError ? error : null;
            if (known === null || known.options.maybeBilled) billed = sumOf(billed, price);
            if (signal.aborted || (known && PASSING.includes(known.code))) throw error;
            failures.push(error);
          }
        }
      } finally {
        await reservation.settle(billed);
      }
      if (failures.length === steps.length) throw failures[0];
      return { at: new Date().toISOString(), model: model.id, ...found };
    },
  };
}

/** null: of one of them no price is known, so there is none of both. */
const sumOf = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

async function flatPicture({ width, height }: ImageSize): Promise<ProviderImage> {
  const background = { r: GREY, g: GREY, b: GREY };
  const data = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  return { data, mime: 'image/png', width, height };
}

/** Transparent on the left. Who looks at brightness instead sees it the wrong way round: black there, white on the right. */
async function leftHalfMask({ width, height }: ImageSize): Promise<ProviderImage> {
  const rgba = Buffer.alloc(width * height * 4);
  for (let i = 0; i < width * height; i++)
    rgba.writeUInt32BE(i % width < width / 2 ? 0x00000000 : 0xffffffff, i * 4);
  const data = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return { data, mime: 'image/png', width, height };
}

/** By what became of the two halves of a grey picture; what lies near their border is not looked at. */
async function maskUseOf(
  { images: [image] }: ProviderResult,
  { width, height }: ImageSize,
): Promise<MaskUse> {
  const pixels = await sharp(image?.data)
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const changeOf = (from: number, to: number) => {
    let sum = 0;
    let count = 0;
    for (let y = 0; y < height; y++)
      for (let x = Math.ceil(from * width); x < Math.floor(to * width); x++)
        for (let c = 0; c < 3; c++, count++)
          sum += Math.abs((pixels[(y * width + x) * 3 + c] ?? GREY) - GREY);
    return sum / Math.max(1, count);
  };
  const inside = changeOf(0, 0.4) > CHANGED;
  const outside = changeOf(0.6, 1) > CHANGED;
  if (inside === outside) return inside ? 'ignored' : 'unknown';
  return inside ? 'honoured' : 'inverted';
}
