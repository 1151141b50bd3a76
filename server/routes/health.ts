import type { FastifyInstance } from 'fastify';
import type { Drain } from '../drain.ts';
import type { Redis } from '../redis.ts';

/** How long Redis may take to answer, in ms. */
const PATIENCE_MS = 1000;

/**
 * `/healthz`: the process answers. `/readyz`: it takes new work; 503 from the moment it is to end, and while the Redis
 * that it shares with others is away. Image services are not asked: they may bill, and the others have the same.
 */
export function healthRoutes(app: FastifyInstance, drain: Drain, redis: Redis | null): void {
  app.get('/healthz', { config: { open: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { open: true } }, async (_request, reply) => {
    const status = drain.started() ? 'closing' : redis && !(await answers(redis)) ? 'no redis' : 'ready';
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
}

/** A connection that hangs looks ready to its client. */
async function answers(redis: Redis): Promise<boolean> {
  if (!redis.isReady) return false;
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  const asked = redis.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
