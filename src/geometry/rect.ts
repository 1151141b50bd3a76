/** Integer document pixels, half-open: covers x … x + width − 1. May lie at negative coordinates. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const pixelRect = (x: number, y: number, width: number, height: number): PixelRect => ({
  x,
  y,
  width,
  height,
});

export const right = (rect: PixelRect) => rect.x + rect.width;
export const bottom = (rect: PixelRect) => rect.y + rect.height;
export const area = (rect: PixelRect) => rect.width * rect.height;

/** Rectangle between two corners given as half-open bounds; null when it holds no pixel. */
export function rectBetween(left: number, top: number, endX: number, endY: number): PixelRect | null {
  return endX > left && endY > top ? pixelRect(left, top, endX - left, endY - top) : null;
}

export function intersect(a: PixelRect, b: PixelRect): PixelRect | null {
  return rectBetween(
    Math.max(a.x, b.x),
    Math.max(a.y, b.y),
    Math.min(right(a), right(b)),
    Math.min(bottom(a), bottom(b)),
  );
}

/** Smallest rectangle that contains both; null stands for "nothing". */
export function union(a: PixelRect | null, b: PixelRect | null): PixelRect | null {
  if (!a || !b) return a ?? b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return pixelRect(x, y, Math.max(right(a), right(b)) - x, Math.max(bottom(a), bottom(b)) - y);
}

/** Grown by `margin` px on every side; a negative margin that eats everything gives null. */
export function expand(rect: PixelRect, margin: number): PixelRect | null {
  return rectBetween(rect.x - margin, rect.y - margin, right(rect) + margin, bottom(rect) + margin);
}

export const contains = (outer: PixelRect, inner: PixelRect) =>
  inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer);

export const sameRect = (a: PixelRect, b: PixelRect) =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** At least so wide and high, as far as `frame` allows: grown around its centre and pushed back inside. */
export function growInside(rect: PixelRect, width: number, height: number, frame: PixelRect): PixelRect {
  const wide = Math.min(frame.width, Math.max(rect.width, width));
  const high = Math.min(frame.height, Math.max(rect.height, height));
  const x = rect.x - ((wide - rect.width) >> 1);
  const y = rect.y - ((high - rect.height) >> 1);
  const grown = pixelRect(
    Math.min(Math.max(x, frame.x), right(frame) - wide),
    Math.min(Math.max(y, frame.y), bottom(frame) - high),
    wide,
    high,
  );
  return contains(grown, rect) ? grown : frame;
}

/** Pixels between two rectangles along the axis where they lie further apart; 0 when they touch or overlap. */
export const gapBetween = (a: PixelRect, b: PixelRect) =>
  Math.max(0, b.x - right(a), a.x - right(b), b.y - bottom(a), a.y - bottom(b));
