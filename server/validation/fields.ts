import { z } from 'zod';
import type { ErrorCode, OutputFormat, Quality } from '../contract.ts';
import { type ApiError, badRequest } from '../errors.ts';
import type { Background, ImageSize, Settings } from '../providers/provider.ts';

/** Values of a form are text, those of a JSON body typed; both may leave a field out, empty or null. */
const absent = (value: unknown) => (value === null || value === '' ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(absent, type.optional());

const integer = (name: string, min: number, max: number) =>
  optional(
    z.preprocess(
      (value) => (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value),
      z
        .int(`'${name}' must be a whole number from ${min} to ${max}.`)
        .min(min, {
          error: `'${name}' must be at least ${min}.`,
        })
        .max(max, { error: `'${name}' must be at most ${max}.` }),
    ),
  );

const choice = <T extends string>(name: string, values: readonly T[]) =>
  optional(z.enum(values, `'${name}' must be one of ${values.map((v) => `'${v}'`).join(', ')}.`));

const text = (name: string, max: number) =>
  optional(z.string(`'${name}' must be a string.`).max(max, `'${name}' may have at most ${max} characters.`));

const QUALITIES = [
  'auto',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
  'standard',
  'hd',
] as const satisfies readonly Quality[];
const FORMATS = ['png', 'jpeg', 'webp'] as const satisfies readonly OutputFormat[];
const BACKGROUNDS = ['auto', 'transparent', 'opaque'] as const satisfies readonly Background[];
const SIZE = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/;
const MAX_SEED = 2 ** 32 - 1;

/** Fields that are not named here are ignored: clients of many ages send more than we know. */
const schema = z.object({
  model: text('model', 200),
  prompt: optional(z.string("'prompt' must be a string.")),
  n: integer('n', 1, 10),
  size: optional(
    z.string("'size' must be a string.").regex(/^auto$|^[1-9]\d{0,4}x[1-9]\d{0,4}$/, {
      error: "'size' must be 'auto' or WIDTHxHEIGHT, for example '1024x1024'.",
    }),
  ),
  quality: choice('quality', QUALITIES),
  background: choice('background', BACKGROUNDS),
  moderation: choice('moderation', ['auto', 'low']),
  style: text('style', 100),
  input_fidelity: choice('input_fidelity', ['low', 'high']),
  output_format: choice('output_format', FORMATS),
  output_compression: integer('output_compression', 0, 100),
  response_format: choice('response_format', ['url', 'b64_json']),
  seed: integer('seed', 0, MAX_SEED),
  user: text('user', 512),
  stream: optional(z.union([z.boolean(), z.stringbool()], "'stream' must be true or false.")),
});

export interface ImageFields {
  /** Empty when the client named none. */
  readonly model: string;
  readonly prompt: string;
  readonly n: number;
  readonly size: ImageSize | null;
  readonly quality: Quality | null;
  readonly settings: Settings;
  readonly format: OutputFormat;
  readonly compression: number | null;
  readonly responseFormat: 'url' | 'b64_json';
  readonly seed: number | null;
  readonly user: string | null;
  /** Unfinished pictures wanted in the stream, 0 to 3; 0 without a stream. */
  readonly partials: number;
}

/** Parses what the three image routes have in common. Throws a 400 that names the first field at fault. */
export function parseFields(raw: Readonly<Record<string, unknown>>): ImageFields {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw fromIssue(parsed.error.issues[0]);
  const value = parsed.data;
  if (value.stream)
    throw badRequest('invalid_value', 'stream', 'Streaming is not offered yet: leave out stream.');
  const format = value.output_format ?? 'png';
  if (value.background === 'transparent' && format === 'jpeg')
    throw badRequest(
      'invalid_value',
      'background',
      "A transparent background needs output_format 'png' or 'webp'.",
    );
  const model = value.model?.trim() ?? '';
  return {
    model,
    prompt: value.prompt ?? '',
    n: value.n ?? 1,
    size: parseSize(value.size),
    quality: value.quality ?? null,
    settings: {
      ...(value.background ? { background: value.background } : {}),
      ...(value.moderation ? { moderation: value.moderation } : {}),
      ...(value.style ? { style: value.style } : {}),
      ...(value.input_fidelity ? { input_fidelity: value.input_fidelity } : {}),
    },
    format,
    compression: format === 'png' ? null : (value.output_compression ?? null),
    responseFormat:
      value.response_format ?? (model === '' || model.startsWith('dall-e') ? 'url' : 'b64_json'),
    seed: value.seed ?? null,
    user: value.user ?? null,
    partials: 0,
  };
}

export function requirePrompt(fields: ImageFields): void {
  if (fields.prompt.trim() === '')
    throw badRequest('missing_required_parameter', 'prompt', "Missing required parameter: 'prompt'.");
}

function parseSize(size: string | undefined): ImageSize | null {
  const match = SIZE.exec(size ?? '');
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null;
}

function fromIssue(issue: z.core.$ZodIssue | undefined): ApiError {
  const param = issue?.path[0] === undefined ? null : String(issue.path[0]);
  const code: ErrorCode = issue?.code === 'invalid_type' ? 'invalid_type' : 'invalid_value';
  return badRequest(code, param, issue?.message ?? 'Invalid request.');
}
