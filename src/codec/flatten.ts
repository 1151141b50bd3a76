import { flattenRect } from '../blend/composite.ts';
import { contains, type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
import type { Pause } from './pause.ts';
import { strips } from './strips.ts';

/** What is seen of a stack in `rect`, as an image of its own. */
export async function flattenedPixels(
  store: ImageStore,
  stack: LayerStack,
  rect: PixelRect,
  pause: Pause,
): Promise<Pixels> {
  const { source, picture, opaque } = await store.open(stack);
  const data = new Uint8Array(rect.width * rect.height * 4);
  for (const strip of strips(rect)) {
    data.set(flattenRect(source, stack, strip), (strip.y - rect.y) * rect.width * 4);
    await pause();
  }
  const whole = contains(pixelRect(0, 0, picture.width, picture.height), rect);
  return { width: rect.width, height: rect.height, data, opaque: opaque && whole, colour: picture.colour };
}
