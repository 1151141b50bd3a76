import { contains, expand, intersect, type PixelRect, union } from '../../geometry/rect.ts';
import { coverageOf } from '../coverage.ts';
import { compactTile } from '../denseTile.ts';
import { columnDistances, RowEnvelope } from '../distance.ts';
import { FrameGrid, type FramePlace, highestCoverage } from '../frameGrid.ts';
import { type Mask, maskSource, tileRect } from '../mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../tile.ts';

/** Steps that soft coverage is cut into; a mask without soft edges needs one only. */
const STEPS = 4;
/** Tiles beside each other that are measured at once, so that what lies around them is read once. */
const RUN = 4;

/**
 * The mask grown (radius > 0) or shrunk (< 0) by `radius` document px, which may be fractional; cut to the frame.
 * Exact Euclidean: a pixel of hard coverage reaches every pixel whose centre lies within `radius` of its own wholly,
 * and within `radius` + 1 in proportion, so that half a pixel shows as half coverage.
 *
 * Soft coverage moves step by step: the mask is cut into `STEPS` level sets between 0 and its highest coverage, each
 * is grown, and what they give together counts where it is more (when shrinking: less) than the coverage itself.
 * So soft edges stay soft, and what was painted thinly grows thinly. The frame's edge is no border when shrinking.
 *
 * Yields after every piece of work. Cost follows the length of the border: tiles that none can reach are passed on
 * as they are.
 */
export function* growMaskSteps(mask: Mask, frame: PixelRect, radius: number): Generator<void, Mask> {
  const tiles = new Map<number, Tile>();
  const grid = new FrameGrid(mask, frame);
  const highest = highestCoverage(mask);
  const reach = Math.ceil(Math.abs(radius)) + 1;
  let run: FramePlace[] = [];
  for (const [k, place] of grid.places.entries()) {
    if (place.even === (radius > 0 ? highest : 0) || grid.isStill(place, reach)) {
      const tile = keptTile(place);
      if (tile !== 0) tiles.set(place.key, tile);
    } else run.push(place);
    const next = grid.places[k + 1];
    const ends = next?.ty !== place.ty || run.length === RUN || run.at(-1) !== place;
    if (!ends || run.length === 0) continue;
    const move = { places: run, radius, highest, reach, frame };
    for (const [key, tile] of yield* movedTiles(mask, move)) if (tile !== 0) tiles.set(key, tile);
    run = [];
  }
  return { tiles };
}

