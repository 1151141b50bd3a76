import type { PixelRect } from './rect.ts';
import { bottom, pixelRect, right } from './rect.ts';

/** Corners and edges by compass: n is the top, w the left. */
export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w';

/** Lines that edges snap to, in whole document px. */
export interface Guides {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface RectLimits {
  /** Px. A rectangle that begins beyond a limit may stay as small or as large as it is. */
  readonly minEdge: number;
  readonly maxEdge: number;
  /** Pixels. */
  readonly maxArea: number;
  /** What the rectangle may not leave; null: nothing. */
  readonly bounds: PixelRect | null;
}

export interface ResizeOptions {
  /** The aspect stays, to the rounding of whole px. An edge then takes both its neighbours along. */
  readonly keepAspect: boolean;
  /** The opposite side moves as far the other way: the centre stays where it is. */
  readonly centred: boolean;
  readonly guides: Guides;
  /** Distance, document px, from which an edge snaps. */
  readonly snap: number;
  readonly limits: RectLimits;
}

/** −1: the low side moves, +1: the high side, 0: neither. */
type Side = -1 | 0 | 1;

export const sidesOf = (handle: Handle): { readonly x: Side; readonly y: Side } => ({
  x: handle.includes('w') ? -1 : handle.includes('e') ? 1 : 0,
  y: handle.includes('n') ? -1 : handle.includes('s') ? 1 : 0,
});

/** One dimension of a rectangle. */
interface Span {
  readonly at: number;
  readonly length: number;
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The nearest line within reach of the nearest whole px; that px where there is none. */
function snapped(value: number, lines: readonly number[], reach: number): number {
  const at = Math.round(value);
  let best = at;
  let distance = reach;
  for (const line of lines) {
    if (Math.abs(line - at) > distance) continue;
    best = line;
    distance = Math.abs(line - at);
  }
  return best;
}

/** Length after the moved side went by `delta`; may be nonsense (0, negative) until it is clamped. */
function pulled(
  { at, length }: Span,
  side: Side,
  delta: number,
  centred: boolean,
  edge: (at: number) => number,
) {
  if (side === 0) return length;
  const moved = side > 0 ? edge(at + length + delta) - at : at + length - edge(at + delta);
  return centred ? 2 * moved - length : moved;
}

/** Longest that the span can get inside `bounds` when it grows from its anchor. */
function room({ at, length }: Span, side: Side, centred: boolean, bounds: Span | null): number {
  if (!bounds) return Number.POSITIVE_INFINITY;
  const low = at - bounds.at;
  const high = bounds.at + bounds.length - at - length;
  if (centred || side === 0) return length + 2 * Math.min(low, high);
  return length + (side > 0 ? high : low);
}

/** The span with a new length, grown from its anchor: the side that does not move, or its centre. */
function placed({ at, length }: Span, side: Side, centred: boolean, next: number): Span {
  if (centred || side === 0) return { at: at + Math.floor((length - next) / 2), length: next };
  return { at: side > 0 ? at : at + length - next, length: next };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The furthest point on the way from one size to another that has at most `most` pixels. */
function alongTheWay(from: Size, to: Size, most: number): Size {
  const at = (t: number): Size => ({
    width: from.width + (to.width - from.width) * t,
    height: from.height + (to.height - from.height) * t,
  });
  const fits = (t: number) => at(t).width * at(t).height <= most;
  if (fits(1)) return to;
  // The area crosses the limit once: it starts below, ends above, and is quadratic.
  let low = 0;
  let high = 1;
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  // `low` is a hair short of the limit, which may lie on a whole px.
  const width = Math.floor(at(low).width + 1e-6);
  return { width, height: Math.min(Math.floor(at(low).height + 1e-6), Math.floor(most / width)) };
}

/**
 * `start` with one of its handles dragged by (dx, dy) document px. Limits stop the drag, they do not refuse it; the
 * result has whole px and may lie at negative coordinates. An edge never passes the one opposite.
 */
export function resizeRect(
  start: PixelRect,
  handle: Handle,
  dx: number,
  dy: number,
  { keepAspect, centred, guides, snap, limits }: ResizeOptions,
): PixelRect {
  const side = sidesOf(handle);
  const spanX = { at: start.x, length: start.width };
  const spanY = { at: start.y, length: start.height };
  const { bounds } = limits;
  const boundsX = bounds && { at: bounds.x, length: bounds.width };
  const boundsY = bounds && { at: bounds.y, length: bounds.height };
  const wanted: Size = {
    width: pulled(spanX, side.x, dx, centred, (at) => snapped(at, guides.x, snap)),
    height: pulled(spanY, side.y, dy, centred, (at) => snapped(at, guides.y, snap)),
  };
  const least: Size = {
    width: Math.min(limits.minEdge, start.width),
    height: Math.min(limits.minEdge, start.height),
  };
  const most: Size = {
    width: Math.max(
      1,
      Math.min(Math.max(limits.maxEdge, start.width), room(spanX, side.x, centred, boundsX)),
    ),
    height: Math.max(
      1,
      Math.min(Math.max(limits.maxEdge, start.height), room(spanY, side.y, centred, boundsY)),
    ),
  };
  const maxArea = Math.max(limits.maxArea, start.width * start.height);
  const size = keepAspect
    ? scaledSize(start, wanted, side, least, most, maxArea)
    : alongTheWay(
        start,
        {
          width: side.x === 0 ? start.width : clamp(wanted.width, least.width, most.width),
          height: side.y === 0 ? start.height : clamp(wanted.height, least.height, most.height),
        },
        maxArea,
      );
  const even = (length: number, former: number) => {
    // The centre stays exactly where it is only by an even change.
    if (!centred || (length - former) % 2 === 0) return length;
    return length > 1 ? length - 1 : length + 1;
  };
  const x = placed(spanX, side.x, centred, even(size.width, start.width));
  const y = placed(spanY, side.y, centred, even(size.height, start.height));
  return pixelRect(x.at, y.at, x.length, y.length);
}

/** The size of the same aspect that goes as far as the dragged sides; the larger one leads at a corner. */
function scaledSize(
  start: Size,
  wanted: Size,
  side: { readonly x: Side; readonly y: Side },
  least: Size,
  most: Size,
  maxArea: number,
): Size {
  const byX = wanted.width / start.width;
  const byY = wanted.height / start.height;
  const scale = clamp(
    side.x === 0 ? byY : side.y === 0 ? byX : Math.max(byX, byY),
    Math.max(least.width / start.width, least.height / start.height),
    Math.min(
      most.width / start.width,
      most.height / start.height,
      Math.sqrt(maxArea / (start.width * start.height)),
    ),
  );
  const width = clamp(Math.round(start.width * scale), 1, most.width);
  const height = clamp(Math.round(start.height * scale), 1, most.height);
  return { width, height: Math.min(height, Math.floor(maxArea / width)) };
}

/** `start` moved by (dx, dy) document px; its edges and its centre snap, and it stays inside the bounds. */
export function moveRect(
  start: PixelRect,
  dx: number,
  dy: number,
  { guides, snap, bounds }: Pick<ResizeOptions, 'guides' | 'snap'> & Pick<RectLimits, 'bounds'>,
): PixelRect {
  const along = (at: number, length: number, lines: readonly number[], within: Span | null) => {
    const places = lines.flatMap((line) => [line, line - length, Math.round(line - length / 2)]);
    const moved = snapped(at, places, snap);
    return within ? clamp(moved, within.at, Math.max(within.at, within.at + within.length - length)) : moved;
  };
  return {
    ...start,
    x: along(start.x + dx, start.width, guides.x, bounds && { at: bounds.x, length: bounds.width }),
    y: along(start.y + dy, start.height, guides.y, bounds && { at: bounds.y, length: bounds.height }),
  };
}

/** Edges and centres of the rectangles, as lines to snap to. */
export function guidesOf(rects: readonly PixelRect[]): Guides {
  return {
    x: rects.flatMap((rect) => [rect.x, Math.round(rect.x + rect.width / 2), right(rect)]),
    y: rects.flatMap((rect) => [rect.y, Math.round(rect.y + rect.height / 2), bottom(rect)]),
  };
}

/** The lines that the sides which differ from `start` lie on: the first of each direction, null where there is none. */
export function snappedTo(rect: PixelRect, start: PixelRect, guides: Guides) {
  const line = (lines: readonly number[], now: readonly number[], before: readonly number[]) =>
    now.find((at, k) => at !== before[k] && lines.includes(at)) ?? null;
  return {
    x: line(guides.x, [rect.x, right(rect)], [start.x, right(start)]),
    y: line(guides.y, [rect.y, bottom(rect)], [start.y, bottom(start)]),
  };
}

/** True when a limit keeps the rectangle from growing further. */
export const atLimit = (rect: PixelRect, { maxEdge, maxArea }: RectLimits) =>
  rect.width >= maxEdge || rect.height >= maxEdge || (rect.width + 1) * (rect.height + 1) > maxArea;
