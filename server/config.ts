import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Exposure, exposureSettings, isLoopback, readExposure } from './config/exposure.ts';
import { quotaSettings, readQuotas } from './config/quotas.ts';
import { ConfigError, secret, setting, whole } from './config/settings.ts';
import type { Quotas } from './limits/quotas.ts';
import { DEFAULT_MODEL } from './providers/models.ts';
import { type ModelsFile, parseModelsFile } from './providers/modelsFile.ts';
import type { OpenAiOptions } from './providers/openai.ts';
import { OPENAI_URL } from './providers/openai.ts';
import { PROFILE_NAMES, PROFILES } from './providers/profiles.ts';
import { parseServicesFile } from './providers/servicesFile.ts';
import type { Limits } from './validation/pictures.ts';

export interface Config extends Exposure {
  readonly port: number;
  /** Image services, the one that answers by default first. */
  readonly services: readonly ServiceSettings[];
  /** The embedded engine is there: alone, or beside services under its own model's name. */
  readonly embedded: boolean;
  /** Path of a model of the operator's own for the embedded engine's edits; null: none. */
  readonly onnxModel: string | null;
  /** What the operator says of models instead of our table. */
  readonly models: ModelsFile;
  /** How often OpenAI's list of models is read; 0: never. */
  readonly modelListMs: number;
  readonly limits: Limits;
  readonly quotas: Quotas;
  /** Where results are kept, of this process alone. */
  readonly dataDir: string;
  /** null: this process shares nothing with others. */
  readonly redisUrl: string | null;
  readonly logLevel: string;
  /** How long it is still listened after a SIGTERM, so that balancers see it. */
  readonly drainMs: number;
  /** How long running requests may then take to finish. */
  readonly graceMs: number;
}

export type ServiceSettings = Omit<OpenAiOptions, 'table' | 'reports'>;

const MB = 1024 * 1024;
/** The largest picture that is taken: 8192 squared, as the browser side has it. */
const MAX_PIXELS = 67_108_864;
const MAX_EDGE = 16_384;
/** A picture of 100 MB, its mask and the form around them. */
const DEFAULT_UPLOAD_MB = 128;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** Balancers ask every few seconds; nobody else than this machine needs to be told. */
const DRAIN_SECONDS = 5;

/** In the project's own folder. */
const DATA_DIR = join(import.meta.dirname, '..', '.data');

const schema = z.object({
  ...exposureSettings,
  ...quotaSettings,
  PORT: setting(whole(0, 65_535).default(8787)),
  OPENAI_API_KEY: setting(secret().optional()),
  OPENAI_BASE_URL: setting(z.url({ protocol: /^https?$/ }).optional()),
  OPENAI_PROFILE: setting(z.enum(PROFILE_NAMES).optional()),
  SERVICES_FILE: setting(z.string().trim().optional()),
  EMBEDDED_ENGINE: setting(z.stringbool().default(false)),
  LACUNA_ONNX_MODEL: setting(z.string().trim().optional()),
  IMAGE_MODEL: setting(z.string().trim().default(DEFAULT_MODEL)),
  MODELS_FILE: setting(z.string().trim().optional()),
  MODEL_LIST_HOURS: setting(whole(0, 24 * 7).default(6)),
  UPSTREAM_TIMEOUT_MS: setting(whole(1, 86_400_000).default(900_000)),
  MAX_UPLOAD_MB: setting(whole(1, 1024).default(DEFAULT_UPLOAD_MB)),
  DATA_DIR: setting(z.string().trim().default(DATA_DIR)),
  REDIS_URL: setting(z.url({ protocol: /^rediss?$/ }).optional()),
  DRAIN_SECONDS: setting(whole(0, 300).optional()),
  SHUTDOWN_GRACE_SECONDS: setting(whole(0, 3600).default(120)),
  LOG_LEVEL: setting(z.enum(LOG_LEVELS).default('info')),
});

/** Names of all settings, as `.env.example` explains them. */
export const SETTINGS: readonly string[] = Object.keys(schema.shape);

/** Reads the settings of `.env.example`. Throws ConfigError naming the variable, never showing a value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(problems.join('\n'));
  }
  const value = parsed.data;
  const { UPSTREAM_TIMEOUT_MS: timeoutMs } = value;
  const models =
    value.MODELS_FILE === undefined ? new Map() : readFile('MODELS_FILE', value.MODELS_FILE, parseModelsFile);
  const listed =
    value.SERVICES_FILE === undefined
      ? []
      : readFile('SERVICES_FILE', value.SERVICES_FILE, (text) => parseServicesFile(text, env));
  if (models.get(value.IMAGE_MODEL) === null)
    throw new ConfigError(`IMAGE_MODEL: MODELS_FILE removes ${value.IMAGE_MODEL}`);
  const plain = plainService(value);
  const others = listed.map(({ models: named, isDefault: _, ...service }) => ({
    ...service,
    models: named,
    defaultModel: named[0].id,
    timeoutMs,
  }));
  const all: ServiceSettings[] = [...(plain ? [plain] : []), ...others];
  const first = listed.find(({ isDefault }) => isDefault)?.id;
  const embedded = value.EMBEDDED_ENGINE || all.length === 0;
  if (value.LACUNA_ONNX_MODEL !== undefined && !embedded)
    throw new ConfigError('LACUNA_ONNX_MODEL: the embedded engine is not offered; EMBEDDED_ENGINE=1 adds it');
  const services = [...all.filter(({ id }) => id === first), ...all.filter(({ id }) => id !== first)];
  return {
    ...readExposure(value, services.length > 0),
    port: value.PORT,
    services,
    embedded,
    onnxModel: value.LACUNA_ONNX_MODEL ?? null,
    models,
    modelListMs: value.MODEL_LIST_HOURS * 60 * 60 * 1000,
    limits: { maxUploadBytes: value.MAX_UPLOAD_MB * MB, maxPixels: MAX_PIXELS, maxEdge: MAX_EDGE },
    dataDir: value.DATA_DIR,
    quotas: readQuotas(value, value.MAX_UPLOAD_MB),
    redisUrl: value.REDIS_URL ?? null,
    logLevel: value.LOG_LEVEL,
    drainMs: (value.DRAIN_SECONDS ?? (isLoopback(value.HOST) ? 0 : DRAIN_SECONDS)) * 1000,
    graceMs: value.SHUTDOWN_GRACE_SECONDS * 1000,
  };
}

/** The service of OPENAI_API_KEY and OPENAI_BASE_URL; null: neither is set. */
function plainService(value: z.output<typeof schema>): ServiceSettings | null {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_PROFILE: profile } = value;
  if (apiKey === undefined && baseUrl === undefined) return null;
  return {
    id: 'openai',
    apiKey: apiKey ?? null,
    baseUrl: (baseUrl ?? OPENAI_URL).replace(/\/+$/, ''),
    defaultModel: value.IMAGE_MODEL,
    timeoutMs: value.UPSTREAM_TIMEOUT_MS,
    ...(profile ? { profile: PROFILES[profile] } : {}),
  };
}

function readFile<T>(name: string, path: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
