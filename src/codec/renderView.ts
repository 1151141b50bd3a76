import { flattenRect, type PixelSource } from '../blend/composite.ts';
import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import type { LayerStack, RasterLayer } from '../raster/layerStack.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { toDisplayP3, toSrgb } from './colour/documentColour.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
import { buildLevels, flattenLevels, type Level } from './mipLevels.ts';
import type { Pause } from './pause.ts';
import type { Region } from './protocol.ts';
import { imageData } from './screenPixels.ts';
import { sharedWork } from './sharedWork.ts';

/**
 * Most px of a level that are flattened at once, on a canvas of their own: between two levels the screen's px are made
 * of up to four times as many, more than a canvas may have everywhere (16.7 million on Safari).
 */
const BAND = 2 ** 22;

/** Kept as long as the pixels, or the layer's mask, are. */
const pictureLevels = new WeakMap<Pixels, Promise<readonly Level[]>>();
const layerLevels = new WeakMap<Mask, Map<string, Promise<readonly Level[]>>>();

/**
 * What the screen shows of `region`: flattened, from the level that is just finer than the screen; smooth when
 * minified, the pixels themselves when magnified, transparent where nothing is.
 *
 * @param screen the space of the bitmap when the document's is not sRGB
 */
export async function renderView(
  store: ImageStore,
  stack: LayerStack,
  region: Region,
  outWidth: number,
  outHeight: number,
  screen: PredefinedColorSpace,
  pause: Pause,
): Promise<ImageBitmap> {
  const { source, picture } = await store.open(stack);
  const shrink = Math.min(region.width / outWidth, region.height / outHeight);
  const wanted = Math.max(0, Math.floor(Math.log2(shrink)));
  const step = 2 ** Math.min(wanted, levelCount(picture));
  const colorSpace = picture.colour.space ? screen : 'srgb';
  const out = new OffscreenCanvas(outWidth, outHeight);
  const context = out.getContext('2d', { colorSpace })!;
  context.imageSmoothingEnabled = shrink > 1;
  context.imageSmoothingQuality = 'medium';
  const convert = (colorSpace === 'display-p3' ? toDisplayP3 : toSrgb)(picture.colour);
  const canvas = new OffscreenCanvas(1, 1);
  const band = canvas.getContext('2d', { colorSpace })!;
  const [perX, perY] = [region.width / outWidth, region.height / outHeight];
  const count = Math.ceil((region.width * region.height) / step ** 2 / BAND);
  const rows = Math.ceil(outHeight / count);
  for (let top = 0; top < outHeight; top += rows) {
    const height = Math.min(rows, outHeight - top);
    const part = { ...region, y: region.y + top * perY, height: height * perY };
    const rect = intersect(around(part, step), onGrid(stack.frame, step));
    if (!rect) continue;
    const pixels = await flattenAt(source, picture, stack, rect, step, pause);
    convert?.(pixels);
    canvas.width = rect.width;
    canvas.height = rect.height;
    band.putImageData(imageData(pixels, rect, colorSpace), 0, 0);
    context.save();
    context.beginPath();
    context.rect(0, top, outWidth, height);
    context.clip();
    // With the px around it, so that what is seen of a px depends neither on the region nor on the band.
    context.drawImage(
      canvas,
      (rect.x * step - region.x) / perX,
      (rect.y * step - region.y) / perY,
      (rect.width * step) / perX,
      (rect.height * step) / perY,
    );
    context.restore();
    await pause();
  }
  return out.transferToImageBitmap();
}

/**
 * Straight RGBA in the document's colour space.
 *
 * @param rect in px of the level @param step document px per px of the level
 */
async function flattenAt(
  source: PixelSource,
  picture: Pixels,
  stack: LayerStack,
  rect: PixelRect,
  step: number,
  pause: Pause,
): Promise<Uint8Array<ArrayBuffer>> {
  if (step === 1) return flattenRect(source, stack, rect);
  const count = levelCount(picture);
  const level = Math.log2(step) - 1;
  const stacked = [(await levelsOfPicture(picture, pause))[level]!];
  for (const layer of stack.layers) {
    if (layer.visible) stacked.push((await levelsOfLayer(source, layer, count, pause))[level]!);
  }
  return flattenLevels(stacked, rect);
}

/** Pixels of a level that touch the region. */
function onGrid(region: Region, step: number): PixelRect {
  const x = Math.floor(region.x / step);
  const y = Math.floor(region.y / step);
  return pixelRect(
    x,
    y,
    Math.ceil((region.x + region.width) / step) - x,
    Math.ceil((region.y + region.height) / step) - y,
  );
}

/** Two more on each side, for the smoothing, which halves once: from an even px to an even px. */
const around = (region: Region, step: number) => {
  const { x, y, width, height } = onGrid(region, step);
  const [left, top] = [even(x) - 2, even(y) - 2];
  return pixelRect(left, top, even(x + width + 3) - left, even(y + height + 3) - top);
};

const even = (at: number) => at - (at & 1);

/** No level is smaller than this on its longer edge: a view is seldom smaller. */
const SMALLEST = 256;

const levelCount = ({ width, height }: Pixels) =>
  Math.max(1, Math.ceil(Math.log2(Math.max(width, height) / SMALLEST)));

function levelsOfPicture(picture: Pixels, pause: Pause): Promise<readonly Level[]> {
  const { data, width } = picture;
  const band = (rect: PixelRect): Level => {
    const rows = data.subarray(rect.y * width * 4, (rect.y + rect.height) * width * 4);
    return { rect, colour: picture.opaque ? rows : premultiplied(rows, null), weight: null };
  };
  return sharedWork(pictureLevels, picture, pause, () =>
    buildLevels(pixelRect(0, 0, width, picture.height), band, levelCount(picture), pause),
  );
}

function levelsOfLayer(
  source: PixelSource,
  { image, rect, mask }: RasterLayer,
  count: number,
  pause: Pause,
): Promise<readonly Level[]> {
  const ofMask = layerLevels.get(mask) ?? new Map<string, Promise<readonly Level[]>>();
  layerLevels.set(mask, ofMask);
  const key = `${image.id} ${rect.x} ${rect.y} ${count}`;
  const data = source.pixels(image.id);
  const band = (piece: PixelRect): Level => {
    const start = (piece.y - rect.y) * rect.width * 4;
    const weight = coverageOf(maskSource(mask), piece);
    const rows = data.subarray(start, start + weight.length * 4);
    return { rect: piece, colour: premultiplied(rows, weight), weight };
  };
  return sharedWork(ofMask, key, pause, () => buildLevels(rect, band, count, pause));
}

function premultiplied(straight: Uint8Array, weight: Uint8Array | null): Uint8Array {
  const out = new Uint8Array(straight.length);
  for (let i = 0, p = 0; i < out.length; i += 4, p++) {
    const share = weight ? weight[p]! : 255;
    // Most of a layer is hidden or whole.
    if (share === 0) continue;
    if (share === 255 && straight[i + 3] === 255) {
      out[i] = straight[i]!;
      out[i + 1] = straight[i + 1]!;
      out[i + 2] = straight[i + 2]!;
      out[i + 3] = 255;
      continue;
    }
    const alpha = (straight[i + 3]! * share) / 255;
    out[i] = (straight[i]! * alpha) / 255 + 0.5;
    out[i + 1] = (straight[i + 1]! * alpha) / 255 + 0.5;
    out[i + 2] = (straight[i + 2]! * alpha) / 255 + 0.5;
    out[i + 3] = alpha + 0.5;
  }
  return out;
}
