import { z } from 'zod';
import { badRequest } from '../errors.ts';
import { MAX_IMAGES, type RawForm } from './multipart.ts';

const pictures = z.object({
  images: z.array(z.unknown()).nullish(),
  mask: z.unknown().optional(),
  markup: z.unknown().optional(),
});

/**
 * The JSON form of an edit: `images: [{ image_url }]`, `mask: { image_url }` and `markup: { image_url }`, where a URL is
 * a base64 data URL.
 */
export function readJsonForm(body: unknown): RawForm {
  const fields = jsonFields(body);
  const parsed = pictures.safeParse(fields);
  if (!parsed.success)
    throw badRequest('invalid_type', 'images', "'images' must be a list of objects with 'image_url'.");
  const { images, mask, markup } = parsed.data;
  const list = images ?? [];
  if (list.length > MAX_IMAGES)
    throw badRequest('invalid_value', 'images', `At most ${MAX_IMAGES} pictures are taken.`);
  const optional = (value: unknown, param: string) =>
    value === undefined || value === null ? null : fromReference(value, param);
  return {
    fields,
    images: list.map((item, i) => fromReference(item, `images[${i}]`)),
    mask: optional(mask, 'mask'),
    markup: optional(markup, 'markup'),
  };
}

export function jsonFields(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalid_type', null, 'The body must be a JSON object.');
  return body as Record<string, unknown>;
}

const reference = z.object({ image_url: z.string().nullish(), file_id: z.unknown().optional() });

function fromReference(value: unknown, param: string): Uint8Array {
  const parsed = reference.safeParse(value);
  const { image_url: url = '', file_id: fileId } = parsed.data ?? {};
  if (!url && typeof fileId === 'string')
    throw badRequest(
      'invalid_value',
      `${param}.file_id`,
      "There is no store of files here: send the picture itself as a data URL in 'image_url'.",
    );
  const comma = url?.indexOf(',') ?? -1;
  if (!url || !/^data:image\/[\w.+-]+;base64$/i.test(url.slice(0, Math.max(comma, 0))))
    throw badRequest(
      'invalid_value',
      param,
      `'${param}' must be { "image_url": "data:image/…;base64,…" }; nothing else is fetched.`,
    );
  return Buffer.from(url.slice(comma + 1), 'base64');
}
