import { z } from 'zod';
import { badRequest } from '../errors.ts';
import type { RawForm } from './multipart.ts';

const reference = z.object({ image_url: z.string() });
const pictures = z.object({ images: z.array(z.unknown()).optional(), mask: z.unknown().optional() });

/** The JSON form of an edit: `images: [{ image_url }]` and `mask: { image_url }`, where a URL is a base64 data URL. */
export function readJsonForm(body: unknown): RawForm {
  const fields = jsonFields(body);
  const parsed = pictures.safeParse(fields);
  if (!parsed.success)
    throw badRequest('invalid_type', 'images', "'images' must be a list of objects with 'image_url'.");
  const { images = [], mask } = parsed.data;
  return {
    fields,
    images: images.map((item, i) => fromReference(item, `images[${i}]`)),
    mask: mask === undefined || mask === null ? null : fromReference(mask, 'mask'),
  };
}

export function jsonFields(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalid_type', null, 'The body must be a JSON object.');
  return body as Record<string, unknown>;
}

function fromReference(value: unknown, param: string): Uint8Array {
  const parsed = reference.safeParse(value);
  const url = parsed.success ? parsed.data.image_url : '';
  const comma = url.indexOf(',');
  if (!/^data:image\/[\w.+-]+;base64$/i.test(url.slice(0, Math.max(comma, 0))))
    throw badRequest(
      'invalid_value',
      param,
      `'${param}' must be { "image_url": "data:image/…;base64,…" }; nothing else is fetched.`,
    );
  return Buffer.from(url.slice(comma + 1), 'base64');
}
