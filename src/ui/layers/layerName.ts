import type { Layer } from '../../editor/layer.ts';
import type { Saying } from '../state/ui.ts';

/** As many words of a prompt as a row takes. */
const WORDS = 6;

/** What a layer is called: the first words that it was asked for with, or what made it. */
export function layerName({ origin }: Layer): string | Saying {
  if (origin.kind === 'merged') return { key: 'layer.merged' };
  const words = origin.made.prompt.trim().split(/\s+/);
  if (words[0]) return words.slice(0, WORDS).join(' ') + (words.length > WORDS ? ' …' : '');
  return { key: origin.kind === 'placed' ? 'layer.placed' : 'layer.result' };
}
