import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerOf } from '../access/bearer.ts';
import type { Gate } from '../access/gate.ts';
import { ApiError } from '../errors.ts';
import { clientOf } from '../limits/client.ts';
import type { Metrics } from '../metrics.ts';

/** `GET /metrics` for Prometheus. `gate` judges its bearer token; null: there is none, and only this machine may ask. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics, gate: Gate | null): void {
  app.get('/metrics', { config: { open: true } }, async (request, reply) => {
    const given = bearerOf(request) ?? '';
    const may = gate ? given !== '' && (await gate.opens(clientOf(request), given)) : isFromHere(request);
    if (!may) {
      if (gate) reply.header('www-authenticate', 'Bearer');
      throw new ApiError(
        401,
        'access_required',
        gate
          ? 'Metrics need METRICS_TOKEN or ACCESS_TOKEN as a bearer token.'
          : 'Without METRICS_TOKEN, metrics are given to this machine only.',
      );
    }
    return reply
      .type(metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.read());
  });
}

/** Behind a proxy on this machine everybody comes from here; its headers tell. */
function isFromHere({ raw, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = raw.socket;
  const forwarded =
    headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'] ?? headers['via'];
  return forwarded === undefined && /^(::1$|127\.|::ffff:127\.)/.test(remoteAddress);
}
