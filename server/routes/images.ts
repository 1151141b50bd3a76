import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint, ErrorCode, ImagesReply } from '../contract.ts';
import { ApiError } from '../errors.ts';
import type { KeptFiles } from '../jobs/keptFiles.ts';
import type { JobObserver } from '../jobs/observer.ts';
import type { Model, ProviderResult } from '../providers/provider.ts';
import type { Services } from '../providers/services.ts';
import type { ImageFields } from '../validation/fields.ts';
import { readImageHeader } from '../validation/imageHeader.ts';
import type { Limits } from '../validation/pictures.ts';
import { clientSignal } from './clientSignal.ts';
import { discreetOrder } from './discreetOrder.ts';
import { createOrderReader, type Order } from './order.ts';

export interface ImageRouteOptions {
  readonly services: Services;
  readonly limits: Limits;
  readonly keptFiles: KeptFiles;
  readonly observer: JobObserver;
}

const ENDPOINTS: readonly Endpoint[] = ['generations', 'edits', 'variations'];

/** `POST /v1/images/generations | edits | variations`, OpenAI's wire format. */
export function imageRoutes(
  app: FastifyInstance,
  { services, limits, keptFiles, observer }: ImageRouteOptions,
): void {
  const orders = createOrderReader(services, limits);
  const bodyLimit = base64Bytes(limits.maxUploadBytes);
  for (const endpoint of ENDPOINTS) {
    app.post(`/v1/images/${endpoint}`, { bodyLimit }, async (request, reply) =>
      answer(request, reply, discreetOrder(await orders.read(endpoint, request, reply))),
    );
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, order: Order): Promise<ImagesReply> {
    const { fields, model, provider } = order;
    const signal = clientSignal(reply);
    reply.header('x-lacuna-engine', provider.capabilities().service.id);
    const result = await observed(observer, order, () =>
      order.send(signal, { onSent: () => {}, partials: null }).catch((error: unknown) => {
        throw signal.aborted
          ? new ApiError(499, 'cancelled', 'The client went away.', { cause: error })
          : error;
      }),
    );
    if (result.requestId) reply.header('x-upstream-request-id', result.requestId);
    const base = `${request.protocol}://${request.host}/files/`;
    return {
      created: Math.floor(Date.now() / 1000),
      data: imageData(result, fields, base),
      ...describeFirst(result),
      ...backgroundOf(model, fields),
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

async function observed<T>(observer: JobObserver, order: Order, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const end = (code: ErrorCode | 'ok') =>
    observer.ended(order, { code, ms: performance.now() - start, usd: null });
  observer.started(order);
  try {
    const result = await run();
    end('ok');
    return result;
  } catch (error) {
    end(error instanceof ApiError ? error.code : 'internal_error');
    throw error;
  }
}

/** Format and size as the bytes have them, whatever was asked for. */
function describeFirst({ images }: ProviderResult): Pick<ImagesReply, 'output_format' | 'size'> {
  const header = images[0] ? readImageHeader(images[0].data) : 'unknown';
  if (typeof header === 'string') return {};
  const format = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;
  return { output_format: format[header.mime], size: `${header.width}x${header.height}` };
}

/** As it was asked for, where the model is known to obey; OpenAI's replies say `auto` of nothing. */
function backgroundOf({ settings }: Model, { settings: { background } }: ImageFields) {
  const obeyed =
    background !== undefined && background !== 'auto' && settings?.background.includes(background);
  return obeyed ? { background } : {};
}

const toBase64 = (data: Uint8Array) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/** Base64 writes 3 bytes as 4 characters; a little more for the rest of the JSON. */
const base64Bytes = (bytes: number) => Math.ceil((bytes * 4) / 3) + 1024 * 1024;
