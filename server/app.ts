import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { answerErrors } from './errorReplies.ts';
import { createKeptFiles } from './jobs/keptFiles.ts';
import { createAdmission } from './limits/admission.ts';
import { createMemoryLedger } from './limits/ledger.ts';
import type { Quotas } from './limits/quotas.ts';
import { createRedisLedger } from './limits/redisLedger.ts';
import { limitRequests } from './limits/requestRate.ts';
import { limitUploads } from './limits/uploads.ts';
import { guardOrigin } from './originGuard.ts';
import type { Services } from './providers/services.ts';
import type { Redis } from './redis.ts';
import { capabilityRoute } from './routes/capabilities.ts';
import { fileRoute } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { imageRoutes, longestBody } from './routes/images.ts';
import { modelRoutes } from './routes/models.ts';
import { multipartOptions } from './validation/multipart.ts';
import type { Limits } from './validation/pictures.ts';

export interface AppOptions {
  readonly services: Services;
  readonly limits: Limits;
  readonly quotas: Quotas;
  /** null: this process keeps its counts to itself. */
  readonly redis: Redis | null;
  /** Directory of the built browser app; null: only the API is served. */
  readonly staticRoot: string | null;
  /** Host names beside localhost and IP addresses under which the server may be asked. */
  readonly allowedHosts: readonly string[];
  /** false: silent. */
  readonly logger: Exclude<FastifyServerOptions['logger'], undefined>;
}

const FILE_LIFETIME_MS = 60 * 60 * 1000;
/** Four results of the largest size in an ordinary compression. */
const FILE_BUDGET_BYTES = 256 * 1024 * 1024;

/** The whole server, not yet listening. Closing it does not close the services, which belong to the caller. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, limits, quotas, redis, staticRoot, allowedHosts, logger } = options;
  const logController = new LogController({ disableRequestLogging: true });
  const app = Fastify({ logger, logController, requestIdHeader: false });
  const keptFiles = createKeptFiles(FILE_BUDGET_BYTES, FILE_LIFETIME_MS);
  app.addHook('onClose', async () => keptFiles.clear());

  await app.register(helmet, { contentSecurityPolicy: CONTENT_POLICY, strictTransportSecurity: false });
  // Forms and JSON are what the routes read; anything else is a 415.
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, multipartOptions(limits.maxUploadBytes));
  answerErrors(app);
  guardOrigin(app, allowedHosts);
  limitRequests(app, quotas.requestsPerMinute, redis);
  limitUploads(app, quotas.uploadBytes, longestBody(limits));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    // The route's pattern, not the address: names of kept files are secrets.
    const line = { method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms };
    const ordinary = method === 'GET' && reply.statusCode < 400;
    request.log[ordinary ? 'debug' : 'info'](line);
  });

  const admission = createAdmission(quotas, redis ? createRedisLedger(redis) : createMemoryLedger());
  imageRoutes(app, { services, limits, keptFiles, admission });
  modelRoutes(app, services);
  capabilityRoute(app, services, limits);
  fileRoute(app, keptFiles, FILE_LIFETIME_MS);
  healthRoutes(app);
  if (staticRoot !== null) await serveBrowserApp(app, staticRoot);
  return app;
}

/** Konva and the component library set inline styles; workers and pictures come as blobs. */
const CONTENT_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
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
