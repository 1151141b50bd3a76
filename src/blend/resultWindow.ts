import type { PixelRect } from '../geometry/rect.ts';
import { type CropPlan, contentSize } from './cropPlan.ts';
import { IDENTITY, type Registration } from './registration.ts';
import type { Window } from './resample.ts';
import type { Size } from './size.ts';

/**
 * Where the document's `rect` lies in an answer to `plan`: px of the answer, whatever its size. `registration` tells
 * how the answer lies against what was sent.
 */
export function resultWindow(
  plan: CropPlan,
  answer: Size,
  rect: PixelRect,
  registration: Registration = IDENTITY,
): Window {
  const content = contentSize(plan);
  const x = along(rect.x - plan.rect.x, rect.width, content.width / plan.rect.width, {
    scale: registration.scaleX,
    shift: registration.shiftX,
    perSent: answer.width / plan.sent.width,
  });
  const y = along(rect.y - plan.rect.y, rect.height, content.height / plan.rect.height, {
    scale: registration.scaleY,
    shift: registration.shiftY,
    perSent: answer.height / plan.sent.height,
  });
  return { x: x.start, y: y.start, width: x.length, height: y.length };
}

interface Axis {
  readonly scale: number;
  readonly shift: number;
  /** Px of the answer per sent px. */
  readonly perSent: number;
}

const along = (start: number, length: number, sentPerPx: number, { scale, shift, perSent }: Axis) => ({
  start: (start * sentPerPx * scale + shift) * perSent,
  length: length * sentPerPx * scale * perSent,
});
