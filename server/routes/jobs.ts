import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from '../errors.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { ShelfError } from '../jobs/shelf.ts';
import { clientSignal } from './clientSignal.ts';
import { REPLAYED } from './images.ts';
import { imagesReply } from './replies.ts';

/** Longest wait for a result, in seconds: below what proxies take for silence. */
const MOST_WAIT = 25;

interface Address {
  Params: { key: string };
  Querystring: { wait?: string };
}

/**
 * What became of a request that was sent with an `Idempotency-Key`, for who lost the connection or the page. Knowing the
 * key is the permission. `GET`: 202 while it runs (after at most `wait` seconds), then its reply or its error.
 * `DELETE`: stops it, 204.
 */
export function jobRoutes(app: FastifyInstance, jobs: Jobs): void {
  app.get<Address>('/api/jobs/:key', async ({ params, query }, reply) => {
    reply.header('cache-control', 'no-store');
    const job = await jobs.find(params.key);
    if (!job) throw unknown();
    try {
      const wait = Math.min(MOST_WAIT, Math.max(0, Number(query.wait) || 0));
      const result = await within(wait * 1000, job.outcome, clientSignal(reply)).catch((error: unknown) => {
        // Unlike an error of this question, which says nothing of the job.
        if (!(error instanceof ShelfError)) reply.header(REPLAYED, 'true');
        throw error;
      });
      if (result === 'running') return reply.code(202).send({ state: 'running' });
      reply.header(REPLAYED, 'true');
      if (result.requestId) reply.header('x-upstream-request-id', result.requestId);
      return imagesReply(result, null);
    } finally {
      job.leave();
    }
  });

  app.delete<Address>('/api/jobs/:key', async ({ params }, reply): Promise<FastifyReply> => {
    if (!(await jobs.cancel(params.key))) throw unknown();
    return reply.code(204).send();
  });
}

/** What has happened already is told at once, even without a wait. */
const SETTLED_MS = 50;

async function within<T>(ms: number, outcome: Promise<T>, gone: AbortSignal): Promise<T | 'running'> {
  const { promise: late, resolve } = Promise.withResolvers<'running'>();
  const timer = setTimeout(() => resolve('running'), Math.max(ms, SETTLED_MS));
  gone.addEventListener('abort', () => resolve('running'), { once: true });
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

const unknown = () => new ApiError(404, 'not_found', 'No request is known under this key.');
