import { expand, intersect, type PixelRect, sameRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { compactTile } from '../raster/denseTile.ts';
import {
  type CoverageSource,
  forEachTile,
  type Mask,
  maskSource,
  tileKey,
  tileRect,
} from '../raster/mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../raster/tile.ts';
import { distanceTo } from './distance.ts';

/** Steps that soft coverage is cut into; a mask without soft edges needs one only. */
const STEPS = 4;

/**
 * The mask grown (radius > 0) or shrunk (< 0) by `radius` document px, which may be fractional, −64 … 128; cut to
 * the frame. Exact Euclidean: a pixel of hard coverage reaches every pixel whose centre lies within `radius` of its
 * own wholly, and within `radius` + 1 in proportion, so that half a pixel shows as half coverage.
 *
 * Soft coverage moves step by step: the mask is cut into `STEPS` level sets between 0 and its highest coverage, each
 * is grown, and what they give together counts where it is more (when shrinking: less) than the coverage itself.
 * So soft edges stay soft, and what was painted thinly grows thinly. The frame's edge is no border when shrinking.
 *
 * Yields after every tile that it computes. Cost follows the length of the border: tiles that none can reach are
 * passed on as they are.
 */
export function* growMaskSteps(mask: Mask, frame: PixelRect, radius: number): Generator<void, Mask> {
  const tiles = new Map<number, Tile>();
  const source = maskSource(mask);
  const highest = highestCoverage(mask);
  const reach = Math.ceil(Math.abs(radius)) + 1;
  const places: [number, number, PixelRect][] = [];
  forEachTile(frame, (tx, ty, part) => places.push([tx, ty, part]));
  for (const [tx, ty, part] of places) {
    const own = source.tile(tx, ty);
    const square = tileRect(tx, ty);
    const work = intersect(expand(part, reach) ?? part, frame) ?? part;
    const still = isStill(source, own, work) || own === (radius > 0 ? highest : 0);
    if (still && (own === 0 || sameRect(part, square))) {
      if (own !== 0) tiles.set(tileKey(tx, ty), own);
      continue;
    }
    const tile = grownTile(coverageOf(source, work), work, square, part, still ? 0 : radius, highest);
    if (tile !== 0) tiles.set(tileKey(tx, ty), tile);
    yield;
  }
  return { tiles };
}

export function growMask(mask: Mask, frame: PixelRect, radius: number): Mask {
  const steps = growMaskSteps(mask, frame, radius);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** True when all tiles in `work` are the same number as `own`: no border is in reach. */
function isStill(source: CoverageSource, own: Tile, work: PixelRect): boolean {
  if (typeof own !== 'number') return false;
  let still = true;
  forEachTile(work, (tx, ty) => {
    if (source.tile(tx, ty) !== own) still = false;
  });
  return still;
}

function highestCoverage(mask: Mask): number {
  let highest = 0;
  for (const tile of mask.tiles.values()) {
    if (typeof tile === 'number') highest = Math.max(highest, tile);
    else for (const value of tile.bytes()) if (value > highest) highest = value;
    if (highest === 255) break;
  }
  return highest;
}

/** The tile at `square`, 0 outside `part`; `coverage` is that of `work`, which lies around `part`. */
function grownTile(
  coverage: Uint8Array,
  work: PixelRect,
  square: PixelRect,
  part: PixelRect,
  radius: number,
  highest: number,
): Tile {
  const moved = radius === 0 ? null : movedLevels(coverage, work, radius, highest);
  const out = new Uint8Array(TILE_AREA);
  for (let y = part.y; y < part.y + part.height; y++) {
    let i = (y - work.y) * work.width + part.x - work.x;
    let o = (y - square.y) * TILE_SIZE + part.x - square.x;
    for (let x = 0; x < part.width; x++, i++, o++) {
      const own = coverage[i]!;
      if (!moved) out[o] = own;
      else if (radius > 0) out[o] = Math.max(own, moved[i]! + 0.5);
      else out[o] = Math.min(own, moved[i]! + 0.5);
    }
  }
  return compactTile(out);
}

/**
 * Sum of the level sets after moving, 0–255 per pixel of `work`. Growing takes what reaches a level's upper bound,
 * shrinking what exceeds its lower one, so that neither can take from the plateaus of the mask itself. Null when
 * nothing moves.
 */
function movedLevels(
  coverage: Uint8Array,
  work: PixelRect,
  radius: number,
  highest: number,
): Float32Array | null {
  if (coverage.every((value) => value === coverage[0])) return null;
  const counts = new Uint32Array(256);
  for (const value of coverage) counts[value]!++;
  const sum = new Float32Array(coverage.length);
  let lower = 0;
  for (let step = 1; step <= STEPS; step++) {
    const upper = Math.round((highest * step) / STEPS);
    // The next level set is the same one when no pixel tells them apart: both move as one.
    const next = Math.round((highest * (step + 1)) / STEPS);
    const apart = radius > 0 ? someBetween(counts, upper, next) : someBetween(counts, lower + 1, upper + 1);
    if (step < STEPS && !apart) continue;
    const set = radius > 0 ? (i: number) => coverage[i]! >= upper : (i: number) => coverage[i]! <= lower;
    const distance = distanceTo(set, work.width, work.height);
    const weight = upper - lower;
    for (let i = 0; i < sum.length; i++) {
      const share = radius > 0 ? radius + 1 - distance[i]! : distance[i]! + radius;
      if (share > 0) sum[i]! += share < 1 ? share * weight : weight;
    }
    lower = upper;
  }
  return sum;
}

/** Whether any pixel has a value in [from, end). */
function someBetween(counts: Uint32Array, from: number, end: number): boolean {
  for (let value = from; value < end; value++) if (counts[value]! > 0) return true;
  return false;
}
