import type { PixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
export function* growMaskSteps(mask: Mask, _frame: PixelRect, _radius: number): Generator<void, Mask> {
  return mask;
}
