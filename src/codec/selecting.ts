import { flattenRect, peekRect } from '../blend/composite.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { type ColourReach, type ColourSeed, ColourSelection } from '../select/colourSelection.ts';
import { type ObjectHints, objectSteps } from '../select/growObject.ts';
import { type ToOklab, toOklab } from '../select/oklab.ts';
import type { DocumentColour } from './colour/documentColour.ts';
import { lightOf } from './colour/light.ts';
import type { ImageStore } from './imageStore.ts';
import { type Pause, paused } from './pause.ts';

/** Selections by what is seen of a stack, at full resolution. */
export function createSelecting(store: ImageStore) {
  /** The last touch of a wand: another tolerance measures nothing anew. One byte per pixel of the frame. */
  let last: { readonly key: string; readonly selection: ColourSelection } | null = null;

  return {
    /** `key` says which pixels the stack has. */
    async byColour(
      stack: LayerStack,
      key: string,
      seed: ColourSeed,
      reach: ColourReach,
      pause: Pause,
    ): Promise<Mask> {
      const { source, picture } = await store.open(stack);
      await pause();
      const touch = `${key} ${JSON.stringify(seed)}`;
      if (last?.key !== touch) {
        // Before the next one is made: two of a large picture need not be held at once.
        last = null;
        const read = (rect: LayerStack['frame']) => flattenRect(source, stack, rect);
        last = {
          key: touch,
          selection: new ColourSelection(stack.frame, seed, read, oklabOf(picture.colour)),
        };
      }
      return paused(last.selection.maskSteps(reach), pause);
    },
    async object(stack: LayerStack, hints: ObjectHints, pause: Pause): Promise<Mask> {
      const { source, picture } = await store.open(stack);
      await pause();
      const read = (rect: LayerStack['frame']) => peekRect(source, stack, rect);
      return paused(objectSteps(hints, read, oklabOf(picture.colour)), pause);
    },
    /** Once pictures are gone. */
    forget() {
      last = null;
    },
  };
}

const oklabOf = (colour: DocumentColour): ToOklab => toOklab(lightOf(colour));
