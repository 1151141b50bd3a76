import type { Quality } from '../contract.ts';
import type { GenerateRequest, ImageSize, Model, Progress } from './provider.ts';
import { formatSize, nearestSize, sizeProblem } from './sizes.ts';

/** Size and quality are always sent: left to the service they may change the shape and multiply the price. */
export function commonFields(model: Model, request: GenerateRequest, size: ImageSize) {
  const gptImage = !model.responseFormat;
  const quality = sentQuality(model, request.quality);
  return {
    model: model.id,
    n: request.n,
    size: formatSize(size),
    ...(quality ? { quality } : {}),
    ...(gptImage ? {} : { response_format: 'b64_json' }),
    ...(gptImage || request.format !== 'png' ? { output_format: request.format } : {}),
    ...(request.compression === null ? {} : { output_compression: request.compression }),
    ...request.settings,
    ...(model.seed && request.seed !== null ? { seed: request.seed } : {}),
    ...(request.user ? { user: request.user } : {}),
  };
}

/** `auto` leaves the quality to the service, and where it is no word of the model's, saying nothing does. */
export function sentQuality(model: Model, chosen: Quality | null): Quality | null {
  const named = chosen === 'auto' && !model.qualities.includes('auto') ? null : chosen;
  return named ?? model.defaultQuality;
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

/** A stream is asked for where it is wanted and the model has one; its events do not say which of several pictures. */
export function streamFields(model: Model, { n }: GenerateRequest, { partials }: Progress) {
  if (partials === null || model.maxPartials === null || n !== 1) return {};
  return { stream: true, partial_images: Math.min(partials.count, model.maxPartials) };
}

/** One file goes under its name, several as a list under `name[]`. */
export function asForm(
  fields: Readonly<Record<string, string | number | boolean>>,
  files: Readonly<Record<string, readonly File[]>>,
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  for (const [name, list] of Object.entries(files))
    for (const file of list) form.append(list.length === 1 ? name : `${name}[]`, file, file.name);
  return form;
}
