import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import { findModel } from '../providers/models.ts';
import type { Model } from '../providers/provider.ts';
import type { Services } from '../providers/services.ts';

/** `GET /v1/models` and one of them, as OpenAI lists them; retired models are left out unless one is the default. */
export function modelRoutes(app: FastifyInstance, services: Services): void {
  const ownerOf = (id: string) => {
    const service = services.capabilities().services.find((one) => one.id === id);
    return service?.kind === 'embedded' ? 'lacuna' : (service?.host ?? 'openai');
  };
  const describe = ({ id, shutdown, service }: Model) => ({
    id,
    object: 'model',
    // Nobody tells the day of creation; clients expect a number.
    created: 0,
    owned_by: ownerOf(service),
    ...(shutdown ? { shutdown_date: shutdown } : {}),
  });
  const offered = () => {
    const { models, defaultModel } = services.capabilities();
    return models.filter(({ id, status }) => status !== 'retired' || id === defaultModel);
  };

  app.get('/v1/models', async () => ({ object: 'list', data: offered().map(describe) }));

  // Ids of some services contain slashes.
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const id = request.params['*'];
    const model = findModel(offered(), id);
    if (!model)
      throw new ApiError(404, 'model_not_found', `The model '${id}' does not exist here.`, {
        param: 'model',
      });
    return describe(model);
  });
}
