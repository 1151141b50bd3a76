import type { BlendSettings } from '../blend/blendSettings.ts';
import type { Comparison } from '../blend/comparison.ts';
import type { CropPlan } from '../blend/cropPlan.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { eraseFrom, supportOf } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef, RasterLayer } from '../raster/layerStack.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';

/** What a layer was made by: for its name, and for the recipe in an exported file. */
export interface Made {
  readonly mode: 'edit' | 'generate' | 'variations';
  readonly prompt: string;
  readonly model: string;
  /** null: the service has no such setting, or chose. */
  readonly quality: string | null;
  /** Unix time in ms. */
  readonly at: number;
}

/** A service's raw answer and everything that is needed to blend it again, for free. */
export interface ResultOrigin {
  readonly kind: 'result';
  /** The answer as it came. */
  readonly raw: ImageRef;
  /** The picture that was sent, of the plan's size: what the answer is compared with. */
  readonly sent: ImageRef;
  readonly plan: CropPlan;
  /** Document px that were asked to change; may go on beyond the plan's rectangle. */
  readonly asked: Mask;
  readonly comparison: Comparison;
  readonly settings: BlendSettings;
  readonly made: Made;
}

/** A whole picture, laid over the document and scaled to the layer's rectangle. */
export interface PlacedOrigin {
  readonly kind: 'placed';
  readonly raw: ImageRef;
  readonly made: Made;
}

/** Several layers in one: what was seen in their place, the picture below included. */
export interface MergedOrigin {
  readonly kind: 'merged';
}

export type LayerOrigin = ResultOrigin | PlacedOrigin | MergedOrigin;

/** A raster layer of a document. `mask` is `weights` without `erased`. */
export interface Layer extends RasterLayer {
  /** What the blending gave: 0 = what lies below stays … 255 = the layer replaces it. */
  readonly weights: Mask;
  /** What the user erased of the layer itself, 255 = all. */
  readonly erased: Mask;
  readonly origin: LayerOrigin;
}

/** What blending, placing or merging makes of a layer; the rest of it is the user's. */
export interface LayerPixels {
  readonly image: ImageRef;
  readonly rect: PixelRect;
  readonly weights: Mask;
}

export const newLayer = (id: string, pixels: LayerPixels, origin: LayerOrigin): Layer => ({
  id,
  ...pixels,
  mask: pixels.weights,
  erased: emptyMask,
  visible: true,
  origin,
});

/** The layer with other pixels, as another blending gives them; what was erased of it stays erased. */
export const withPixels = (layer: Layer, pixels: LayerPixels, origin: LayerOrigin): Layer => ({
  ...layer,
  ...pixels,
  mask: eraseFrom(pixels.weights, layer.erased),
  origin,
});

export const withErased = (layer: Layer, erased: Mask): Layer => ({
  ...layer,
  erased,
  mask: eraseFrom(layer.weights, erased),
});

/** A placed layer at another place. `erased`: what was erased of it, moved and scaled along. */
export const movedTo = (layer: Layer, image: ImageRef, rect: PixelRect, erased: Mask): Layer =>
  withErased({ ...layer, image, rect, weights: fillMask(rect) }, erased);

/** Where any of the layers hides anything of what lies below: 0 / 255. */
export const touchedBy = (layers: readonly RasterLayer[]): Mask =>
  supportOf(layers.filter(({ visible }) => visible).map(({ mask }) => mask));

/** The pictures that a layer needs: to be drawn, and to be blended again. */
export function picturesOfLayer({ image, origin }: Layer): ImageRef[] {
  if (origin.kind === 'result') return [image, origin.raw, origin.sent];
  return origin.kind === 'placed' ? [image, origin.raw] : [image];
}

/** Masks that a layer holds, to be counted in memory and stored. */
export function masksOfLayer({ mask, weights, erased, origin }: Layer): Mask[] {
  const own = [mask, weights, erased];
  if (origin.kind !== 'result') return own;
  const { spill } = origin.comparison;
  return [...own, origin.asked, ...(spill ? [spill] : [])];
}
