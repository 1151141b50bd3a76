import { z } from 'zod';
import type { MaskUse, OutputFormat, SizeRule } from '../contract.ts';
import { sizeRule } from './modelsFile.ts';

/**
 * Codings of a mask. `alpha`: as it came, transparent = edit. `white-edit`, `black-edit`: without alpha, that colour =
 * edit. `dual`: white and transparent = edit, black and opaque = keep, which readers of alpha and of luminance
 * understand alike.
 */
const MASK_ENCODINGS = ['alpha', 'white-edit', 'black-edit', 'dual'] as const;
export type MaskEncoding = (typeof MASK_ENCODINGS)[number];

/** Fields that a request always has, except at servers that do not want them. */
const OMITTABLE = ['model', 'n', 'size', 'response_format'] as const;
export type OmittableField = (typeof OMITTABLE)[number];

/** How one kind of server that speaks of images as OpenAI does wants to be spoken to. */
export interface EndpointProfile {
  readonly name: string;
  /** Where these facts come from. */
  readonly source: string;
  readonly auth: 'bearer' | 'api-key' | 'none';
  /** Parameters of every address. */
  readonly query: Readonly<Record<string, string>>;
  /** Below the base URL; `{model}` stands for the model's id. */
  readonly paths: Readonly<Record<'generations' | 'edits' | 'variations', string>>;
  readonly omits: readonly OmittableField[];
  /** `auto`: one picture as `image`, several as `image[]`. */
  readonly imageField: 'image' | 'image[]' | 'images' | 'auto';
  /** How many pictures one edit takes. */
  readonly maxImages: number;
  /** True: pictures are sent as upright 8-bit RGB or RGBA PNG, because others are misread there. */
  readonly plainPictures: boolean;
  /** null: the server takes no mask. */
  readonly maskField: 'mask' | 'mask_image' | null;
  readonly maskEncoding: MaskEncoding;
  /** True: an edit of the whole picture needs a mask too, one that leaves nothing out. */
  readonly maskRequired: boolean;
  /** What the server does with a mask in this coding. */
  readonly maskUse: MaskUse;
  /** `model`: as the model has it. `edit`: an edit of the whole picture. */
  readonly variations: 'native' | 'edit' | 'off' | 'model';
  /** `openai`: streams as OpenAI does, where the model streams. */
  readonly stream: 'openai' | 'off';
  /** null: the model's. */
  readonly sizes: SizeRule | null;
  readonly maxResults: number;
  /** null: the model's. */
  readonly outputFormats: readonly OutputFormat[] | null;
  /** True: the server takes `seed`. */
  readonly seed: boolean;
}

/** Multiples of a step up to four megapixels: what latent models of this kind are made for and a little more. */
const byStep = (step: number): SizeRule => ({
  kind: 'free',
  step,
  minPixels: 256 * 256,
  maxPixels: 2048 * 2048,
  maxEdge: 4096,
  maxRatio: 4,
  wholeUpTo: 1024 * 1024,
});

const OPENAI: EndpointProfile = {
  name: 'openai',
  source: "OpenAI's documentation, November 2026.",
  auth: 'bearer',
  query: {},
  paths: { generations: '/images/generations', edits: '/images/edits', variations: '/images/variations' },
  omits: [],
  imageField: 'auto',
  maxImages: 16,
  plainPictures: false,
  maskField: 'mask',
  maskEncoding: 'alpha',
  maskRequired: false,
  maskUse: 'guidance',
  variations: 'model',
  stream: 'openai',
  sizes: null,
  maxResults: 10,
  outputFormats: null,
  seed: false,
};

const LOCAL: EndpointProfile = {
  ...OPENAI,
  plainPictures: true,
  maskUse: 'honoured',
  variations: 'edit',
  stream: 'off',
};

const readIn = (version: string) => `Read in its sources (${version}), not tried live.`;

