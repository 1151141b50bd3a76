import type { ErrorCode } from '../contract.ts';
import type { Told } from './upstreamBody.ts';

/** Codes that say of a service's refusal what they say of ours. */
const SHARED: readonly ErrorCode[] = [
  'missing_required_parameter',
  'invalid_value',
  'invalid_type',
  'unknown_parameter',
  'invalid_image_format',
  'invalid_image_file',
  'image_too_large',
  'mask_size_mismatch',
  'mask_without_alpha',
  'mask_empty',
  'invalid_mask',
  'prompt_too_long',
];

/** Services put faults of the mask under codes of the picture, so their words come before their code. */
const MASK_WORDS: readonly (readonly [ErrorCode, RegExp])[] = [
  ['mask_without_alpha', /\balpha\b/i],
  ['mask_size_mismatch', /\b(size|dimension).*\b(match|same|differ)|\b(same|different) (size|dimension)/i],
];

const WORDS: readonly (readonly [ErrorCode, RegExp])[] = [
  ['unknown_parameter', /\b(unknown|unsupported)[_ ]parameter|unrecognized request argument/i],
  ['unknown_parameter', /does not support the '\w+' parameter/i],
  ['missing_required_parameter', /missing required|required property|field required|is required/i],
  ['prompt_too_long', /prompt.*(too long|maximum length)/i],
  ['image_too_large', /image.*(too large|too big|exceeds)/i],
  ['invalid_image_format', /unsupported (mimetype|image)|uploaded image must be a png/i],
  ['invalid_image_file', /invalid (input )?image|cannot identify image/i],
  ['invalid_type', /invalid type/i],
  ['invalid_value', /invalid (value|size)|does not support|unsupported value/i],
];

/** What a service found wrong with a request (its 4xx), by its code where that is one of ours, else by its words. */
export function refusalCode({ code, param, message }: Told): ErrorCode {
  const shared = SHARED.find((known) => known === code);
  if (shared?.includes('mask')) return shared;
  const find = (table: typeof WORDS, text: string) => table.find(([, words]) => words.test(text))?.[0];
  const aboutMask = /\bmask\b/i.test(`${param} ${message}`);
  if (aboutMask) return find(MASK_WORDS, message) ?? 'invalid_mask';
  const words = find(WORDS, [code, param, message].join(' '));
  return shared ?? words ?? (param === null ? 'request_refused' : 'invalid_value');
}