export function growMask(mask: Mask, frame: PixelRect, radius: number): Mask {
  const steps = growMaskSteps(mask, frame, radius);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The tile of a place that nothing changes, without what lies outside the frame. */
function keptTile({ tx, ty, tile, even, part }: FramePlace): Tile {
  const square = tileRect(tx, ty);
  if (even === 0 || contains(part, square)) return even === 0 ? 0 : tile;
  const out = new Uint8Array(TILE_AREA);
  for (let y = part.y - square.y; y < part.y - square.y + part.height; y++) {
    const start = y * TILE_SIZE + part.x - square.x;
    out.fill(even, start, start + part.width);
  }
  return compactTile(out);
}

interface Move {
  /** Beside each other in one row. */
  readonly places: readonly FramePlace[];
  readonly radius: number;
  readonly highest: number;
  readonly reach: number;
  readonly frame: PixelRect;
}

function* movedTiles(mask: Mask, move: Move): Generator<void, [number, Tile][]> {
  const { places, radius, reach, frame } = move;
  const whole = places.reduce<PixelRect | null>((rect, { part }) => union(rect, part), null)!;
  const work = intersect(expand(whole, reach) ?? whole, frame) ?? whole;
  const coverage = coverageOf(maskSource(mask), work);
  const moved = yield* movedLevels(coverage, work, whole, move);
  return places.map(({ tx, ty, key, part }): [number, Tile] => {
    const square = tileRect(tx, ty);
    const out = new Uint8Array(TILE_AREA);
    for (let y = part.y; y < part.y + part.height; y++) {
      const from = (y - work.y) * work.width + part.x - work.x;
      const at = (y - whole.y) * whole.width + part.x - whole.x;
      const to = (y - square.y) * TILE_SIZE + part.x - square.x;
      joinRow(coverage, from, moved, at, out, to, part.width, radius > 0);
    }
    return [key, compactTile(out)];
  });
}

/** The mask's own coverage, or what was moved, whichever is more; when shrinking, whichever is less. */
function joinRow(
  coverage: Uint8Array,
  from: number,
  moved: Float32Array,
  at: number,
  out: Uint8Array,
  to: number,
  length: number,
  grows: boolean,
): void {
  for (let k = 0; k < length; k++) {
    const own = coverage[from + k]!;
    const level = (moved[at + k]! + 0.5) | 0;
    out[to + k] = grows === level > own ? level : own;
  }
}

/**
 * Sum of the level sets after moving, 0–255 per pixel of `whole`; `coverage` is that of `work`, which lies around it.
 * Growing takes what reaches a level's upper bound, shrinking what exceeds its lower one, so that neither can take
 * from the plateaus of the mask itself. Loops over pixels are functions of their own: in a generator, engines leave
 * them slow.
 */
function* movedLevels(
  coverage: Uint8Array,
  work: PixelRect,
  whole: PixelRect,
  { radius, reach, highest }: Move,
): Generator<void, Float32Array> {
  const counts = histogram(coverage);
  const grows = radius > 0;
  // What shrinks begins whole, and what is not in the mask grows into it.
  const sum = new Float32Array(whole.width * whole.height).fill(grows ? 0 : highest);
  const columns = new Uint16Array(coverage.length);
  const row = new RowEnvelope(work.width);
  let lower = 0;
  for (let step = 1; step <= STEPS; step++) {
    const upper = Math.round((highest * step) / STEPS);
    // The next level set is the same one when no pixel tells them apart: both move as one.
    const next = Math.round((highest * (step + 1)) / STEPS);
    const apart = countBetween(counts, grows ? upper : lower + 1, grows ? next : upper + 1) > 0;
    if (step < STEPS && !apart) continue;
    const weight = grows ? upper - lower : lower - upper;
    const inside = grows ? countBetween(counts, upper, 256) : countBetween(counts, 0, lower + 1);
    if (inside === coverage.length) addEverywhere(sum, weight);
    else if (inside > 0) {
      const isOut = Uint8Array.from({ length: 256 }, (_, v) => Number(grows ? v < upper : v > lower));
      columnDistances(coverage, isOut, work.width, work.height, reach, columns);
      yield;
      for (let y = 0; y < whole.height; y++) {
        row.measure(columns, (whole.y + y - work.y) * work.width, work.width, reach);
        addReached(sum, y * whole.width, whole.width, row, whole.x - work.x, Math.abs(radius), weight);
      }
      yield;
    }
    lower = upper;
  }
  return sum;
}

function histogram(values: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) counts[values[i]!]!++;
  return counts;
}

/**
 * Adds `weight` to `length` pixels from `start` on, wherever the set comes to lie after growing by `radius`. What was
 * measured from `offset` on belongs to them.
 */
function addReached(
  out: Float32Array,
  start: number,
  length: number,
  { squared, from, end }: RowEnvelope,
  offset: number,
  radius: number,
  weight: number,
): void {
  const whole = radius * radius;
  const none = (radius + 1) * (radius + 1);
  const last = Math.min(end, offset + length);
  const shift = start - offset;
  for (let q = Math.max(from, offset); q < last; q++) {
    const far = squared[q]!;
    if (far <= whole) out[shift + q]! += weight;
    else if (far < none) out[shift + q]! += (radius + 1 - Math.sqrt(far)) * weight;
  }
}

/** How many pixels have a value in [from, end). */
function countBetween(counts: Uint32Array, from: number, end: number): number {
  let sum = 0;
  for (let value = from; value < end; value++) sum += counts[value]!;
  return sum;
}

function addEverywhere(out: Float32Array, weight: number): void {
  for (let i = 0; i < out.length; i++) out[i]! += weight;
}