export const PROFILE_NAMES = [
  'openai',
  'stable-diffusion.cpp',
  'lemonade',
  'localai',
  'vllm-omni',
  'sglang',
  'xinference',
  'litellm',
  'azure',
] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const PROFILES: Readonly<Record<ProfileName, EndpointProfile>> = {
  openai: OPENAI,
  'stable-diffusion.cpp': {
    ...LOCAL,
    name: 'stable-diffusion.cpp',
    source: readIn('97d2990, August 2026'),
    auth: 'none',
    // It has one model, and base64 is all it answers with.
    omits: ['model', 'response_format'],
    // It looks at luminance alone; the alpha is for the day on which it does as OpenAI.
    maskEncoding: 'dual',
    sizes: byStep(64),
    outputFormats: ['png', 'jpeg'],
  },
  lemonade: {
    ...LOCAL,
    name: 'lemonade',
    source: readIn('August 2026'),
    maskEncoding: 'dual',
    variations: 'native',
    sizes: byStep(64),
    outputFormats: ['png', 'jpeg'],
  },
  localai: {
    ...LOCAL,
    name: 'localai',
    source: readIn('82c191a, August 2026'),
    paths: { ...OPENAI.paths, edits: '/images/inpainting' },
    imageField: 'image',
    maxImages: 1,
    maskEncoding: 'white-edit',
    maskRequired: true,
    sizes: byStep(64),
    // Inpainting knows no `n`.
    maxResults: 1,
    outputFormats: ['png'],
  },
  'vllm-omni': {
    ...LOCAL,
    name: 'vllm-omni',
    source: readIn('005fd8e, August 2026'),
    // Under the name `mask` it would be dropped without a word.
    maskField: 'mask_image',
    maskEncoding: 'white-edit',
    sizes: byStep(16),
    seed: true,
  },
  sglang: {
    ...LOCAL,
    name: 'sglang',
    source: readIn('0230ddc, August 2026'),
    maskField: null,
    maskUse: 'ignored',
    sizes: byStep(16),
  },
  xinference: {
    ...LOCAL,
    name: 'xinference',
    source: readIn('7ecec16, August 2026'),
    maskEncoding: 'white-edit',
    variations: 'native',
    sizes: byStep(16),
  },
  litellm: {
    ...OPENAI,
    name: 'litellm',
    source: readIn('00fc80b, August 2026'),
    // What becomes of a mask is decided by whoever stands behind it.
    maskEncoding: 'dual',
    maskUse: 'unknown',
    variations: 'edit',
    stream: 'off',
  },
  azure: {
    ...OPENAI,
    name: 'azure',
    source: 'Concluded from its clients’ sources (2026), not tried live; the version of its API from memory.',
    auth: 'api-key',
    query: { 'api-version': '2025-04-01-preview' },
    // The base URL ends in /openai; a deployment's name is the model's id here.
    paths: {
      generations: '/deployments/{model}/images/generations',
      edits: '/deployments/{model}/images/edits',
      variations: '/deployments/{model}/images/variations',
    },
    omits: ['model'],
    variations: 'edit',
  },
};

const path = z.string().regex(/^\/[\w./{}-]*$/, 'must be a path that begins with /');
const count = z.int().positive();

/** What an operator may say otherwise of a preset. */
export const profileOverrides = z
  .strictObject({
    auth: z.enum(['bearer', 'api-key', 'none']),
    query: z.record(z.string(), z.string()),
    paths: z.strictObject({ generations: path, edits: path, variations: path }),
    omits: z.array(z.enum(OMITTABLE)),
    imageField: z.enum(['image', 'image[]', 'images', 'auto']),
    maxImages: count.max(16),
    plainPictures: z.boolean(),
    maskField: z.enum(['mask', 'mask_image']).nullable(),
    maskEncoding: z.enum(MASK_ENCODINGS),
    maskRequired: z.boolean(),
    maskUse: z.enum(['honoured', 'guidance', 'ignored', 'unknown']),
    variations: z.enum(['native', 'edit', 'off', 'model']),
    stream: z.enum(['openai', 'off']),
    sizes: sizeRule.nullable(),
    maxResults: count.max(10),
    outputFormats: z.array(z.enum(['png', 'jpeg', 'webp'])).nullable(),
    seed: z.boolean(),
  } satisfies Record<keyof Omit<EndpointProfile, 'name' | 'source'>, z.ZodType>)
  .partial();
