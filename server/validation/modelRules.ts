import type { Endpoint, OutputFormat } from '../contract.ts';
import { ApiError, badRequest } from '../errors.ts';
import type { Model, Settings } from '../providers/provider.ts';
import { formatSize, sizeProblem } from '../providers/sizes.ts';
import type { ImageFields } from './fields.ts';
import type { CheckedPicture } from './pictures.ts';

const MB = 1024 * 1024;
/** What the oldest clients ask for; the provider makes it from the smallest size of its model. */
const CLASSIC_SIZES = ['256x256', '512x512'];

/** Refuses what the model's capabilities say it cannot do, before anything is sent or billed. */
export function checkModelRules(
  model: Model,
  endpoint: Endpoint,
  fields: ImageFields,
  pictures: readonly CheckedPicture[],
): void {
  const { id } = model;
  if (!model.endpoints.includes(endpoint))
    throw new ApiError(400, 'unsupported_endpoint', `The model '${id}' does not offer ${endpoint}.`, {
      param: 'model',
    });
  if (fields.n > model.maxResults)
    throw badRequest('invalid_value', 'n', `The model '${id}' makes at most ${model.maxResults} at a time.`);
  if (fields.prompt.length > model.promptMaxChars) {
    const lengths = `${fields.prompt.length} characters; '${id}' takes ${model.promptMaxChars}`;
    throw badRequest('prompt_too_long', 'prompt', `The prompt is too long: ${lengths}.`);
  }
  // A model whose only quality is `auto` has no such setting, and the word is ignored.
  const choosesQuality = model.qualities.some((quality) => quality !== 'auto');
  if (choosesQuality && fields.quality && ![...model.qualities, 'auto'].includes(fields.quality))
    throw badRequest(
      'invalid_value',
      'quality',
      `The model '${id}' does not support quality '${fields.quality}'.`,
    );
  if (!model.outputFormats.includes(fields.format))
    throw badRequest('invalid_value', 'output_format', `The model '${id}' does not write ${fields.format}.`);
  if (fields.size && !(fields.model === '' && CLASSIC_SIZES.includes(formatSize(fields.size)))) {
    const problem = sizeProblem(model.sizes, fields.size);
    if (problem)
      throw badRequest('invalid_value', 'size', `Invalid size '${formatSize(fields.size)}'. ${problem}`);
  }
  checkStream(model, fields);
  checkSettings(model, fields.settings);
  for (const picture of pictures) checkInput(model, picture);
}

function checkStream({ id, maxPartials }: Model, { stream, partials }: ImageFields): void {
  if (!stream) return;
  if (maxPartials === null)
    throw badRequest('invalid_value', 'stream', `The model '${id}' does not stream: leave out 'stream'.`);
  if (partials > maxPartials)
    throw badRequest(
      'invalid_value',
      'partial_images',
      `The model '${id}' shows at most ${maxPartials} partial images.`,
    );
}

function checkSettings({ id, settings: taken }: Model, settings: Settings): void {
  if (!taken) return;
  for (const name of Object.keys(taken) as (keyof Settings)[]) {
    const value = settings[name];
    if (value === undefined) continue;
    if (taken[name].length === 0)
      throw badRequest(
        'unknown_parameter',
        name,
        `The model '${id}' does not support the '${name}' parameter.`,
      );
    if (!taken[name].includes(value))
      throw badRequest('invalid_value', name, `The model '${id}' does not support ${name} '${value}'.`);
  }
}

/** Where a model takes square PNGs alone, its masks are bound by the same bytes. */
export function checkMaskBytes({ id, input }: Model, mask: Uint8Array): void {
  if (!input?.square || mask.length <= input.maxBytes) return;
  const message = `The model '${id}' takes masks of at most ${input.maxBytes} bytes.`;
  throw new ApiError(413, 'image_too_large', message, { param: 'mask' });
}

function checkInput({ id, input }: Model, picture: CheckedPicture): void {
  if (!input) throw badRequest('unsupported_endpoint', 'image', `The model '${id}' takes no picture.`);
  const { maxBytes, formats } = input;
  const kinds = (formats ?? ['png', 'jpeg', 'webp']).map((format) => format.toUpperCase()).join(', ');
  const rule = `Uploaded image must be a ${kinds} and less than ${Math.ceil(maxBytes / MB)} MB.`;
  if (formats && !formats.includes(picture.mime.slice('image/'.length) as OutputFormat))
    throw badRequest('invalid_image_format', 'image', rule);
  if (picture.data.length > maxBytes) throw new ApiError(413, 'image_too_large', rule, { param: 'image' });
  if (input.square && picture.width !== picture.height)
    throw badRequest('invalid_image_file', 'image', `The model '${id}' takes square pictures only.`);
}
