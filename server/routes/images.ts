import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint, ImagesReply } from '../contract.ts';
import { ApiError } from '../errors.ts';
import type { KeptFiles } from '../jobs/keptFiles.ts';
import type { Admission, Reservation } from '../limits/admission.ts';
import { clientOf } from '../limits/client.ts';
import { costUsd, estimateUsd } from '../limits/estimate.ts';
import type { ProviderResult } from '../providers/provider.ts';
import type { Services } from '../providers/services.ts';
import type { ImageFields } from '../validation/fields.ts';
import { readImageHeader } from '../validation/imageHeader.ts';
import type { Limits } from '../validation/pictures.ts';
import { clientSignal } from './clientSignal.ts';
import { createOrderReader, type Order } from './order.ts';

export interface ImageRouteOptions {
  readonly services: Services;
  readonly limits: Limits;
  readonly keptFiles: KeptFiles;
  readonly admission: Admission;
}

const ENDPOINTS: readonly Endpoint[] = ['generations', 'edits', 'variations'];

/** `POST /v1/images/generations | edits | variations`, OpenAI's wire format. */
export function imageRoutes(app: FastifyInstance, options: ImageRouteOptions): void {
  const { services, limits, keptFiles, admission } = options;
  const orders = createOrderReader(services, limits);
  const bodyLimit = longestBody(limits);
  for (const endpoint of ENDPOINTS) {
    app.post(`/v1/images/${endpoint}`, { bodyLimit }, async (request, reply) =>
      answer(request, reply, await orders.read(endpoint, request, reply)),
    );
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, order: Order): Promise<ImagesReply> {
    const { fields, provider } = order;
    const { service } = provider.capabilities();
    const signal = clientSignal(reply);
    reply.header('x-lacuna-engine', service.id);
    const free = service.kind === 'embedded';
    const wanted = { pictures: fields.n, usd: estimateUsd(order), free };
    const reservation = await admission.admit(clientOf(request), wanted);
    const result = await sendReserved(order, signal, reservation).catch((error: unknown) => {
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

/** Bytes of a body. Base64 writes 3 bytes as 4 characters; a little more for the rest of the JSON, or of a form. */
export const longestBody = ({ maxUploadBytes }: Limits) =>
  Math.ceil((maxUploadBytes * 4) / 3) + 2 * 1024 * 1024;

/** What a service refused is not billed; what failed otherwise may be, once a byte was sent. */
async function sendReserved(
  order: Order,
  signal: AbortSignal,
  reservation: Reservation,
): Promise<ProviderResult> {
  let sent = false;
  const onSent = () => {
    sent = true;
  };
  try {
    const result = await order.send(signal, { onSent, partials: null });
    await reservation.settle(costUsd(order.model, result.usage));
    return result;
  } catch (error) {
    const maybeBilled = !(error instanceof ApiError) || error.options.maybeBilled === true;
    if (sent || maybeBilled) await reservation.settle(maybeBilled ? null : 0);
    else await reservation.release();
    throw error;
  }
}
