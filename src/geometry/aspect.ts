import { type PixelRect, pixelRect } from './rect.ts';
import type { RectLimits } from './rectEdit.ts';

/** The smallest rectangle of that aspect (width / height) around `rect`; null when it would pass the limits. */
export function grownToAspect(rect: PixelRect, aspect: number, limits: RectLimits): PixelRect | null {
  const wide = rect.width / rect.height < aspect;
  const width = wide ? Math.round(rect.height * aspect) : rect.width;
  const height = wide ? rect.height : Math.round(rect.width / aspect);
  if (width > limits.maxEdge || height > limits.maxEdge || width * height > limits.maxArea) return null;
  return around(rect, width, height);
}

/** The largest rectangle of that aspect (width / height) inside `rect`. */
export function croppedToAspect(rect: PixelRect, aspect: number): PixelRect {
  const wide = rect.width / rect.height > aspect;
  const width = wide ? Math.max(1, Math.round(rect.height * aspect)) : rect.width;
  const height = wide ? rect.height : Math.max(1, Math.round(rect.width / aspect));
  return around(rect, width, height);
}

const around = (rect: PixelRect, width: number, height: number) =>
  pixelRect(
    rect.x + Math.floor((rect.width - width) / 2),
    rect.y + Math.floor((rect.height - height) / 2),
    width,
    height,
  );
