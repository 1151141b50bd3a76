import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { ApiError } from '../errors.ts';
import { within } from '../limits/within.ts';
import type { Redis } from '../redis.ts';

/** Wrong tokens per client and time, in seconds. */
const RULE = { keyPrefix: 'lacuna:attempts', points: 10, duration: 15 * 60 };

/** For a Redis whose connection hangs; what cannot be counted is not opened. */
const PATIENCE_MS = 2000;

/** Counts wrong tokens by client: in Redis for all servers together, else (and while Redis is away) in memory. */
export function createAttempts(redis: Redis | null): RateLimiterAbstract {
  const memory = new RateLimiterMemory(RULE);
  if (redis === null) return memory;
  return new RateLimiterRedis({
    ...RULE,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
  });
}

/** Judges tokens. */
export interface Gate {
  /**
   * Whether a token is one of the right ones; a wrong one counts against the client. Throws an ApiError
   * 429 `too_many_attempts` for a client with too many of them, even when this one is right.
   */
  opens(client: string, given: string): Promise<boolean>;
}

export function createGate(tokens: readonly string[], attempts: RateLimiterAbstract): Gate {
  const hashes = tokens.map(sha256);
  return {
    async opens(client, given) {
      const before = await within(PATIENCE_MS, attempts.get(client));
      if (before && before.consumedPoints >= attempts.points) throw tooMany(before.msBeforeNext);
      const hash = sha256(given);
      // All are compared: the time taken tells nothing of which one is near.
      if (hashes.filter((right) => timingSafeEqual(right, hash)).length > 0) return true;
      try {
        await within(PATIENCE_MS, attempts.consume(client));
      } catch (error) {
        throw error instanceof RateLimiterRes ? tooMany(error.msBeforeNext) : error;
      }
      return false;
    },
  };
}

/** Of equal length whatever came, as a comparison in constant time needs it. */
const sha256 = (text: string) => createHash('sha256').update(text).digest();

const tooMany = (retryAfterMs: number) =>
  new ApiError(429, 'too_many_attempts', 'Too many wrong access tokens came from here. Try again later.', {
    retryAfterMs,
  });
