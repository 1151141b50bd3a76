import type { FastifyInstance } from 'fastify';
import type { Capabilities } from '../contract.ts';
import type { Provider } from '../providers/provider.ts';
import type { Limits } from '../validation/pictures.ts';

/** `GET /api/capabilities`: what the engine behind this server can do, as data for the browser. */
export function capabilityRoute(app: FastifyInstance, provider: Provider, limits: Limits): void {
  app.get('/api/capabilities', async (_request, reply): Promise<Capabilities> => {
    reply.header('cache-control', 'no-store');
    return { ...provider.capabilities(), limits };
  });
}
