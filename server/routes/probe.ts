import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, badRequest } from '../errors.ts';
import type { Admission } from '../limits/admission.ts';
import { clientOf } from '../limits/client.ts';
import { createProbe } from '../providers/probe.ts';
import type { ProbeReports } from '../providers/probeReports.ts';
import type { Services } from '../providers/services.ts';
import { clientSignal } from './clientSignal.ts';

const body = z.object({ service: z.string(), model: z.string(), confirm: z.boolean().default(false) });

/**
 * `POST /api/probe` { service, model, confirm }: without `confirm` how many requests a probe takes and what they cost;
 * with it they are sent, and what they taught is kept and used from then on.
 */
export function probeRoute(
  app: FastifyInstance,
  services: Services,
  admission: Admission,
  reports: ProbeReports,
): void {
  app.post('/api/probe', async (request, reply) => {
    const parsed = body.safeParse(request.body);
    if (!parsed.success)
      throw badRequest(
        'invalid_type',
        null,
        'A probe needs { "service": "…", "model": "…", "confirm": true }.',
      );
    const { service, model: id, confirm } = parsed.data;
    const chosen = services.at(service, id);
    if (!chosen) throw new ApiError(404, 'not_found', 'There is no such service.', { param: 'service' });
    const { provider, model } = chosen;
    const untaught = provider.probing?.(model.id);
    if (!untaught) throw badRequest('invalid_value', 'service', 'Only image services can be probed.');
    try {
      const probe = createProbe(untaught, model);
      if (!confirm) return probe.plan;
      const report = await probe.run(clientSignal(reply), clientOf(request), admission);
      reports.keep(service, report);
      return report;
    } finally {
      await untaught.close();
    }
  });
}
