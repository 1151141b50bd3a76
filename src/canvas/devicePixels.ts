import { intersect, type PixelRect, pixelRect, rectBetween } from '../geometry/rect.ts';
import { type Viewport, zoomOf } from '../geometry/viewport.ts';

/** Where the document's px (0, 0) lies on the stage, in whole device px. */
export const deviceOrigin = ({ originX, originY, pixelRatio }: Viewport) => ({
  x: Math.round(originX * pixelRatio),
  y: Math.round(originY * pixelRatio),
});

/** Device px touched by document px; half-open, outward. */
export function deviceRect(view: Viewport, rect: PixelRect): PixelRect {
  const zoom = zoomOf(view);
  const originX = view.originX * view.pixelRatio;
  const originY = view.originY * view.pixelRatio;
  const left = Math.floor(rect.x * zoom + originX);
  const top = Math.floor(rect.y * zoom + originY);
  return (
    rectBetween(
      left,
      top,
      Math.ceil((rect.x + rect.width) * zoom + originX),
      Math.ceil((rect.y + rect.height) * zoom + originY),
    ) ?? pixelRect(left, top, 1, 1)
  );
}

/** The part of a rectangle of device px that the stage shows. */
export const onStage = ({ width, height, pixelRatio }: Viewport, rect: PixelRect): PixelRect | null =>
  intersect(rect, pixelRect(0, 0, Math.round(width * pixelRatio), Math.round(height * pixelRatio)));

/** Gives a canvas one pixel per device px of `area`; it is empty afterwards. */
export function sizeCanvas(
  canvas: HTMLCanvasElement,
  { width, height }: PixelRect,
  pixelRatio: number,
): void {
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width / pixelRatio}px`;
  canvas.style.height = `${height / pixelRatio}px`;
}

export function placeCanvas({ style }: HTMLElement, { x, y }: PixelRect, pixelRatio: number): void {
  style.transform = `translate(${x / pixelRatio}px, ${y / pixelRatio}px)`;
}
