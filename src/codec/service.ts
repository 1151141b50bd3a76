import { flattenRect } from '../blend/composite.ts';
import { type CropPlan, contentSize } from '../blend/cropPlan.ts';
import { edgePad } from '../blend/edgePad.ts';
import { prefillSteps } from '../blend/prefill.ts';
import { resampledStrips } from '../blend/resample.ts';
import { sentMask } from '../blend/sentMask.ts';
import type { Size } from '../blend/size.ts';
import { pixelRect } from '../geometry/rect.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { toSrgb } from './colour/documentColour.ts';
import type { ImageStore } from './imageStore.ts';
import { isOpaque } from './opaque.ts';
import type { Pause } from './pause.ts';
import { encodePng } from './png/encode.ts';

type ReadRows = (first: number, last: number) => Uint8Array;

/** `size` straight RGBA scaled in strips, or copied when the sizes agree. */
async function scaled(read: ReadRows, size: Size, to: Size, pause: Pause): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(to.width * to.height * 4);
  let at = 0;
  for (const strip of resampledStrips(read, size, to)) {
    out.set(strip, at);
    at += strip.length;
    await pause();
  }
  return out;
}

const rowsOf =
  (pixels: Uint8Array, width: number): ReadRows =>
  (first, last) =>
    pixels.subarray(first * width * 4, last * width * 4);

/**
 * The plan's part of the flattened document as the service gets it: sRGB, scaled, padded; a PNG. What is empty where
 * something is asked for continues its surroundings, because models look at what lies under a mask.
 */
export async function cropForService(
  store: ImageStore,
  stack: LayerStack,
  plan: CropPlan,
  asked: Mask,
  pause: Pause,
): Promise<Blob> {
  const { source, picture } = await store.open(stack);
  const { rect, sent } = plan;
  const convert = toSrgb(picture.colour);
  const read: ReadRows = (first, last) => {
    const rows = flattenRect(source, stack, pixelRect(rect.x, rect.y + first, rect.width, last - first));
    convert?.(rows);
    return rows;
  };
  const content = contentSize(plan);
  const pixels = edgePad(await scaled(read, rect, content, pause), content, sent, 4);
  for (const _ of prefillSteps(pixels, sentMask(asked, plan), sent)) await pause();
  return encodePng({ ...sent, opaque: isOpaque(pixels), readRows: rowsOf(pixels, sent.width) }, pause);
}
