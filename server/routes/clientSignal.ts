import type { FastifyReply } from 'fastify';

/**
 * Aborts when the client goes away before it has its answer. The reply is watched rather than the request, which
 * Node closes as soon as its body has been read.
 */
export function clientSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const check = () => {
    if (!raw.writableFinished) controller.abort();
  };
  if (raw.destroyed) check();
  else raw.once('close', check);
  return controller.signal;
}
