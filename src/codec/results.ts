import { type BlendSettings, GROW_RANGE } from '../blend/blendSettings.ts';
import { blendWeightsSteps } from '../blend/blendWeights.ts';
import { colourCorrection } from '../blend/colourMatch.ts';
import { type Comparison, compareSteps, scaledSteps } from '../blend/comparison.ts';
import { flattenRect } from '../blend/composite.ts';
import { type CropPlan, contentSize } from '../blend/cropPlan.ts';
import { cropRect } from '../blend/edgePad.ts';
import { heatMap } from '../blend/heatMap.ts';
import { seamCorrectionSteps } from '../blend/seam.ts';
import { sentMask } from '../blend/sentMask.ts';
import { expand, intersect, type PixelRect, union } from '../geometry/rect.ts';
import { cutMask } from '../raster/combine.ts';
import { coverageOf } from '../raster/coverage.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { uncoveredMask } from '../raster/uncovered.ts';
import { fromSrgb, PLAIN_SRGB, toSrgb } from './colour/documentColour.ts';
import type { Pixels } from './decode.ts';
import type { ImageStore } from './imageStore.ts';
import { type Pause, paused } from './pause.ts';
import type { FittedSource } from './protocol.ts';
import { imageData } from './screenPixels.ts';

/** What a service gave is compared in sRGB, the space of all that is sent. A copy where it has to be converted. */
async function srgbPixels(store: ImageStore, id: string) {
  const pixels = await store.get(id);
  const convert = toSrgb(pixels.colour);
  if (!convert) return pixels;
  const data = pixels.data.slice();
  convert(data);
  return { ...pixels, data };
}

/** An answer against what was sent; see `compareSteps`. */
export async function compare(
  store: ImageStore,
  ids: { readonly sent: string; readonly raw: string },
  asked: Mask,
  plan: CropPlan,
  pause: Pause,
): Promise<Comparison> {
  const sent = await srgbPixels(store, ids.sent);
  const raw = await srgbPixels(store, ids.raw);
  return paused(compareSteps(sent, raw, asked, plan), pause);
}

/** The blend mask of a result, and the rectangle that any setting of its sliders may need pixels of. */
export async function blendWeights(
  masks: { readonly asked: Mask; readonly spill: Mask | null },
  settings: BlendSettings,
  below: LayerStack,
  plan: CropPlan,
  pause: Pause,
): Promise<{ rect: PixelRect; weights: Mask }> {
  const wanted = union(
    maskBounds(cutMask(masks.asked, plan.rect)),
    masks.spill && maskBounds(cutMask(masks.spill, plan.rect)),
  );
  const grown = wanted && expand(wanted, GROW_RANGE.max);
  const rect = (grown && intersect(grown, plan.rect)) ?? plan.rect;
  const weights = await paused(
    blendWeightsSteps({
      ...masks,
      uncovered: uncoveredMask(below),
      settings,
      frame: below.frame,
      within: plan.rect,
    }),
    pause,
  );
  return { rect, weights };
}

/** Pixels of a `FittedSource` whose stack and weights are given. */
export async function fittedPixels(
  store: ImageStore,
  source: FittedSource,
  seam: { readonly below: LayerStack; readonly rect: PixelRect; readonly weights: Mask } | null,
  pause: Pause,
): Promise<Pixels> {
  const { image, window, size, picture, colour: correction } = source;
  const raw = await store.get(image);
  const data = await paused(scaledSteps(raw, size, window), pause);
  toSrgb(raw.colour)?.(data);
  if (correction) colourCorrection(correction.match, correction.strength)(data);
  const colour = picture === null ? PLAIN_SRGB : (await store.get(picture)).colour;
  fromSrgb(colour)?.(data);
  if (seam) {
    const { source: below } = await store.open(seam.below);
    const under = flattenRect(below, seam.below, seam.rect);
    const weights = coverageOf(maskSource(seam.weights), seam.rect);
    await paused(seamCorrectionSteps(data, under, weights, size), pause);
  }
  return { ...size, data, opaque: raw.opaque, colour };
}

/** What the raw answer changed outside what was asked for, as an overlay of the plan's rectangle. */
export async function heatBitmap(
  store: ImageStore,
  ids: { readonly sent: string; readonly raw: string },
  asked: Mask,
  plan: CropPlan,
  pause: Pause,
): Promise<ImageBitmap> {
  const sent = await srgbPixels(store, ids.sent);
  const raw = await srgbPixels(store, ids.raw);
  const returned = await paused(scaledSteps(raw, plan.sent), pause);
  const heat = heatMap(sent.data, returned, sentMask(asked, plan), plan.sent);
  const content = contentSize(plan);
  const cut = cropRect(heat, plan.sent.width, { x: 0, y: 0, ...content }, 4);
  return createImageBitmap(imageData(cut, content));
}
