import { flattenRect } from '../blend/composite.ts';
import { type CropPlan, contentSize } from '../blend/cropPlan.ts';
import { cropTopLeft, edgePad } from '../blend/edgePad.ts';
import { resampledStrips } from '../blend/resample.ts';
import type { Size } from '../blend/size.ts';
import { pixelRect } from '../geometry/rect.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { fromSrgb, PLAIN_SRGB, toSrgb } from './colour/documentColour.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
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

/** The plan's part of the flattened document as the service gets it: sRGB, scaled, padded; a PNG. */
export async function cropForService(
  store: ImageStore,
  stack: LayerStack,
  plan: CropPlan,
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
  return encodePng({ ...sent, opaque: isOpaque(pixels), readRows: rowsOf(pixels, sent.width) }, pause);
}

function isOpaque(pixels: Uint8Array): boolean {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 255) return false;
  return true;
}

/**
 * A service's answer as pixels of `plan.rect`, in the document's colour space: scaled to what was sent when it came
 * in another size, without its padding, scaled back.
 *
 * @param picture whose colour space it is; null leaves it sRGB
 */
export async function pixelsOfResult(
  answer: Pixels,
  plan: CropPlan,
  picture: Pixels | null,
  pause: Pause,
): Promise<Pixels> {
  const { rect, sent } = plan;
  const same = answer.width === sent.width && answer.height === sent.height;
  const whole = same ? answer.data : await scaled(rowsOf(answer.data, answer.width), answer, sent, pause);
  const content = contentSize(plan);
  const cut = cropTopLeft(whole, sent, content, 4);
  const data = await scaled(rowsOf(cut, content.width), content, rect, pause);
  toSrgb(answer.colour)?.(data);
  const colour = picture?.colour ?? PLAIN_SRGB;
  fromSrgb(colour)?.(data);
  return { width: rect.width, height: rect.height, data, opaque: answer.opaque, colour };
}
