import type { Saying } from '../state/ui.ts';
import type { Translate } from './translate.ts';

/** Puts a sentence together, with the sentences that it holds. */
export function say(t: Translate, { key, params = {} }: Saying): string {
  const words = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'object' ? say(t, value) : value] as const,
  );
  return t(key, Object.fromEntries(words));
}
