import type { PixelRect } from '../../geometry/rect.ts';
import { cutMask } from '../combine.ts';
import type { Mask } from '../mask.ts';
import { sameTile } from '../tile.ts';
import { borderMaskSteps } from './borderMask.ts';
import { fillHolesSteps } from './fillHoles.ts';
import { featherMaskSteps, smoothMaskSteps } from './gaussianMask.ts';
import { growMaskSteps } from './growMask.ts';
import type { MaskOperation } from './operation.ts';
import { keepLargestSteps, removeSpecksSteps } from './pieces.ts';
import { thresholdMaskSteps } from './thresholdMask.ts';

/**
 * The mask after an operation; 0 outside the frame. Tiles that come out as they were are the mask's own, and the mask
 * itself is given back when none changed. Yields after every piece of work.
 */
export function* operateSteps(mask: Mask, frame: PixelRect, operation: MaskOperation): Generator<void, Mask> {
  const { tiles: made } = yield* operatedSteps(cutMask(mask, frame), frame, operation);
  const tiles = new Map(made);
  let changed = tiles.size !== mask.tiles.size;
  for (const [key, tile] of made) {
    const own = mask.tiles.get(key);
    if (own === tile) continue;
    if (own !== undefined && sameTile(own, tile)) tiles.set(key, own);
    else changed = true;
  }
  return changed ? { tiles } : mask;
}

function operatedSteps(mask: Mask, frame: PixelRect, operation: MaskOperation): Generator<void, Mask> {
  switch (operation.kind) {
    case 'grow':
      return growMaskSteps(mask, frame, operation.radius);
    case 'shrink':
      return growMaskSteps(mask, frame, -operation.radius);
    case 'feather':
      return featherMaskSteps(mask, frame, operation.sigma);
    case 'smooth':
      return smoothMaskSteps(mask, frame, operation.sigma);
    case 'border':
      return borderMaskSteps(mask, frame, operation.width, operation.side);
    case 'threshold':
      return thresholdMaskSteps(mask, frame, operation.level);
    case 'largest':
      return keepLargestSteps(mask, frame, operation.count);
    case 'specks':
      return removeSpecksSteps(mask, frame, operation.area);
    case 'holes':
      return fillHolesSteps(mask, frame, operation.area);
  }
}
