import type { PixelRect } from '../geometry/rect.ts';
import { type CropPlan, contentSize } from './cropPlan.ts';
import { IDENTITY, type Registration } from './registration.ts';
import type { Window } from './resample.ts';
import type { Size } from './size.ts';

/** Where `part` of what was sent (sent px) lies in an answer: px of the answer, whatever its size. */
export function sentWindow(
  part: Window,
  sent: Size,
  answer: Size,
  { scaleX, scaleY, shiftX, shiftY }: Registration,
): Window {
  const [perX, perY] = [answer.width / sent.width, answer.height / sent.height];
  return {
    x: (part.x * scaleX + shiftX) * perX,
    y: (part.y * scaleY + shiftY) * perY,
    width: part.width * scaleX * perX,
    height: part.height * scaleY * perY,
  };
}

/** Where the document's `rect` lies in an answer to `plan`. `registration`: how the answer lies against what was sent. */
export function resultWindow(
  plan: CropPlan,
  answer: Size,
  rect: PixelRect,
  registration: Registration = IDENTITY,
): Window {
  const content = contentSize(plan);
  const [perX, perY] = [content.width / plan.rect.width, content.height / plan.rect.height];
  const part = {
    x: (rect.x - plan.rect.x) * perX,
    y: (rect.y - plan.rect.y) * perY,
    width: rect.width * perX,
    height: rect.height * perY,
  };
  return sentWindow(part, plan.sent, answer, registration);
}
