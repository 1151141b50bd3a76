import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint, ImagesReply } from '../contract.ts';
import { ApiError, badRequest } from '../errors.ts';
import type { KeptFiles } from '../jobs/keptFiles.ts';
import type { Provider, ProviderImage, ProviderResult } from '../providers/provider.ts';
import { type ImageFields, parseFields, requirePrompt } from '../validation/fields.ts';
import { readImageHeader } from '../validation/imageHeader.ts';
import { jsonFields, readJsonForm } from '../validation/jsonPictures.ts';
import { checkMask, maskFromTransparency } from '../validation/maskRules.ts';
import { checkModelRules, chooseModel } from '../validation/modelRules.ts';
import { MAX_IMAGES, type RawForm, readMultipart } from '../validation/multipart.ts';
import { type CheckedPicture, checkPicture, type Limits } from '../validation/pictures.ts';
import { clientSignal } from './clientSignal.ts';

export interface ImageRouteOptions {
  readonly provider: Provider;
  readonly limits: Limits;
  readonly keptFiles: KeptFiles;
}

/** `POST /v1/images/generations | edits | variations`, OpenAI's wire format. */
export function imageRoutes(app: FastifyInstance, { provider, limits, keptFiles }: ImageRouteOptions): void {
  const json = { bodyLimit: base64Bytes(limits.maxUploadBytes) };

  app.post('/v1/images/generations', async (request, reply) => {
    const raw = request.isMultipart()
      ? (await readMultipart(request, reply, limits.maxUploadBytes)).fields
      : jsonFields(request.body);
    const fields = parseFields(raw);
    requirePrompt(fields);
    const options = providerOptions('generations', fields, []);
    return answer(request, reply, fields, (signal) => provider.generate(signal, options));
  });

  app.post('/v1/images/edits', json, async (request, reply) => {
    const form = await readForm(request, reply);
    const images = pictures(form);
    const fields = parseFields(form.fields);
    requirePrompt(fields);
    const options = providerOptions('edits', fields, images);
    const mask = await editMask(form, images[0]);
    return answer(request, reply, fields, (signal) => provider.edit(signal, { ...options, images, mask }));
  });

  app.post('/v1/images/variations', json, async (request, reply) => {
    const form = await readForm(request, reply);
    const images = pictures(form);
    const fields = parseFields(form.fields);
    const options = providerOptions('variations', fields, images);
    return answer(request, reply, fields, (signal) =>
      provider.vary(signal, { ...options, image: images[0] }),
    );
  });

  function readForm(request: FastifyRequest, reply: FastifyReply): RawForm | Promise<RawForm> {
    return request.isMultipart()
      ? readMultipart(request, reply, limits.maxUploadBytes)
      : readJsonForm(request.body);
  }

  function pictures({ images }: RawForm): [CheckedPicture, ...CheckedPicture[]] {
    const [first, ...others] = images.map((data) => checkPicture(data, 'image', limits));
    if (!first)
      throw badRequest('missing_required_parameter', 'image', "Missing required parameter: 'image'.");
    if (images.length > MAX_IMAGES)
      throw badRequest('invalid_value', 'image', `At most ${MAX_IMAGES} pictures are taken.`);
    return [first, ...others];
  }

  async function editMask({ mask }: RawForm, image: CheckedPicture): Promise<ProviderImage | null> {
    if (mask === null) return maskFromTransparency(image, limits);
    return checkMask(checkPicture(mask, 'mask', limits), image, limits);
  }

  function providerOptions(endpoint: Endpoint, fields: ImageFields, images: readonly CheckedPicture[]) {
    const model = chooseModel(provider.capabilities(), fields.model);
    checkModelRules(model, endpoint, fields, images);
    if (fields.size && fields.size.width * fields.size.height > limits.maxPixels)
      throw badRequest('invalid_value', 'size', `At most ${limits.maxPixels} pixels are made.`);
    const { responseFormat: _, ...options } = fields;
    return { ...options, model: model.id };
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    fields: ImageFields,
    work: (signal: AbortSignal) => Promise<ProviderResult>,
  ): Promise<ImagesReply> {
    const signal = clientSignal(reply);
    const result = await work(signal).catch((error: unknown) => {
      throw signal.aborted
        ? new ApiError(499, 'cancelled', 'The client went away.', { cause: error })
        : error;
    });
    if (result.requestId) reply.header('x-upstream-request-id', result.requestId);
    const base = `${request.protocol}://${request.host}/files/`;
    return {
      created: Math.floor(Date.now() / 1000),
      data: imageData(result, fields, base),
      ...describeFirst(result),
      ...(result.quality ? { quality: result.quality } : {}),
      ...(result.usage ? { usage: result.usage } : {}),
      ...(result.words ? { lacuna: result.words } : {}),
    };
  }

  function imageData({ images }: ProviderResult, fields: ImageFields, base: string): ImagesReply['data'] {
    const names = fields.responseFormat === 'url' ? keptFiles.keep(images) : null;
    return images.map(({ data, revisedPrompt }, i) => ({
      ...(names ? { url: `${base}${names[i]}` } : { b64_json: toBase64(data) }),
      ...(revisedPrompt ? { revised_prompt: revisedPrompt } : {}),
    }));
  }
}

/** Format and size as the bytes have them, whatever was asked for. */
function describeFirst({ images }: ProviderResult): Pick<ImagesReply, 'output_format' | 'size'> {
  const header = images[0] ? readImageHeader(images[0].data) : 'unknown';
  if (typeof header === 'string') return {};
  const format = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;
  return { output_format: format[header.mime], size: `${header.width}x${header.height}` };
}

const toBase64 = (data: Uint8Array) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/** Base64 writes 3 bytes as 4 characters; a little more for the rest of the JSON. */
const base64Bytes = (bytes: number) => Math.ceil((bytes * 4) / 3) + 1024 * 1024;
