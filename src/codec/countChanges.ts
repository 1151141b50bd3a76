import { peekRect } from '../blend/composite.ts';
import { type Changes, countChanged } from '../blend/verify.ts';
import { coverageOf } from '../raster/coverage.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import type { ImageStore } from './imageStore.ts';
import type { Pause } from './pause.ts';
import { strips } from './strips.ts';

/** Counts, over the whole frame of `before`, what differs between two stacks where nothing was painted. */
export async function countChanges(
  store: ImageStore,
  before: LayerStack,
  after: LayerStack,
  painted: Mask,
  blended: Mask,
  pause: Pause,
): Promise<Changes> {
  const old = await store.open(before);
  const now = await store.open(after);
  let outside = 0;
  let beside = 0;
  for (const strip of strips(before.frame)) {
    const changes = countChanged(
      peekRect(old.source, before, strip),
      peekRect(now.source, after, strip),
      () => coverageOf(maskSource(painted), strip),
      () => coverageOf(maskSource(blended), strip),
    );
    outside += changes.outside;
    beside += changes.beside;
    await pause();
  }
  return { outside, beside };
}
