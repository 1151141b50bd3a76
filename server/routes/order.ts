import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '../contract.ts';
import { badRequest } from '../errors.ts';
import type {
  ImageSize,
  Model,
  Progress,
  Provider,
  ProviderImage,
  ProviderResult,
} from '../providers/provider.ts';
import type { Services } from '../providers/services.ts';
import { type ImageFields, parseFields, requirePrompt } from '../validation/fields.ts';
import { jsonFields, readJsonForm } from '../validation/jsonPictures.ts';
import { checkMarkup, checkMask, maskFromTransparency } from '../validation/maskRules.ts';
import { checkMaskBytes, checkModelRules } from '../validation/modelRules.ts';
import { MAX_IMAGES, type RawForm, readMultipart } from '../validation/multipart.ts';
import { type CheckedPicture, checkPicture, type Limits } from '../validation/pictures.ts';

/** A request that was read and checked: who answers it, in which form, and how it is sent. */
export interface Order {
  readonly endpoint: Endpoint;
  readonly model: Model;
  readonly provider: Provider;
  readonly fields: ImageFields;
  /** Upright size of the first picture that is sent; null: none is. */
  readonly input: ImageSize | null;
  /** Hex SHA-256 of all that was asked: equal for the same request, whatever its boundaries and order of parts. */
  fingerprint(): string;
  send(signal: AbortSignal, progress: Progress): Promise<ProviderResult>;
}

export interface OrderReader {
  /** Reads the body of a request to one of the three routes. Throws an ApiError for whatever is wrong with it. */
  read(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<Order>;
}

export function createOrderReader(services: Services, limits: Limits): OrderReader {
  async function readForm(
    request: FastifyRequest,
    reply: FastifyReply,
    endpoint: Endpoint,
  ): Promise<RawForm> {
    if (request.isMultipart()) return readMultipart(request, reply, limits.maxUploadBytes);
    const { body } = request;
    // The request lives as long as its job, and would keep the base64 of pictures that have been decoded.
    request.body = null;
    if (endpoint === 'generations') return { fields: jsonFields(body), images: [], mask: null, markup: null };
    return readJsonForm(body);
  }

  function pictures({ images }: RawForm): [CheckedPicture, ...CheckedPicture[]] {
    const [first, ...others] = images.map((data) => checkPicture(data, 'image', limits));
    if (!first)
      throw badRequest('missing_required_parameter', 'image', "Missing required parameter: 'image'.");
    if (images.length > MAX_IMAGES)
      throw badRequest('invalid_value', 'image', `At most ${MAX_IMAGES} pictures are taken.`);
    return [first, ...others];
  }

  /** Notes drawn over the picture are for all of it: its own transparency is no mask beside them. */
  async function overlays(
    { mask, markup }: RawForm,
    image: CheckedPicture,
    model: Model,
  ): Promise<{ mask: ProviderImage | null; markup: ProviderImage | null }> {
    if (markup === null) {
      if (mask === null) return { mask: await maskFromTransparency(image, limits), markup };
      checkMaskBytes(model, mask);
      return { mask: await checkMask(checkPicture(mask, 'mask', limits), image, limits), markup };
    }
    if (mask !== null)
      throw badRequest('invalid_value', 'markup', "'markup' cannot be combined with 'mask'.");
    if (!model.markup)
      throw badRequest(
        'unknown_parameter',
        'markup',
        `The model '${model.id}' does not support the 'markup' parameter.`,
      );
    return { mask, markup: await checkMarkup(checkPicture(markup, 'markup', limits), image, limits) };
  }

  return {
    async read(endpoint, request, reply) {
      const form = await readForm(request, reply, endpoint);
      const images = endpoint === 'generations' ? null : pictures(form);
      const fields = parseFields(form.fields);
      if (endpoint !== 'variations') requirePrompt(fields);
      const { provider, model } = services.choose(fields.model);
      checkModelRules(model, endpoint, fields, images ?? []);
      if (fields.size && fields.size.width * fields.size.height > limits.maxPixels)
        throw badRequest('invalid_value', 'size', `At most ${limits.maxPixels} pixels are made.`);
      const { responseFormat: _, stream: __, partials: ___, ...common } = fields;
      const options = { ...common, model: model.id };
      const order = { endpoint, model, provider, fields, input: images?.[0] ?? null };
      let hashed: string | null = null;
      // Hashing a large picture takes longer than much of the rest, and only who sends a key needs it.
      const fingerprint = () => {
        hashed ??= fingerprintOf(endpoint, form);
        return hashed;
      };
      if (images === null)
        return {
          ...order,
          fingerprint,
          send: (signal, progress) => provider.generate(signal, options, progress),
        };
      if (endpoint === 'variations')
        return {
          ...order,
          fingerprint,
          send: (signal, progress) => provider.vary(signal, { ...options, image: images[0] }, progress),
        };
      const over = await overlays(form, images[0], model);
      return {
        ...order,
        fingerprint,
        send: (signal, progress) => provider.edit(signal, { ...options, images, ...over }, progress),
      };
    },
  };
}

function fingerprintOf(endpoint: Endpoint, { fields, images, mask, markup }: RawForm): string {
  const hash = createHash('sha256');
  const named = Object.entries(fields).filter(([, value]) => typeof value !== 'object');
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([endpoint, named.map(([name, value]) => [name, String(value)])]));
  // Each in its place: a second picture is not a mask.
  for (const file of [mask, markup, ...images])
    hash.update(file ? createHash('sha256').update(file).digest() : 'none');
  return hash.digest('hex');
}
