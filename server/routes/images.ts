import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint, ImagesReply } from '../contract.ts';
import { ApiError, badRequest } from '../errors.ts';
import type { Job, Jobs } from '../jobs/jobs.ts';
import type { KeptFiles } from '../jobs/keptFiles.ts';
import { clientOf } from '../limits/client.ts';
import type { Services } from '../providers/services.ts';
import type { Limits } from '../validation/pictures.ts';
import { clientSignal } from './clientSignal.ts';
import { discreetOrder } from './discreetOrder.ts';
import { sendEvents } from './eventStream.ts';
import { createOrderReader, type Order } from './order.ts';
import { backgroundOf, imagesReply } from './replies.ts';

export interface ImageRouteOptions {
  readonly services: Services;
  readonly limits: Limits;
  readonly keptFiles: KeptFiles;
  readonly jobs: Jobs;
}

const ENDPOINTS: readonly Endpoint[] = ['generations', 'edits', 'variations'];
/** Long enough not to be guessed, nor used by two clients by chance. */
const KEY = /^[\w.:-]{16,128}$/;
export const LONGEST_KEY = 128;
/** What a reply says that tells of a job begun before. */
export const REPLAYED = 'idempotent-replayed';

/** `POST /v1/images/generations | edits | variations`, OpenAI's wire format. */
export function imageRoutes(
  app: FastifyInstance,
  { services, limits, keptFiles, jobs }: ImageRouteOptions,
): void {
  const orders = createOrderReader(services, limits);
  const bodyLimit = longestBody(limits);
  for (const endpoint of ENDPOINTS) {
    app.post(`/v1/images/${endpoint}`, { bodyLimit }, async (request, reply) => {
      const key = keyOf(request);
      const gone = clientSignal(reply);
      const order = discreetOrder(await orders.read(endpoint, request, reply));
      // Whoever left while the request was read wants nothing sent. With a key they ask for it, and send it again.
      if (gone.aborted) throw new ApiError(499, 'cancelled', 'The client went away.');
      reply.header('x-lacuna-engine', order.provider.capabilities().service.id);
      const job = await jobs.start(key, clientOf(request), order);
      if (job.replayed) reply.header(REPLAYED, 'true');
      if (gone.aborted) job.leave();
      else gone.addEventListener('abort', () => job.leave());
      return order.fields.stream ? sendEvents(reply, order, job) : answer(request, reply, order, job);
    });
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { fields, model }: Order,
    job: Job,
  ): Promise<ImagesReply> {
    const result = await job.outcome;
    if (result.requestId) reply.header('x-upstream-request-id', result.requestId);
    // A picture that was paid for and can't be kept is better in the reply than lost.
    const names =
      fields.responseFormat === 'url' ? await keptFiles.keep(result.images).catch(() => null) : null;
    const urls = names?.map((name) => `${request.protocol}://${request.host}/files/${name}`) ?? null;
    return { ...imagesReply(result, urls), ...backgroundOf(model, fields) };
  }
}

/** null: the client names no key, and nobody but it can ever want the result. */
function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw badRequest(
    'invalid_value',
    'Idempotency-Key',
    "'Idempotency-Key' must be 16 to 128 letters, digits and . : _ -",
  );
}

/** Bytes of a body. Base64 writes 3 bytes as 4 characters; a little more for the rest of the JSON, or of a form. */
export const longestBody = ({ maxUploadBytes }: Limits) =>
  Math.ceil((maxUploadBytes * 4) / 3) + 2 * 1024 * 1024;
