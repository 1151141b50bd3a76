import { growInside, intersect, type PixelRect, pixelRect, union } from '../geometry/rect.ts';
import type { FreeSizes, Size } from './size.ts';

/** Least context around the mask, in document px. */
export const CONTEXT = 128;
/** The same for a close-up, where the mask gets most of the resolution: a quarter of its size on each side. */
const CLOSE_CONTEXT = 48;
const CLOSE_SHARE = 0.25;

/** The mask with its own size again on each side, or with `CONTEXT`; cut to the frame. */
export const withContext = (mask: PixelRect, frame: PixelRect) => around(mask, frame, 1, CONTEXT);

export const withLittleContext = (mask: PixelRect, frame: PixelRect) =>
  around(mask, frame, CLOSE_SHARE, CLOSE_CONTEXT);

function around(mask: PixelRect, frame: PixelRect, share: number, least: number): PixelRect {
  const x = Math.max(least, Math.ceil(mask.width * share));
  const y = Math.max(least, Math.ceil(mask.height * share));
  const wide = pixelRect(mask.x - x, mask.y - y, mask.width + 2 * x, mask.height + 2 * y);
  return intersect(wide, frame) ?? frame;
}

/** A rectangle that was drawn by hand, cut to the frame, with the mask in it. */
export function drawnRect(drawn: PixelRect, mask: PixelRect | null, frame: PixelRect): PixelRect {
  return union(intersect(drawn, frame), mask) ?? frame;
}

/** Grown until a free rule takes its shape without padding, as far as the frame allows. */
export function growToShape(rect: PixelRect, rule: FreeSizes, frame: PixelRect): PixelRect {
  const ratio = growInside(
    rect,
    Math.ceil(rect.height / rule.maxRatio),
    Math.ceil(rect.width / rule.maxRatio),
    frame,
  );
  const step = (length: number) => Math.ceil(length / rule.step) * rule.step;
  return growInside(ratio, step(ratio.width), step(ratio.height), frame);
}

export function growToPixels(rect: PixelRect, minPixels: number, frame: PixelRect): PixelRect {
  const factor = Math.sqrt(minPixels / (rect.width * rect.height));
  if (factor <= 1) return rect;
  const both = growInside(rect, Math.ceil(rect.width * factor), Math.ceil(rect.height * factor), frame);
  // One edge may have met the frame's; the other makes up for it.
  return growInside(both, Math.ceil(minPixels / both.height), Math.ceil(minPixels / both.width), frame);
}

/** Grown to the aspect of `size`, as far as the frame allows. */
export function growToAspect(rect: PixelRect, { width, height }: Size, frame: PixelRect): PixelRect {
  // The longer edge stays to the pixel, although the division may come out a hair below it.
  const unit = Math.max(rect.width / width, rect.height / height) + 1e-9;
  return growInside(rect, Math.floor(width * unit), Math.floor(height * unit), frame);
}
