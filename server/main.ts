import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { loggerOptions } from './logging.ts';
import { createOfflineProvider } from './providers/offline.ts';
import { createOpenAiProvider, OPENAI_URL } from './providers/openai.ts';
import { createServices } from './providers/services.ts';
import { connectRedis, type Redis } from './redis.ts';

const PROJECT = join(import.meta.dirname, '..');
/** How long running requests may take to finish after the first signal; a second one ends them at once. */
const GRACE_MS = 15_000;

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

function describeEngine({ service }: Config): string {
  if (service === null) return 'embedded (no OPENAI_API_KEY; pictures never leave this machine)';
  const where = service.baseUrl === OPENAI_URL ? 'OpenAI' : new URL(service.baseUrl).host;
  return `${where}, model ${service.defaultModel}`;
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

async function joinRedis({ redisUrl }: Config): Promise<Redis | null> {
  if (redisUrl === null) return null;
  try {
    // The client connects again by itself.
    return await connectRedis(redisUrl, () => {});
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    fail(`The Redis of REDIS_URL cannot be reached (${code}).`);
  }
}

const config = loadConfig();
const redis = await joinRedis(config);
const services = createServices([
  config.service ? createOpenAiProvider(config.service) : createOfflineProvider({}),
]);
const built = join(PROJECT, 'dist');
const staticRoot = existsSync(join(built, 'index.html')) ? built : null;
const app = await createApp({
  services,
  limits: config.limits,
  quotas: config.quotas,
  redis,
  staticRoot,
  allowedHosts: config.allowedHosts,
  logger: loggerOptions(config.logLevel),
});

try {
  await app.listen({ host: config.host, port: config.port });
} catch (error) {
  await services.close();
  redis?.destroy();
  fail(describeListenError(error, config));
}

const address = app.server.address();
const port = typeof address === 'object' && address ? address.port : config.port;
const shownHost = config.host.includes(':') ? `[${config.host}]` : config.host;
say(`\n  Lacuna  http://${shownHost}:${port}\n  engine: ${describeEngine(config)}`);
say(staticRoot ? '' : '  The browser app is not built: only the API answers. `npm start` builds it.\n');

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) process.exit(130);
  stopping = true;
  const deadline = setTimeout(() => void services.close(), GRACE_MS);
  await app.close();
  clearTimeout(deadline);
  await services.close();
  redis?.destroy();
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
