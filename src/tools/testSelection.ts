import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import type { ColourReach, ColourSeed } from '../select/colourSelection.ts';
import type { ObjectHints } from '../select/growObject.ts';
import type { PendingSelection, SelectionSource } from './tool.ts';

export type Ask =
  | { readonly kind: 'colour'; readonly seed: ColourSeed; readonly reach: ColourReach }
  | { readonly kind: 'object'; readonly hints: ObjectHints };

/** A source of selections for tests of tools: it notes what it was asked, and answers when it is told to. */
export function testSelection() {
  const asks: (Ask & { readonly stack: LayerStack; abandoned: boolean })[] = [];
  const answers: ((mask: Mask | null) => void)[] = [];
  function begin(stack: LayerStack, ask: Ask): PendingSelection {
    const noted = { ...ask, stack, abandoned: false };
    asks.push(noted);
    return {
      answer: new Promise((resolve) => answers.push(resolve)),
      abandon() {
        noted.abandoned = true;
      },
    };
  }
  const source: SelectionSource = {
    byColour: (stack, seed, reach) => begin(stack, { kind: 'colour', seed, reach }),
    object: (stack, hints) => begin(stack, { kind: 'object', hints }),
  };
  return {
    source,
    asks,
    /** Answers the ask with this number; null: it failed. */
    async answer(number: number, mask: Mask | null) {
      answers[number]!(mask);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}
