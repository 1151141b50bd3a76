import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ErrorCode } from './contract.ts';
import type { JobObserver } from './jobs/observer.ts';
import type { Order } from './routes/order.ts';

/** What the server counts, in Prometheus's words. Labels come from closed sets: no client can make new series. */
export interface Metrics extends JobObserver {
  /** A request was answered with an error, before or after a job. */
  refused(code: ErrorCode): void;
  /** Everything, in Prometheus's text format. */
  read(): Promise<string>;
  readonly contentType: string;
}

/** Seconds. The embedded engine takes a few; large pictures of high quality take minutes. */
const DURATIONS = [0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 900];

/** Upper bounds of the sizes asked for, in megapixels: 512², 1024², 1536 × 1024, 2048², 3840 × 2160. */
const SIZES = [0.3, 1.1, 1.6, 4.2, 8.3];

/** Services may list hundreds of models; each has its series for every quality and size. */
const MOST_MODELS = 50;

/** `isKnown`: whether a model is one that the services list. Others, which anyone can make up, count as one. */
export function createMetrics(registry: Registry, isKnown: (model: string) => boolean): Metrics {
  const registers = [registry];
  const durations = new Histogram({
    name: 'lacuna_job_duration_seconds',
    help: 'Jobs that made their pictures, from admission to the result',
    labelNames: ['model', 'quality', 'size'],
    buckets: DURATIONS,
    registers,
  });
  const jobs = new Counter({
    name: 'lacuna_jobs_total',
    help: 'Jobs that ended: "ok" or the code of the error',
    labelNames: ['endpoint', 'code'],
    registers,
  });
  const refusals = new Counter({
    name: 'lacuna_errors_total',
    help: 'Requests that were answered with an error, by its code',
    labelNames: ['code'],
    registers,
  });
  const inFlight = new Gauge({ name: 'lacuna_jobs_in_flight', help: 'Jobs that run now', registers });
  const cost = new Counter({
    name: 'lacuna_cost_usd_total',
    help: 'What services billed as far as it is known, in USD',
    labelNames: ['model'],
    registers,
  });
  const partials = new Counter({
    name: 'lacuna_partials_total',
    help: 'Unfinished pictures that were streamed',
    labelNames: ['model'],
    registers,
  });

  const models = new Set<string>();
  function modelLabel({ model: { id } }: Order): string {
    if (models.has(id)) return id;
    if (models.size >= MOST_MODELS || !isKnown(id)) return 'other';
    models.add(id);
    return id;
  }

  return {
    started: () => inFlight.inc(),
    partial: (order) => partials.inc({ model: modelLabel(order) }),
    ended(order, { code, ms, usd }) {
      inFlight.dec();
      jobs.inc({ endpoint: order.endpoint, code });
      const model = modelLabel(order);
      if (usd !== null) cost.inc({ model }, usd);
      if (code !== 'ok') return;
      const quality = order.fields.quality ?? 'none';
      durations.observe({ model, quality, size: sizeLabel(order) }, ms / 1000);
    },
    refused: (code) => refusals.inc({ code }),
    read: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function sizeLabel({ fields: { size } }: Order): string {
  if (size === null) return 'none';
  const pixels = (size.width * size.height) / 1_000_000;
  const bound = SIZES.find((most) => pixels <= most);
  return bound === undefined ? 'larger' : `up to ${bound} MP`;
}
