import { bottom, type PixelRect, right } from '../geometry/rect.ts';
import { type ImagePoint, imagePoint } from '../geometry/spaces.ts';
import type { HeldKeys } from './tool.ts';

/** Document px per press of an arrow with Shift. */
export const BIG_STEP = 10;

/** Unit steps of the arrow keys. */
export const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The middle of the nearest pixel of the frame. */
export function onPixel({ x, y }: ImagePoint, frame: PixelRect): ImagePoint {
  const within = (value: number, low: number, end: number) =>
    Math.min(end - 0.5, Math.max(low + 0.5, Math.floor(value) + 0.5));
  return imagePoint(within(x, frame.x, right(frame)), within(y, frame.y, bottom(frame)));
}

/** Where an arrow key takes the cursor: by a radius of the brush; with Alt by 1 px, with Shift by 10. */
export function steppedCursor(
  at: ImagePoint,
  [dx, dy]: readonly [dx: number, dy: number],
  { shift, alt }: HeldKeys,
  brushSize: number,
  frame: PixelRect,
): ImagePoint {
  const step = alt ? 1 : shift ? BIG_STEP : Math.max(1, Math.round(brushSize / 2));
  return onPixel(imagePoint(at.x + dx * step, at.y + dy * step), frame);
}
