import type { FastifyInstance } from 'fastify';
import type { Capabilities, ModelCapabilities } from '../contract.ts';
import type { Model, Provider } from '../providers/provider.ts';
import type { Limits } from '../validation/pictures.ts';

/** `GET /api/capabilities`: what the engine behind this server can do, as data for the browser. */
export function capabilityRoute(app: FastifyInstance, provider: Provider, limits: Limits): void {
  app.get('/api/capabilities', async (_request, reply): Promise<Capabilities> => {
    reply.header('cache-control', 'no-store');
    const { models, ...engine } = provider.capabilities();
    return { ...engine, models: models.map(publicPart), limits };
  });
}

/** How the service is asked is no business of the browser's. */
function publicPart({ nativeVariations: _, settings: __, ...model }: Model): ModelCapabilities {
  return model;
}
