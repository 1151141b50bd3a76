import { expand, type PixelRect } from '../geometry/rect.ts';
import { cutMask, joinMasks, meetMasks, tilesNear } from '../raster/combine.ts';
import type { Mask } from '../raster/mask.ts';
import { growMaskSteps } from '../raster/operations/growMask.ts';
import { blendMaskSteps } from './blendMask.ts';
import type { BlendSettings } from './blendSettings.ts';

export interface WeightsRequest {
  /** What was asked to change. */
  readonly asked: Mask;
  /** What the service changed beside it; see `Comparison`. */
  readonly spill: Mask | null;
  /** What nothing lies under: there is nothing to be feathered with, and the result is seen in full. */
  readonly uncovered: Mask;
  readonly settings: BlendSettings;
  readonly frame: PixelRect;
  /** Document px that the result has pixels for. The mask may go on beyond: there is no ramp at this edge. */
  readonly within: PixelRect;
}

/** The blend mask: what of a result is seen, per document pixel; 0 outside `within`. Yields after every tile. */
export function* blendWeightsSteps(request: WeightsRequest): Generator<void, Mask> {
  const { asked, spill, uncovered, settings, frame, within } = request;
  const wanted = settings.include && spill ? joinMasks(asked, spill) : asked;
  const reach = Math.abs(settings.grow) + 3 * settings.feather + 4;
  const near = tilesNear(wanted, expand(within, reach) ?? within);
  const grown = settings.grow === 0 ? near : yield* growMaskSteps(near, frame, settings.grow);
  const weights = yield* blendMaskSteps(grown, frame, settings.feather, within);
  return cutMask(joinMasks(weights, meetMasks(uncovered, near)), within);
}
