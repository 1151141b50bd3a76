import { isIP } from 'node:net';
import { z } from 'zod';
import type { Quotas } from './limits/quotas.ts';
import { DEFAULT_MODEL } from './providers/models.ts';
import type { OpenAiOptions } from './providers/openai.ts';
import { OPENAI_URL } from './providers/openai.ts';
import type { Limits } from './validation/pictures.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** null: the embedded engine answers. */
  readonly service: OpenAiOptions | null;
  readonly limits: Limits;
  readonly quotas: Quotas;
  /** null: nothing is shared with other processes. */
  readonly redisUrl: string | null;
  readonly logLevel: string;
}

/** A setting that cannot be used; its message is for the person who set it. */
export class ConfigError extends Error {}

const MB = 1024 * 1024;
/** The largest picture that is taken: 8192 squared, as the browser side has it. */
const MAX_PIXELS = 67_108_864;
const MAX_EDGE = 16_384;
/** A picture of 100 MB, its mask and the form around them. */
const DEFAULT_UPLOAD_MB = 128;
/** Four of the longest at the same time. */
const DEFAULT_UPLOADS_MB = 512;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const blankIsAbsent = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;
const setting = <T extends z.ZodType>(type: T) => z.preprocess(blankIsAbsent, type);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** 0 of these: no limit. */
const atMost = (fallback: number) =>
  setting(whole(0, 1_000_000).default(fallback)).transform((value) => value || null);
const usd = (least: number) =>
  setting(z.coerce.number().min(least).max(1_000_000).optional()).transform((value) => value ?? null);

const schema = z.object({
  PORT: setting(whole(0, 65_535).default(8787)),
  HOST: setting(z.string().trim().default('127.0.0.1')),
  ALLOWED_HOSTS: setting(z.string().default('')),
  ALLOW_PUBLIC: setting(z.stringbool().default(false)),
  OPENAI_API_KEY: setting(
    z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]+$/, 'has characters that no key has')
      .optional(),
  ),
  OPENAI_BASE_URL: setting(z.url({ protocol: /^https?$/ }).optional()),
  IMAGE_MODEL: setting(z.string().trim().default(DEFAULT_MODEL)),
  OPENAI_TIMEOUT_SECONDS: setting(whole(1, 86_400).default(900)),
  MAX_UPLOAD_MB: setting(whole(1, 1024).default(DEFAULT_UPLOAD_MB)),
  MAX_UPLOADS_MB: setting(whole(1, 1_000_000).optional()),
  REQUESTS_PER_MINUTE: atMost(600),
  IMAGES_PER_MINUTE: atMost(50),
  MAX_JOBS_PER_CLIENT: atMost(4),
  MAX_JOBS: atMost(16),
  // A budget of 0 would be read as none by some and as a lock by others.
  BUDGET_PER_CLIENT_USD: usd(0.000_001),
  BUDGET_USD: usd(0.000_001),
  UNKNOWN_PRICE_USD: usd(0),
  REDIS_URL: setting(z.url({ protocol: /^rediss?$/ }).optional()),
  LOG_LEVEL: setting(z.enum(LOG_LEVELS).default('info')),
});

/** Reads the settings of `.env.example`. Throws ConfigError naming the variable, never showing a value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(problems.join('\n'));
  }
  const value = parsed.data;
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = value;
  const usesService = apiKey !== undefined || baseUrl !== undefined;
  if (usesService && !isLoopback(value.HOST) && !value.ALLOW_PUBLIC)
    throw new ConfigError(
      `HOST=${value.HOST} would let everyone who reaches this machine use your image service at your cost: ` +
        'there is no login. Keep HOST=127.0.0.1, or set ALLOW_PUBLIC=1 if something in front of it checks who comes.',
    );
  return {
    port: value.PORT,
    host: value.HOST,
    allowedHosts: [...value.ALLOWED_HOSTS.split(','), value.HOST].map((host) => host.trim()).filter(Boolean),
    service: usesService
      ? {
          apiKey: apiKey ?? null,
          baseUrl: (baseUrl ?? OPENAI_URL).replace(/\/+$/, ''),
          defaultModel: value.IMAGE_MODEL,
          timeoutMs: value.OPENAI_TIMEOUT_SECONDS * 1000,
        }
      : null,
    limits: { maxUploadBytes: value.MAX_UPLOAD_MB * MB, maxPixels: MAX_PIXELS, maxEdge: MAX_EDGE },
    quotas: readQuotas(value),
    redisUrl: value.REDIS_URL ?? null,
    logLevel: value.LOG_LEVEL,
  };
}

function readQuotas(value: z.output<typeof schema>): Quotas {
  const { MAX_UPLOAD_MB: one, MAX_UPLOADS_MB: all = Math.max(DEFAULT_UPLOADS_MB, 2 * one) } = value;
  // Base64 makes the largest request a third longer.
  if (all < 2 * one)
    throw new ConfigError(`MAX_UPLOADS_MB: must be at least twice MAX_UPLOAD_MB, ${2 * one}`);
  return {
    requestsPerMinute: value.REQUESTS_PER_MINUTE,
    imagesPerMinute: value.IMAGES_PER_MINUTE,
    jobsPerClient: value.MAX_JOBS_PER_CLIENT,
    jobs: value.MAX_JOBS,
    budgetPerClientUsd: value.BUDGET_PER_CLIENT_USD,
    budgetUsd: value.BUDGET_USD,
    unknownPriceUsd: value.UNKNOWN_PRICE_USD,
    uploadBytes: all * MB,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
