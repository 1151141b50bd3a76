import { pixelRect } from '../geometry/rect.ts';
import type { Disc, Ink, RowSpans, Sweep } from './sweep.ts';

/** One side of the swept area from top to bottom: at most four corners, x per y linear between them. */
interface Side {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Spans leave out what rounding errors could make of a pixel that an edge only touches. */
const SPAN_MARGIN = 1 / 256;

/**
 * What an axis-aligned square covers on its way from one place to the other, its size changing evenly: the convex
 * hull of the two squares. Its left and right side are each the outermost chain through four corners.
 */
export function squareSweep(from: Disc, to: Disc): Sweep {
  const top = Math.min(from.y - from.radius, to.y - to.radius);
  const base = Math.max(from.y + from.radius, to.y + to.radius);
  const left = side(from, to, -1);
  const right = side(from, to, 1);
  const x = Math.floor(Math.min(from.x - from.radius, to.x - to.radius));
  const y = Math.floor(top);
  const endX = Math.ceil(Math.max(from.x + from.radius, to.x + to.radius));
  return {
    bounds: pixelRect(x, y, endX - x, Math.ceil(base) - y),
    spans(firstRow: number, count: number, outer: RowSpans, solid: RowSpans) {
      for (let i = 0; i < count; i++) {
        const above = Math.max(top, firstRow + i);
        const below = Math.min(base, firstRow + i + 1);
        const whole = below - above === 1;
        outer.starts[i] = above < below ? Math.floor(extreme(left, above, below, -1)) : 0;
        outer.ends[i] = above < below ? Math.ceil(extreme(right, above, below, 1)) : 0;
        solid.starts[i] = whole ? Math.ceil(extreme(left, above, below, 1) + SPAN_MARGIN) : 0;
        solid.ends[i] = whole ? Math.floor(extreme(right, above, below, -1) - SPAN_MARGIN) : 0;
      }
    },
    paintRim(bytes: Uint8Array, row: number, start: number, end: number, y: number, ink: Ink) {
      const above = Math.max(top, y);
      const below = Math.min(base, y + 1);
      for (let x = start; x < end; x++) {
        const share = areaLeftOf(right, above, below, x) - areaLeftOf(left, above, below, x);
        const amount = (ink.scale * share + 0.5) | 0;
        const old = bytes[row + x]!;
        if (ink.erase) {
          if (old < amount) bytes[row + x] = amount;
        } else if (old > 255 - amount) bytes[row + x] = 255 - amount;
      }
    },
  };
}

/** `outwards`: −1 for the left side, 1 for the right one. */
function side(a: Disc, b: Disc, outwards: -1 | 1): Side {
  const corners = [a, b]
    .flatMap(({ x, y, radius }) => [
      { x: x + outwards * radius, y: y - radius },
      { x: x + outwards * radius, y: y + radius },
    ])
    .sort((p, q) => p.y - q.y || outwards * (q.x - p.x));
  // The outer half of a convex hull (Andrew's monotone chain): a corner further in than its neighbours is none.
  const chain: typeof corners = [];
  for (const next of corners) {
    if (chain.at(-1)?.y === next.y) continue;
    while (chain.length > 1) {
      const last = chain.at(-1)!;
      const before = chain.at(-2)!;
      const bend = (last.x - before.x) * (next.y - before.y) - (next.x - before.x) * (last.y - before.y);
      if (outwards * bend > 0) break;
      chain.pop();
    }
    chain.push(next);
  }
  return { xs: chain.map(({ x }) => x), ys: chain.map(({ y }) => y) };
}

/** x of the side at a height on it. */
function xAt({ xs, ys }: Side, k: number, y: number): number {
  const height = ys[k + 1]! - ys[k]!;
  return xs[k]! + ((y - ys[k]!) / height) * (xs[k + 1]! - xs[k]!);
}

/** The least (sign −1) or greatest (1) x of the side between two heights. */
function extreme(of: Side, above: number, below: number, sign: -1 | 1): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k + 1 < of.ys.length; k++) {
    const start = Math.max(above, of.ys[k]!);
    const end = Math.min(below, of.ys[k + 1]!);
    if (start > end) continue;
    most = Math.max(most, sign * xAt(of, k, start), sign * xAt(of, k, end));
  }
  return sign * most;
}

/** ∫ of z clamped to 0 … 1, from −∞. */
const clampedIntegral = (z: number) => (z <= 0 ? 0 : z < 1 ? (z * z) / 2 : z - 0.5);

/** How much of the pixel column x … x + 1, between two heights within one row, lies left of the side: exact. */
function areaLeftOf(of: Side, above: number, below: number, x: number): number {
  let area = 0;
  for (let k = 0; k + 1 < of.ys.length; k++) {
    const start = Math.max(above, of.ys[k]!);
    const end = Math.min(below, of.ys[k + 1]!);
    if (start >= end) continue;
    const a = xAt(of, k, start) - x;
    const b = xAt(of, k, end) - x;
    // Nearly upright, the difference quotient would lose its digits.
    const width =
      Math.abs(b - a) < 1e-6
        ? Math.min(1, Math.max(0, (a + b) / 2))
        : (clampedIntegral(b) - clampedIntegral(a)) / (b - a);
    area += (end - start) * width;
  }
  return area;
}
