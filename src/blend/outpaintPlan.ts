import type { PixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { type CropPlan, planCrop } from './cropPlan.ts';
import type { SizeRule } from './size.ts';
export interface OutpaintStep {
  readonly plan: CropPlan;
  readonly part: PixelRect;
}
export function planOutpaint({
  frame,
  uncovered,
  sizes,
}: {
  frame: PixelRect;
  uncovered: Mask;
  sizes: SizeRule;
  overlap?: number;
}): readonly OutpaintStep[] {
  const bounds = maskBounds(uncovered);
  return bounds ? [{ plan: planCrop({ frame, maskBounds: bounds, sizes }), part: bounds }] : [];
}
