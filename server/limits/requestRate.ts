import type { FastifyInstance } from 'fastify';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../errors.ts';
import type { Redis } from '../redis.ts';
import { clientOf } from './client.ts';
import { within } from './within.ts';

/** A Redis that hangs must not hang requests. */
const PATIENCE_MS = 1000;

/**
 * Limits how often one client asks for something to be done, before a body is read. Reading (GET) is not limited.
 * Without its Redis every process counts for itself: nothing is paid for here.
 */
export function limitRequests(app: FastifyInstance, perMinute: number | null, redis: Redis | null): void {
  if (perMinute === null) return;
  const options = { points: perMinute, duration: 60, keyPrefix: 'lacuna:requests' };
  const own = new RateLimiterMemory(options);
  const shared = redis
    ? new RateLimiterRedis({
        ...options,
        storeClient: redis,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        // A client that goes on asking is refused without asking Redis again.
        inMemoryBlockOnConsumed: perMinute + 1,
      })
    : null;

  async function count(client: string): Promise<void> {
    if (shared === null) return void (await own.consume(client));
    await within(PATIENCE_MS, shared.consume(client)).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) throw error;
      return own.consume(client);
    });
  }

  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    await count(clientOf(request)).catch((error: unknown) => {
      if (!(error instanceof RateLimiterRes)) throw error;
      const text = `At most ${perMinute} requests per minute are taken from you.`;
      throw new ApiError(429, 'rate_limit_exceeded', text, { retryAfterMs: error.msBeforeNext });
    });
  });
}
