import { z } from 'zod';
import type { ApiErrorOptions } from '../errors.ts';

/** What a failed reply says, whatever form it has. */
export interface Told {
  readonly message: string;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly moderation: NonNullable<ApiErrorOptions['moderation']> | null;
}

/** Characters of a text that are looked at: more of them would only keep the patterns below busy. */
const MAX_TEXT = 8192;
/** Errors around errors: a gateway's around a gateway's around the service's. */
const MAX_DEPTH = 5;

const scalar = z
  .union([z.string().transform((text) => text.slice(0, MAX_TEXT)), z.number().transform(String)])
  .nullish()
  .catch(null);
const errorShape = z.object({
  message: scalar,
  code: scalar,
  type: scalar,
  param: scalar,
  error: z.unknown().optional(),
  detail: z.unknown().optional(),
  moderation_details: z
    .object({
      moderation_stage: z.string().max(100).optional(),
      categories: z.array(z.string().max(100)).max(50).optional(),
    })
    .nullish()
    .catch(null),
});

/** `{error: {…}}`, `{error: "…"}`, FastAPI's `{detail: …}`, a gateway's error around another one, text, HTML. */
export function readBody(body: unknown, depth = 0): Told {
  const nothing = { code: null, type: null, param: null, moderation: null };
  if (typeof body === 'string') return { ...nothing, message: plainText(body) };
  const parsed = errorShape.safeParse(body);
  if (!parsed.success || depth > MAX_DEPTH) return { ...nothing, message: 'It gave no reason.' };
  const { error, detail, message, code, type, param, moderation_details: moderation } = parsed.data;
  if (typeof error === 'object' && error !== null) return readBody(error, depth + 1);
  const nested = /Exception - (\{[\s\S]*\})/.exec(message ?? '');
  const inner = nested?.[1] === undefined ? null : parseJson(nested[1]);
  if (inner !== null) return readBody(inner, depth + 1);
  const told = readDetail(detail);
  return {
    message:
      message ??
      (typeof error === 'string' ? error.slice(0, MAX_TEXT) : null) ??
      told?.message ??
      'It gave no reason.',
    code: code ?? null,
    type: type ?? null,
    param: param ?? told?.param ?? null,
    moderation: moderation
      ? {
          ...(moderation.moderation_stage === undefined
            ? {}
            : { moderation_stage: moderation.moderation_stage }),
          ...(moderation.categories === undefined ? {} : { categories: moderation.categories }),
        }
      : null,
  };
}

const fieldErrors = z
  .array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() }))
  .min(1);

/** FastAPI's `detail`: a sentence, or a list of fields at fault. What was sent is echoed there and left out here. */
function readDetail(detail: unknown): { message: string; param: string | null } | null {
  if (typeof detail === 'string') return { message: detail.slice(0, MAX_TEXT), param: null };
  const parsed = fieldErrors.safeParse(detail);
  if (!parsed.success) return null;
  const named = parsed.data.map(({ loc, msg }) => ({ name: String(loc.at(-1) ?? 'body'), msg }));
  const message = named.map(({ name, msg }) => `${name}: ${msg}`).join('; ');
  return { message: message.slice(0, MAX_TEXT), param: named[0]?.name ?? null };
}

function plainText(text: string): string {
  const plain = text
    .slice(0, MAX_TEXT)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain || 'It gave no reason.';
}

/** null: it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
