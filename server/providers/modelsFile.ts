import { z } from 'zod';
import { describeModel } from './models.ts';
import type { Model } from './provider.ts';
import { nearestSize } from './sizes.ts';

export type Given = Partial<Omit<Model, 'id'>>;

/** By model id, what the operator says of it instead of our table; null: the model is not offered. */
export type ModelsFile = ReadonlyMap<string, Given | null>;

const ENDPOINTS = ['generations', 'edits', 'variations'] as const;
const QUALITIES = ['auto', 'low', 'medium', 'high', 'xhigh', 'max', 'standard', 'hd'] as const;
const FORMATS = ['png', 'jpeg', 'webp'] as const;

const count = z.int().positive();
const figure = z.number().nonnegative();
const byQuality = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(QUALITIES), value);

export const sizeRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fixed'),
    values: z.array(z.string().regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, 'must be WIDTHxHEIGHT')).min(1),
  }),
  z.strictObject({
    kind: z.literal('free'),
    step: count,
    minPixels: count,
    maxPixels: count,
    maxEdge: count,
    maxRatio: z.number().min(1),
    wholeUpTo: count,
  }),
]);

const pricing = z.strictObject({
  asOf: z.iso.date(),
  estimate: z.boolean(),
  rates: z.strictObject({ textIn: figure, imageIn: figure, imageOut: figure, textOut: figure }).nullable(),
  output: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('grid'), cells: byQuality(figure), times: byQuality(figure) }),
    z.strictObject({
      kind: z.enum(['tokens', 'usd']),
      table: byQuality(z.record(z.string(), figure)),
    }),
  ]),
  input: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('patches'), edge: count, most: count, leastEdge: count }),
      z.strictObject({ kind: z.literal('tiles'), edge: count, base: figure, each: figure }),
    ])
    .nullable(),
});

const words = z.array(z.string());

/** Of one model, whatever there is to say. */
export const modelMembers = z.strictObject({
  service: z.string().min(1),
  status: z.enum(['active', 'retiring', 'retired', 'unknown']),
  shutdown: z.iso.date().nullable(),
  endpoints: z.array(z.enum(ENDPOINTS)).min(1),
  nativeVariations: z.boolean(),
  sizes: sizeRule,
  qualities: z.array(z.enum(QUALITIES)).min(1),
  defaultQuality: z.enum(QUALITIES).nullable(),
  maxResults: count.max(10),
  promptMaxChars: count,
  input: z
    .strictObject({
      maxBytes: count,
      square: z.boolean(),
      formats: z.array(z.enum(FORMATS)).min(1).optional(),
    })
    .nullable(),
  outputFormats: z.array(z.enum(FORMATS)).min(1),
  responseFormat: z.boolean(),
  maskGrow: z.int().nonnegative(),
  promptedEdits: z.boolean(),
  settings: z
    .strictObject({
      background: words,
      moderation: words,
      style: words,
      input_fidelity: words,
      complexity: words,
    })
    .nullable(),
  markup: z.boolean(),
  maxPartials: z.int().min(0).max(3).nullable(),
  seed: z.boolean(),
  pricing: pricing.nullable(),
  // What a page does itself is for none of them to say.
} satisfies Record<keyof Omit<Model, 'id' | 'local'>, z.ZodType>);

const schema = z.record(z.string().min(1).max(200), modelMembers.partial().nullable());

/** Reads the text of a models file. Throws an Error that says in one line per fault which model and member it is. */
export function parseModelsFile(text: string): ModelsFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('it is not valid JSON');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
    );
    throw new Error(faults.join('\n'));
  }
  // JSON has no undefined: what zod types so is left out.
  const models = new Map(Object.entries(parsed.data as Readonly<Record<string, Given | null>>));
  for (const [id, given] of models) if (given) checkWhole(id, { ...describeModel(id), ...given });
  return models;
}

/** Members that are right each, but not together or with what the table says of the rest. */
export function checkWhole(id: string, { sizes: rule, qualities, defaultQuality }: Model): void {
  if (defaultQuality !== null && !qualities.includes(defaultQuality))
    throw new Error(`${id}.defaultQuality: '${defaultQuality}' is not among its qualities`);
  try {
    nearestSize(rule, { width: 1024, height: 1024 });
  } catch {
    throw new Error(`${id}.sizes: no size fulfils this rule`);
  }
}
