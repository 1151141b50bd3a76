import type { FastifyInstance } from 'fastify';
import type { Capabilities, ModelCapabilities } from '../contract.ts';
import type { Model } from '../providers/provider.ts';
import type { Services } from '../providers/services.ts';
import type { Limits } from '../validation/pictures.ts';

/** `GET /api/capabilities`: what the engines behind this server can do, as data for the browser. */
export function capabilityRoute(app: FastifyInstance, services: Services, limits: Limits): void {
  app.get('/api/capabilities', async (_request, reply): Promise<Capabilities> => {
    reply.header('cache-control', 'no-store');
    const { models, ...rest } = services.capabilities();
    return { ...rest, models: models.map(publicPart), limits };
  });
}

/** How the service is asked is no business of the browser's. */
function publicPart({ nativeVariations: _, ...model }: Model): ModelCapabilities {
  return model;
}
