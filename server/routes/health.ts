import type { FastifyInstance } from 'fastify';

/** `/healthz`: the process answers. `/readyz`: it takes new work; 503 from the moment it is closing. */
export function healthRoutes(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    if (closing) reply.code(503);
    return { status: closing ? 'closing' : 'ready' };
  });
}
