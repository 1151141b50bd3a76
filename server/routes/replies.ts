import type { ImagesReply } from '../contract.ts';
import type { ImageMime, Model, ProviderResult } from '../providers/provider.ts';
import type { ImageFields } from '../validation/fields.ts';
import { readImageHeader } from '../validation/imageHeader.ts';

/** A result on the wire. `urls`: where its pictures are, one for each; null: they stand in the reply. */
export function imagesReply(result: ProviderResult, urls: readonly string[] | null): ImagesReply {
  return {
    created: unixSeconds(),
    data: result.images.map(({ data, revisedPrompt }, i) => ({
      ...(urls?.[i] ? { url: urls[i] } : { b64_json: toBase64(data) }),
      ...(revisedPrompt ? { revised_prompt: revisedPrompt } : {}),
    })),
    ...describeFirst(result),
    ...(result.quality ? { quality: result.quality } : {}),
    ...(result.usage ? { usage: result.usage } : {}),
    ...(result.words ? { lacuna: result.words } : {}),
    ...(result.notices ? { notices: result.notices } : {}),
  };
}

export const unixSeconds = () => Math.floor(Date.now() / 1000);

const FORMATS = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;
export const formatOf = (mime: ImageMime) => FORMATS[mime];

/** "WIDTHxHEIGHT" as the bytes have it; null where they can't be read. */
export function sizeOf(data: Uint8Array): string | null {
  const header = readImageHeader(data);
  return typeof header === 'string' ? null : `${header.width}x${header.height}`;
}

/** Format and size as the bytes have them, whatever was asked for. */
function describeFirst({ images: [first] }: ProviderResult): Pick<ImagesReply, 'output_format' | 'size'> {
  const size = first && sizeOf(first.data);
  return first && size ? { output_format: formatOf(first.mime), size } : {};
}

/** As it was asked for, where the model is known to obey; OpenAI's replies say `auto` of nothing. */
export function backgroundOf({ settings }: Model, { settings: { background } }: ImageFields) {
  const obeyed =
    background !== undefined && background !== 'auto' && settings?.background.includes(background);
  return obeyed ? { background } : {};
}

export const toBase64 = (data: Uint8Array) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
