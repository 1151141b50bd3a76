import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import type { KeptFiles } from '../jobs/keptFiles.ts';

/** `GET /files/<name>`: results that were asked for with `response_format=url`. Knowing the name is the permission. */
export function fileRoute(app: FastifyInstance, files: KeptFiles, lifetimeMs: number): void {
  app.get<{ Params: { name: string } }>(
    '/files/:name',
    { config: { open: true } },
    async (request, reply) => {
      const file = await files.get(request.params.name);
      if (!file)
        throw new ApiError(
          404,
          'not_found',
          'This picture does not exist, or no longer: URLs last one hour.',
        );
      reply.type(file.mime).header('cache-control', `private, max-age=${lifetimeMs / 1000}, immutable`);
      return Buffer.from(file.data.buffer, file.data.byteOffset, file.data.byteLength);
    },
  );
}
