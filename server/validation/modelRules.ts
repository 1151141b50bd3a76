import type { Capabilities, Endpoint, ModelCapabilities } from '../contract.ts';
import { ApiError, badRequest } from '../errors.ts';
import { describeModel, findModel } from '../providers/models.ts';
import { formatSize, sizeProblem } from '../providers/sizes.ts';
import type { ImageFields } from './fields.ts';
import type { CheckedPicture } from './pictures.ts';

/** What the oldest clients ask for; the provider makes it from the smallest size of its model. */
const CLASSIC_SIZES = ['256x256', '512x512'];

/** The embedded engine answers under any model's name, so that code written for another service runs against it. */
export function chooseModel(capabilities: Omit<Capabilities, 'limits'>, named: string): ModelCapabilities {
  const id = capabilities.provider === 'embedded' || named === '' ? capabilities.defaultModel : named;
  return findModel(capabilities.models, id) ?? describeModel(id);
}

/** Refuses what the model's capabilities say it cannot do, before anything is sent or billed. */
export function checkModelRules(
  model: ModelCapabilities,
  endpoint: Endpoint,
  fields: ImageFields,
  pictures: readonly CheckedPicture[],
): void {
  const { id, endpoints } = model;
  // A variation falls back to an edit where the endpoint itself is gone.
  const offered = endpoints.includes(endpoint) || (endpoint === 'variations' && endpoints.includes('edits'));
  if (!offered)
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
  for (const picture of pictures) checkInput(model, picture);
}

function checkInput({ id, input }: ModelCapabilities, picture: CheckedPicture): void {
  if (!input) throw badRequest('unsupported_endpoint', 'image', `The model '${id}' takes no picture.`);
  if (picture.data.length > input.maxBytes) {
    const message = `The model '${id}' takes pictures of at most ${input.maxBytes} bytes.`;
    throw new ApiError(413, 'image_too_large', message, { param: 'image' });
  }
  if (input.square && picture.width !== picture.height)
    throw badRequest('invalid_image_file', 'image', `The model '${id}' takes square pictures only.`);
}
