import { isIP } from 'node:net';
import { z } from 'zod';
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
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const blankIsAbsent = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;
const setting = <T extends z.ZodType>(type: T) => z.preprocess(blankIsAbsent, type);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

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
  UPSTREAM_TIMEOUT_MS: setting(whole(1, 86_400_000).default(900_000)),
  MAX_UPLOAD_MB: setting(whole(1, 1024).default(DEFAULT_UPLOAD_MB)),
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
          timeoutMs: value.UPSTREAM_TIMEOUT_MS,
        }
      : null,
    limits: { maxUploadBytes: value.MAX_UPLOAD_MB * MB, maxPixels: MAX_PIXELS, maxEdge: MAX_EDGE },
    logLevel: value.LOG_LEVEL,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
