import { z } from 'zod';
import { describeModel } from './models.ts';
import { checkWhole, modelMembers } from './modelsFile.ts';
import { type EndpointProfile, PROFILE_NAMES, PROFILES, profileOverrides } from './profiles.ts';
import { modelBehind, type NamedModel } from './serviceModels.ts';

/** One service of the file, its key taken from the environment. */
export interface ListedService {
  readonly id: string;
  readonly apiKey: string | null;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly profile: EndpointProfile;
  readonly models: readonly [NamedModel, ...NamedModel[]];
  /** Its first model answers when a request names none. */
  readonly isDefault: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** 'embedded' is the engine's, 'openai' that of OPENAI_API_KEY and OPENAI_BASE_URL. */
const TAKEN = ['embedded', 'openai'];

const listed = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i, 'must be letters, digits, dots, dashes and underscores')
    .refine((id) => !TAKEN.includes(id), `must not be one of ${TAKEN.join(', ')}`),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '', 'must hold no user name or password'),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of an environment variable, in capitals')
    .optional(),
  profile: z.enum(PROFILE_NAMES).default('openai'),
  overrides: profileOverrides.default({}),
  models: z
    .array(
      modelMembers
        .omit({ service: true })
        .partial()
        .extend({ id: z.string().min(1).max(200) }),
    )
    .min(1),
  default: z.boolean().default(false),
});

const schema = z
  .array(listed)
  .min(1)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two services have the same id')
  .refine((all) => all.filter((one) => one.default).length < 2, 'more than one service is the default');

/**
 * Reads the text of a services file. Throws an Error that says in one line per fault where it is, and never what
 * stands there: it could be a key that somebody put in the wrong place.
 */
export function parseServicesFile(text: string, env: Env): ListedService[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('it is not valid JSON');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new Error(parsed.error.issues.map(sayIssue).join('\n'));
  return parsed.data.map((service, at) => resolve(service, `service ${at + 1}`, env));
}

function resolve(service: z.infer<typeof listed>, place: string, env: Env): ListedService {
  const { id, baseUrl, apiKeyEnv, overrides, default: isDefault } = service;
  const apiKey = apiKeyEnv === undefined ? null : (env[apiKeyEnv]?.trim() ?? '');
  if (apiKey === '') throw new Error(`${place}: its apiKeyEnv names a variable that is not set`);
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new Error(`${place}: the variable of its apiKeyEnv has characters that no key has`);
  // JSON has no undefined: what zod types so is left out.
  const profile = { ...PROFILES[service.profile], ...(overrides as Partial<EndpointProfile>) };
  const models = service.models as unknown as readonly [NamedModel, ...NamedModel[]];
  models.forEach((model, i) => {
    try {
      checkWhole('it', { ...modelBehind(profile, describeModel(model.id)), ...model });
    } catch {
      throw new Error(`${place}: what is said of model ${i + 1} does not go together`);
    }
  });
  return { id, apiKey, baseUrl: baseUrl.replace(/\/+$/, ''), profile, models, isDefault };
}

/** Names of members that are not known are left out too: they are the file's words, not ours. */
function sayIssue({ path, message, code }: z.core.$ZodIssue): string {
  const [service, ...rest] = path;
  const place = typeof service === 'number' ? `service ${service + 1}` : 'the file';
  const member = rest.length > 0 ? `, ${rest.join('.')}` : '';
  return `${place}${member}: ${code === 'unrecognized_keys' ? 'has members that are not known' : message}`;
}
