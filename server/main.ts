import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAttempts } from './access/gate.ts';
import { createApp } from './app.ts';
import { ConfigError } from './config/settings.ts';
import { type Config, readConfig } from './config.ts';
import { createDrain } from './drain.ts';
import { redact } from './errors.ts';
import { createDiskShelf } from './jobs/diskShelf.ts';
import { createJobs } from './jobs/jobs.ts';
import { createRedisShelf } from './jobs/redisShelf.ts';
import type { Shelf } from './jobs/shelf.ts';
import { createAdmission } from './limits/admission.ts';
import { createMemoryLedger } from './limits/ledger.ts';
import { createRedisLedger } from './limits/redisLedger.ts';
import { loggerOptions } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { type EditModel, openEditModel } from './offline/editModel.ts';
import { ModelRefused } from './offline/neuralSignature.ts';
import { watchModelList } from './providers/modelList.ts';
import { createModelTable } from './providers/modelTable.ts';
import { createOfflineProvider } from './providers/offline.ts';
import { createOpenAiProvider, OPENAI_URL } from './providers/openai.ts';
import { createProbeReports } from './providers/probeReports.ts';
import type { Provider } from './providers/provider.ts';
import { createServices } from './providers/services.ts';
import { connectRedis, type Redis } from './redis.ts';

const PROJECT = join(import.meta.dirname, '..');
/** Between the end of the last job and that of all connections, so that clients get their answers. */
const FAREWELL_MS = 15_000;

/** Results of an hour. */
const SHELF_BYTES = 1e9;

const say = (text: string) => process.stdout.write(`${text}\n`);

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function loadConfig(): Config {
  const file = join(PROJECT, '.env');
  try {
    // Variables that are set already win over the file.
    if (existsSync(file)) process.loadEnvFile(file);
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) fail(`Lacuna cannot start with these settings:\n${error.message}`);
    throw error;
  }
}

function describeEngine({ services: [service, ...others] }: Config): string {
  if (!service) return 'embedded (no OPENAI_API_KEY; pictures never leave this machine)';
  const where = service.baseUrl === OPENAI_URL ? 'OpenAI' : new URL(service.baseUrl).host;
  const more = others.length > 0 ? `, and ${others.map(({ id }) => id).join(', ')}` : '';
  return `${where}, model ${service.defaultModel}${more}`;
}

function describeListenError(error: unknown, { host, port }: Config): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Choose another one, for example PORT=${port + 1}.`;
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Choose one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST=${host} is not an address of this machine.`;
  return `Lacuna could not listen on ${host}:${port}: ${error instanceof Error ? error.message : code}`;
}

async function openDiskShelf({ dataDir }: Config): Promise<Shelf> {
  try {
    return await createDiskShelf(join(dataDir, 'shelf'), SHELF_BYTES);
  } catch (error) {
    fail(`DATA_DIR cannot be written (${(error as NodeJS.ErrnoException).code ?? error}).`);
  }
}

async function loadEditModel({ onnxModel }: Config): Promise<EditModel | null> {
  if (onnxModel === null) return null;
  try {
    return await openEditModel(onnxModel);
  } catch (error) {
    if (error instanceof ModelRefused)
      fail(`Lacuna cannot start with the model of LACUNA_ONNX_MODEL: ${error.message}.`);
    throw error;
  }
}

async function joinRedis({ redisUrl }: Config): Promise<Redis | null> {
  if (redisUrl === null) return null;
  try {
    // Its loss shows in /readyz; the client connects again by itself.
    return await connectRedis(redisUrl, () => {});
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    fail(`The Redis of REDIS_URL cannot be reached (${code}).`);
  }
}

const config = loadConfig();
const redis = await joinRedis(config);
const editModel = await loadEditModel(config);
const table = createModelTable(config.models);
const reports = createProbeReports(join(config.dataDir, 'probes.json'));
const remote = config.services.map((service) => createOpenAiProvider({ ...service, table, reports }));
const services = createServices(
  [...remote, ...(config.embedded ? [createOfflineProvider({ editModel })] : [])] as [
    Provider,
    ...Provider[],
  ],
  table,
);
const built = join(PROJECT, 'dist');
const staticRoot = existsSync(join(built, 'index.html')) ? built : null;
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const drain = createDrain();
const metrics = createMetrics(registry, (id) =>
  services.capabilities().models.some((model) => model.id === id),
);
const shelf = redis ? createRedisShelf(redis) : await openDiskShelf(config);
const admission = createAdmission(config.quotas, redis ? createRedisLedger(redis) : createMemoryLedger());
const jobs = createJobs({
  shelf,
  admission,
  observer: metrics,
  drain,
  onKeepingFailed: (error) => app.log.error({ err: error }, 'a result could not be kept'),
});
const app = await createApp({
  services,
  jobs,
  shelf,
  admission,
  reports,
  limits: config.limits,
  quotas: config.quotas,
  staticRoot,
  allowedHosts: config.allowedHosts,
  trustProxy: config.trustProxy,
  locks: {
    accessToken: config.accessToken,
    metricsToken: config.metricsToken,
    attempts: createAttempts(redis),
    httpsOnly: config.httpsOnly,
  },
  metrics,
  drain,
  redis,
  logger: loggerOptions(config.logLevel),
});

const { modelListMs: everyMs } = config;
const atOpenAi = config.services.findIndex(({ baseUrl }) => baseUrl === OPENAI_URL);
const openai = remote[atOpenAi];
if (openai && everyMs > 0) {
  const onFailure = (error: unknown) =>
    app.log.debug({ reason: redact(String(error)) }, 'the list of models could not be read');
  app.addHook('onClose', watchModelList({ read: openai.listModels, table, onFailure, everyMs }));
}

try {
  await app.listen({ host: config.host, port: config.port });
} catch (error) {
  await services.close();
  redis?.destroy();
  fail(describeListenError(error, config));
}

let stopping = false;
/** Lets what runs finish: it was paid for. A second signal ends it at once. */
async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (stopping) process.exit(130);
  stopping = true;
  drain.begin();
  // Balancers send SIGTERM; whoever presses Ctrl-C waits for nothing that does not run.
  if (signal === 'SIGTERM') await sleep(config.drainMs);
  await jobs.finish(config.graceMs);
  const farewell = setTimeout(() => app.server.closeAllConnections(), FAREWELL_MS);
  await app.close();
  clearTimeout(farewell);
  await services.close();
  await shelf.close();
  redis?.destroy();
  // Nothing that still holds the process is of use to anybody.
  process.exit();
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const address = app.server.address();
const port = typeof address === 'object' && address ? address.port : config.port;
const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host;
const passcode =
  config.accessToken === null ? '' : '\n  access: by ACCESS_TOKEN, as a bearer token or at /login';
say(`\n  Lacuna  http://${shownHost}:${port}${passcode}\n  engine: ${describeEngine(config)}`);
if (editModel) say(`  edits of the embedded engine: by ${editModel.name}`);
say(staticRoot ? '' : '  The browser app is not built: only the API answers. `npm start` builds it.\n');
