import { type PixelRect, rectBetween } from '../geometry/rect.ts';

/** Corners of a closed line in image space, fractional; the last is joined to the first. */
export type Outline = readonly { readonly x: number; readonly y: number }[];

/** One side of an outline, from top to bottom. */
export interface Edge {
  readonly top: number;
  readonly bottom: number;
  /** At the top, and at the bottom. */
  readonly x: number;
  readonly endX: number;
  /** Change of x per row; 0 for a level edge. */
  readonly slope: number;
  /** +1 where the outline goes down, −1 where it goes up. */
  readonly winding: 1 | -1;
}

/** Heights are rounded to this (px): it bounds the slabs of a row, and moves no edge by a byte's worth of area. */
const LEVEL = 1 / 1024;
/** Differences below this (px) are those of rounding. */
const HAIR = 1e-6;
/** A slab that was cut so often holds more crossings than a pixel can show. */
const DEEPEST = 48;

/** In a row of more edges, as of a long scribble, crossings are too many to be found one by one: … */
const CROWDED = 64;
/** … it is cut into this many slabs, and in each the order of the edges is that in its middle. */
const CROWDED_SLABS = 4;

export function outlineBounds(outline: Outline): PixelRect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of outline) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  // One px more than the corners, for the rounding of heights.
  return rectBetween(Math.floor(left), Math.floor(top) - 1, Math.ceil(right), Math.ceil(bottom) + 1);
}

export function edgesOf(outline: Outline): Edge[] {
  return outline.map((from, k) => {
    const to = outline[(k + 1) % outline.length]!;
    const fromY = Math.round(from.y / LEVEL) * LEVEL;
    const toY = Math.round(to.y / LEVEL) * LEVEL;
    const [upper, lower] = fromY <= toY ? [from, to] : [to, from];
    const top = Math.min(fromY, toY);
    const bottom = Math.max(fromY, toY);
    const slope = bottom > top ? (lower.x - upper.x) / (bottom - top) : 0;
    return { top, bottom, x: upper.x, endX: lower.x, slope, winding: fromY <= toY ? 1 : -1 };
  });
}

/**
 * Adds pixel row y of an outline to `sums`: afterwards sums[0] + … + sums[i] is the share, 0–1, of pixel originX + i
 * that lies inside. The row is cut into slabs in which no edge ends and no two edges cross, so that between them lie
 * trapezoids, whose areas are known exactly. `edges`: those that reach into the row, level ones left out.
 */
export function sumRow(
  edges: readonly Edge[],
  y: number,
  originX: number,
  width: number,
  sums: Float64Array,
): void {
  if (edges.length === 0) return;
  const cuts = [y, y + 1];
  for (const { top, bottom } of edges) {
    if (top > y) cuts.push(top);
    if (bottom < y + 1) cuts.push(bottom);
  }
  const crowded = edges.length > CROWDED;
  for (let k = 1; crowded && k < CROWDED_SLABS; k++) cuts.push(y + k / CROWDED_SLABS);
  cuts.sort((a, b) => a - b);
  for (let k = 1; k < cuts.length; k++) {
    const top = cuts[k - 1]!;
    const bottom = cuts[k]!;
    if (bottom === top) continue;
    const through = edges.filter((edge) => edge.top <= top && edge.bottom >= bottom);
    sumSlab(through, top, bottom, originX, width, sums, crowded ? DEEPEST : 0);
  }
}

/** Where an edge enters and leaves a slab. */
interface Side {
  readonly from: number;
  readonly to: number;
  readonly winding: number;
}

function sumSlab(
  edges: readonly Edge[],
  top: number,
  bottom: number,
  originX: number,
  width: number,
  sums: Float64Array,
  depth: number,
): void {
  const sides: Side[] = edges.map(({ x, top: start, slope, winding }) => ({
    from: x + (top - start) * slope - originX,
    to: x + (bottom - start) * slope - originX,
    winding,
  }));
  // By their middles; where two cross, their ends are the other way round.
  sides.sort((a, b) => a.from + a.to - b.from - b.to);
  const crossing = depth < DEEPEST ? firstCrossing(sides) : null;
  if (crossing !== null) {
    const middle = top + (bottom - top) * crossing;
    sumSlab(edges, top, middle, originX, width, sums, depth + 1);
    sumSlab(edges, middle, bottom, originX, width, sums, depth + 1);
    return;
  }
  let winding = 0;
  for (const side of sides) {
    const before = winding;
    winding += side.winding;
    if (before === 0) addSide(side.from, side.to, bottom - top, width, sums);
    else if (winding === 0) addSide(side.from, side.to, top - bottom, width, sums);
  }
}

/** Where, 0–1 of the slab's height, two neighbours cross; null when none do. */
function firstCrossing(sides: readonly Side[]): number | null {
  for (let k = 1; k < sides.length; k++) {
    const above = sides[k]!.from - sides[k - 1]!.from;
    const below = sides[k]!.to - sides[k - 1]!.to;
    if (above > -HAIR && below > -HAIR) continue;
    const at = above / (above - below);
    if (at > HAIR && at < 1 - HAIR) return at;
  }
  return null;
}

/**
 * Adds what lies right of a line from (from, 0) to (to, height), as differences between neighbouring pixels. A
 * negative height takes away.
 */
function addSide(from: number, to: number, height: number, width: number, sums: Float64Array): void {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  if (low >= width) return;
  if (high <= 0) {
    sums[0]! += height;
    return;
  }
  if (low < 0) {
    const share = -low / (high - low);
    sums[0]! += height * share;
    addSide(0, high, height * (1 - share), width, sums);
    return;
  }
  if (high > width) {
    addSide(low, width, (height * (width - low)) / (high - low), width, sums);
    return;
  }
  const first = Math.floor(low);
  const last = Math.ceil(high);
  if (last <= first + 1) {
    const beside = (low + high) / 2 - first;
    sums[first]! += height * (1 - beside);
    sums[first + 1]! += height * beside;
    return;
  }
  // Area right of the line up to each pixel's end: a triangle, and a rectangle beyond the line.
  const rise = height / (high - low);
  let areaBefore = 0;
  let pixelBefore = 0;
  for (let k = first; k < last; k++) {
    const along = Math.min(k + 1, high) - low;
    const area = (rise * along * along) / 2 + height * Math.max(0, k + 1 - high);
    sums[k]! += area - areaBefore - pixelBefore;
    pixelBefore = area - areaBefore;
    areaBefore = area;
  }
  sums[last]! += height - pixelBefore;
}
