import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { guardAccess, type Locks } from './access/accessGuard.ts';
import { createGate } from './access/gate.ts';
import type { Drain } from './drain.ts';
import { answerErrors } from './errorReplies.ts';
import type { Jobs } from './jobs/jobs.ts';
import { createKeptFiles } from './jobs/keptFiles.ts';
import type { Shelf } from './jobs/shelf.ts';
import type { Admission } from './limits/admission.ts';
import type { Quotas } from './limits/quotas.ts';
import { limitRequests } from './limits/requestRate.ts';
import { limitUploads } from './limits/uploads.ts';
import { requestIdOf } from './logging.ts';
import type { Metrics } from './metrics.ts';
import { guardOrigin } from './originGuard.ts';
import type { ProbeReports } from './providers/probeReports.ts';
import type { Services } from './providers/services.ts';
import type { Redis } from './redis.ts';
import { capabilityRoute } from './routes/capabilities.ts';
import { fileRoute } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { imageRoutes, LONGEST_KEY, longestBody } from './routes/images.ts';
import { jobRoutes } from './routes/jobs.ts';
import { metricsRoute } from './routes/metrics.ts';
import { modelRoutes } from './routes/models.ts';
import { probeRoute } from './routes/probe.ts';
import { multipartOptions } from './validation/multipart.ts';
import type { Limits } from './validation/pictures.ts';

export interface AppOptions {
  readonly services: Services;
  readonly jobs: Jobs;
  readonly admission: Admission;
  /** Where probes of services are kept. */
  readonly reports: ProbeReports;
  /** Keeps pictures that were asked for by URL. */
  readonly shelf: Shelf;
  readonly limits: Limits;
  readonly quotas: Quotas;
  /** Directory of the built browser app; null: only the API is served. */
  readonly staticRoot: string | null;
  /** Host names beside localhost and IP addresses under which the server may be asked. */
  readonly allowedHosts: readonly string[];
  /** Proxies, as addresses and networks, that say for whom they ask; no others are believed. */
  readonly trustProxy: readonly string[];
  readonly locks: Locks;
  readonly metrics: Metrics;
  readonly drain: Drain;
  /** null: this process shares nothing with others. */
  readonly redis: Redis | null;
  /** false: silent. */
  readonly logger: Exclude<FastifyServerOptions['logger'], undefined>;
}

/** HSTS, in seconds: a year. Only where it was said that there is nothing but https, since browsers do not forget. */
const HSTS = { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false };
/** For a request to be there as a whole: 128 MB by a line of 4 Mbit/s. What comes slower holds room that others need. */
const REQUEST_TIMEOUT_MS = 300_000;
const FILE_LIFETIME_MS = 60 * 60 * 1000;

/** The whole server, not yet listening. Closing it does not close the services, which belong to the caller. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, limits, staticRoot, allowedHosts, locks, metrics, drain, logger } = options;
  const app = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: LONGEST_KEY },
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
  });
  const keptFiles = createKeptFiles(options.shelf, FILE_LIFETIME_MS);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  const strictTransportSecurity = locks.httpsOnly ? HSTS : false;
  await app.register(helmet, { contentSecurityPolicy: CONTENT_POLICY, strictTransportSecurity });
  // Forms and JSON are what the routes read; anything else is a 415.
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, multipartOptions(limits.maxUploadBytes));
  answerErrors(app, metrics.refused);
  guardOrigin(app, allowedHosts);
  if (locks.accessToken !== null) await guardAccess(app, locks.accessToken, locks);
  limitRequests(app, options.quotas.requestsPerMinute, options.redis);
  limitUploads(app, options.quotas.uploadBytes, longestBody(limits));
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    // The route's pattern, not the address: names of kept files are secrets.
    const line = { method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms };
    const ordinary = method === 'GET' && reply.statusCode < 400;
    request.log[ordinary ? 'debug' : 'info'](line);
  });

  imageRoutes(app, { services, limits, keptFiles, jobs: options.jobs });
  jobRoutes(app, options.jobs);
  probeRoute(app, services, options.admission, options.reports);
  modelRoutes(app, services);
  capabilityRoute(app, services, limits);
  fileRoute(app, keptFiles, FILE_LIFETIME_MS);
  healthRoutes(app, drain, options.redis);
  const metricsTokens = [locks.accessToken, locks.metricsToken].filter((token) => token !== null);
  metricsRoute(app, metrics, metricsTokens.length > 0 ? createGate(metricsTokens, locks.attempts) : null);
  if (staticRoot !== null) await serveBrowserApp(app, staticRoot);
  return app;
}

/** Konva and the component library set inline styles; workers and pictures come as blobs. */
const CONTENT_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    // The engine's kernels are WebAssembly; this allows no other code that is not our own files'.
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    imgSrc: ["'self'", 'blob:', 'data:'],
    workerSrc: ["'self'", 'blob:'],
    styleSrc: ["'self'", "'unsafe-inline'"],
    connectSrc: ["'self'", 'blob:', 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** Files under assets/ carry a hash of their content in their name; everything else is asked for anew. */
async function serveBrowserApp(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.slice(root.length).replaceAll('\\', '/').startsWith('/assets/');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
