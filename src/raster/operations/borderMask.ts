import type { PixelRect } from '../../geometry/rect.ts';
import { subtractMask } from '../combine.ts';
import type { Mask } from '../mask.ts';
import { growMaskSteps } from './growMask.ts';
import type { BorderSide } from './operation.ts';

/**
 * A ring along the mask's edge, `width` document px in all: what growing adds, what shrinking takes away, or half of
 * the width on either side. The frame's edge has no ring.
 */
export function* borderMaskSteps(
  mask: Mask,
  frame: PixelRect,
  width: number,
  side: BorderSide,
): Generator<void, Mask> {
  const [out, into] = { outside: [width, 0], inside: [0, width], both: [width / 2, width / 2] }[side] as [
    number,
    number,
  ];
  const outer = out > 0 ? yield* growMaskSteps(mask, frame, out) : mask;
  const inner = into > 0 ? yield* growMaskSteps(mask, frame, -into) : mask;
  return subtractMask(outer, inner);
}
