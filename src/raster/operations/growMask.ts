import { contains, intersect, type PixelRect, union } from '../../geometry/rect.ts';
import { compactTile } from '../denseTile.ts';
import { FrameGrid, type FramePlace, highestCoverage } from '../frameGrid.ts';
import { type Mask, tileRect } from '../mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../tile.ts';
import { CoverageCells } from './coverageCells.ts';
import { GrownLevels } from './grownLevels.ts';
import { levelSets, stillSums } from './levelSets.ts';

/** Tiles beside each other that are measured at once, so that what lies around them is read once. */
const RUN = 4;

/**
 * The mask grown (radius > 0) or shrunk (< 0) by `radius` document px, which may be fractional; cut to the frame.
 * Exact Euclidean: a pixel of hard coverage reaches every pixel whose centre lies within `radius` of its own wholly,
 * and within `radius` + 1 in proportion, so that half a pixel shows as half coverage.
 *
 * Soft coverage moves step by step: the mask is cut into level sets between 0 and its highest coverage, each
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
  const move = { mask, cells: new CoverageCells(mask), frame, radius, highest };
  let run: FramePlace[] = [];
  for (const [k, place] of grid.places.entries()) {
    if (place.even === (radius > 0 ? highest : 0) || grid.isStill(place, reach)) {
      const tile = keptTile(place);
      if (tile !== 0) tiles.set(place.key, tile);
    } else run.push(place);
    const next = grid.places[k + 1];
    const ends = next?.ty !== place.ty || run.length === RUN || run.at(-1) !== place;
    if (!ends || run.length === 0) continue;
    for (const [key, tile] of yield* movedTiles(run, move)) if (tile !== 0) tiles.set(key, tile);
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
  readonly mask: Mask;
  readonly cells: CoverageCells;
  readonly frame: PixelRect;
  readonly radius: number;
  readonly highest: number;
}

/** The tiles of `places`, which lie beside each other in one row. */
function* movedTiles(places: readonly FramePlace[], move: Move): Generator<void, [number, Tile][]> {
  const { mask, cells, frame, radius, highest } = move;
  const grows = radius > 0;
  const whole = places.reduce<PixelRect | null>((rect, { part }) => union(rect, part), null)!;
  const grown = new GrownLevels(mask, cells, frame, whole, Math.abs(radius));
  const sets = levelSets(highest, cells.seen(grown.work), grows);
  for (const set of sets) {
    grown.add(set);
    yield;
  }
  // What shrinks begins whole, and what is not in the mask grows into it.
  const still = stillSums(sets, grows ? 0 : highest);
  return places.map((place) => [place.key, movedTile(place, grown, still, grows)]);
}

/** The mask's own coverage, or what was moved, whichever is more; when shrinking, whichever is less. */
function movedTile(
  { tx, ty, tile, part }: FramePlace,
  { whole, work, coverage, sum, changed }: GrownLevels,
  still: Float32Array,
  grows: boolean,
): Tile {
  const square = tileRect(tx, ty);
  const near = changed && intersect(part, changed);
  if (!near && contains(part, square)) return tile;
  const out = new Uint8Array(TILE_AREA);
  for (let y = part.y; y < part.y + part.height; y++) {
    const from = (y - work.y) * work.width + part.x - work.x;
    out.set(coverage.subarray(from, from + part.width), (y - square.y) * TILE_SIZE + part.x - square.x);
  }
  if (!near) return compactTile(out);
  for (let y = near.y; y < near.y + near.height; y++) {
    const at = (y - whole.y) * whole.width + near.x - whole.x;
    const to = (y - square.y) * TILE_SIZE + near.x - square.x;
    for (let k = 0; k < near.width; k++) {
      if (sum[at + k] === 0) continue;
      const own = out[to + k]!;
      const level = (still[own]! + sum[at + k]! + 0.5) | 0;
      if (grows === level > own) out[to + k] = level;
    }
  }
  return compactTile(out);
}
