import type { Quality } from '../contract.ts';
import type { EndpointProfile, OmittableField } from './profiles.ts';
import type { GenerateRequest, ImageSize, Model, Progress, VariationRequest } from './provider.ts';
import { formatSize, nearestSize, sizeProblem } from './sizes.ts';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** A request with what its server and its model are known for, and the size to ask for. */
interface Asked<R> {
  readonly profile: EndpointProfile;
  readonly model: Model;
  readonly request: R;
  readonly size: ImageSize;
}

/**
 * All of a generation, and of an edit what is no picture. Size and quality are always sent: left to the service they
 * may change the shape and multiply the price.
 */
export function requestFields(
  { profile, model, request, size }: Asked<GenerateRequest>,
  { partials }: Progress,
): Fields {
  const gptImage = !model.responseFormat;
  const quality = sentQuality(model, request.quality);
  // The events of a stream do not say which of several pictures they show.
  const streamed = partials && request.n === 1 ? model.maxPartials : null;
  return {
    ...without(profile.omits, {
      model: model.id,
      n: request.n,
      size: formatSize(size),
      ...(gptImage ? {} : { response_format: 'b64_json' }),
    }),
    prompt: request.prompt,
    ...(quality ? { quality } : {}),
    ...(gptImage || request.format !== 'png' ? { output_format: request.format } : {}),
    ...(request.compression === null ? {} : { output_compression: request.compression }),
    ...request.settings,
    ...(model.seed && request.seed !== null ? { seed: request.seed } : {}),
    ...(request.user ? { user: request.user } : {}),
    ...(partials && streamed !== null
      ? { stream: true, partial_images: Math.min(partials.count, streamed) }
      : {}),
  };
}

/** The quality that is named to the service; null: none. */
export function sentQuality(model: Model, wanted: Quality | null): Quality | null {
  // `auto` leaves the quality to the service, and where it is no word of the model's, saying nothing does.
  const named = wanted === 'auto' && !model.qualities.includes('auto') ? null : wanted;
  return named ?? model.defaultQuality;
}

/** Of a variation at an endpoint of its own. */
export function variationFields({ profile, model, request, size }: Asked<VariationRequest>): Fields {
  return {
    ...without(profile.omits, {
      model: model.id,
      n: request.n,
      size: formatSize(size),
      response_format: 'b64_json',
    }),
    ...(request.user ? { user: request.user } : {}),
  };
}

const without = (omitted: readonly OmittableField[], fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => !omitted.some((omittable) => omittable === name)),
  );

export function toForm(fields: Fields, parts: readonly (readonly [field: string, file: File])[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  for (const [name, file] of parts) form.append(name, file, file.name);
  return form;
}

/**
 * The size to ask for, and the one to shrink the answer to where they differ: clients of 2023 ask for 256x256 and
 * 512x512, which no current model makes.
 */
export function planSize(model: Model, wanted: ImageSize | null, source: ImageSize | null) {
  const SQUARE = { width: 1024, height: 1024 };
  if (wanted === null) return { ask: nearestSize(model.sizes, source ?? SQUARE), deliver: null };
  if (sizeProblem(model.sizes, wanted) === null) return { ask: wanted, deliver: null };
  return { ask: nearestSize(model.sizes, wanted), deliver: wanted };
}
