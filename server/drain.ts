import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.ts';

/** Before a server ends it says so (`/readyz`) and takes no new work, while it still listens and answers. */
export interface Drain {
  begin(): void;
  started(): boolean;
}

export function createDrain(): Drain {
  let started = false;
  return {
    begin: () => {
      started = true;
    },
    started: () => started,
  };
}

/** New pictures are refused while draining. Nothing was sent to a service: another server may be asked at once. */
export function refuseWhileDraining(app: FastifyInstance, drain: Drain): void {
  app.addHook('onRequest', async ({ method, routeOptions }) => {
    if (drain.started() && method === 'POST' && routeOptions.url?.startsWith('/v1/'))
      throw new ApiError(503, 'server_is_overloaded', 'This server is about to end. Ask again in a moment.', {
        retryAfterMs: 1000,
      });
  });
}
