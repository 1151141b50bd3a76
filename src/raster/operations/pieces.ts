import type { PixelRect } from '../../geometry/rect.ts';
import { cutMask } from '../combine.ts';
import { beginDraft, type Draft } from '../draft.ts';
import { FrameGrid } from '../frameGrid.ts';
import type { Mask } from '../mask.ts';
import { TILE_SIZE } from '../tile.ts';

/**
 * Pieces are what hangs together with any coverage at all, also by corners (8 neighbours): what touches, however
 * softly, is one. A piece goes as a whole, its soft rim included. All of these yield after every row of tiles.
 */

/** Only the `count` pieces of the most pixels stay; of equal ones the upper, then the left one. */
export function* keepLargestSteps(mask: Mask, frame: PixelRect, count: number): Generator<void, Mask> {
  const pieces = yield* findRegions(cutMask(mask, frame), frame, 8);
  const roots = [...pieces.areas.keys()].filter((run) => pieces.areas[run]! > 0);
  // Runs are numbered from the top left, and sorting is stable.
  const largest = new Set(roots.sort((a, b) => pieces.areas[b]! - pieces.areas[a]!).slice(0, count));
  return yield* withoutRegions(mask, frame, pieces, (root) => !largest.has(root));
}

/** Pieces of fewer pixels than `area` go. */
export function* removeSpecksSteps(mask: Mask, frame: PixelRect, area: number): Generator<void, Mask> {
  const pieces = yield* findRegions(cutMask(mask, frame), frame, 8);
  return yield* withoutRegions(mask, frame, pieces, (root) => pieces.areas[root]! < area);
}

/** Connected regions of coverage > 0. Runs are numbered in the order in which `forEachRun` meets them. */
export interface Regions {
  /** The run that stands for each run's region. */
  readonly rootOf: (run: number) => number;
  /** Pixels of the region that a run stands for; 0 for all other runs. */
  readonly areas: number[];
}

/**
 * Labels regions run by run: the runs of a row are joined with those that they touch in the row above. Runs and
 * union-find: A. Rosenfeld, J. Pfaltz, "Sequential Operations in Digital Picture Processing", J. ACM 13 (1966).
 */
export function* findRegions(mask: Mask, frame: PixelRect, neighbours: 4 | 8): Generator<void, Regions> {
  const parents: number[] = [];
  const areas: number[] = [];
  function rootOf(run: number): number {
    let at = run;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }
  const beyond = neighbours === 8 ? 1 : 0;
  let above: number[] = [];
  let row: number[] = [];
  let y = frame.y - 1;
  let k = 0;
  const visit = (runY: number, start: number, end: number) => {
    if (runY !== y) {
      // What ended in an earlier row touches nothing any more.
      above = runY === y + 1 ? row : [];
      row = [];
      y = runY;
      k = 0;
    }
    const run = parents.length;
    parents.push(run);
    areas.push(end - start);
    row.push(start, end, run);
    // Runs above that end before this one begins can't touch a later one either.
    while (k < above.length && above[k + 1]! + beyond <= start) k += 3;
    for (let j = k; j < above.length && above[j]! < end + beyond; j += 3) {
      const one = rootOf(above[j + 2]!);
      const other = rootOf(run);
      if (one === other) continue;
      const root = Math.min(one, other);
      const joined = Math.max(one, other);
      parents[joined] = root;
      areas[root]! += areas[joined]!;
      areas[joined] = 0;
    }
  };
  const grid = new FrameGrid(mask, frame);
  for (let band = 0; band < grid.rows; band++) {
    forEachRun(grid, band, visit);
    yield;
  }
  return { rootOf, areas };
}

/** The mask, cut to the frame, without the regions of which `goes` is true. */
export function* withoutRegions(
  mask: Mask,
  frame: PixelRect,
  { rootOf }: Regions,
  goes: (root: number) => boolean,
): Generator<void, Mask> {
  const own = cutMask(mask, frame);
  const draft = beginDraft(own, frame);
  const grid = new FrameGrid(own, frame);
  let run = 0;
  for (let band = 0; band < grid.rows; band++) {
    forEachRun(grid, band, (y, start, end) => {
      if (goes(rootOf(run++))) clearRun(draft, y, start, end);
    });
    yield;
  }
  return draft.commit();
}

function clearRun(draft: Draft, y: number, start: number, end: number): void {
  const ty = Math.floor(y / TILE_SIZE);
  for (let x = start; x < end; ) {
    const tx = Math.floor(x / TILE_SIZE);
    const stop = Math.min(end, (tx + 1) * TILE_SIZE);
    const row = (y - ty * TILE_SIZE) * TILE_SIZE - tx * TILE_SIZE;
    draft.writable(tx, ty).fill(0, row + x, row + stop);
    x = stop;
  }
}

/** Calls `visit` for every run of pixels with any coverage in a row of tiles, from the top left; runs cross tiles. */
function forEachRun(
  { places, columns, frame }: FrameGrid,
  band: number,
  visit: (y: number, start: number, end: number) => void,
): void {
  const row = places.slice(band * columns, (band + 1) * columns);
  if (row.every(({ tile }) => tile === 0)) return;
  const tiles = row.map(({ tx, tile, part }) => ({
    value: typeof tile === 'number' ? tile : -1,
    bytes: typeof tile === 'number' ? null : tile.bytes(),
    left: tx * TILE_SIZE,
    start: part.x,
    end: part.x + part.width,
  }));
  const { part, ty } = row[0]!;
  for (let y = part.y; y < part.y + part.height; y++) {
    const inTile = (y - ty * TILE_SIZE) * TILE_SIZE;
    /** Where the run that is being followed began. */
    let began: number | null = null;
    for (const { value, bytes, left, start, end } of tiles) {
      if (!bytes) {
        if (value > 0) began ??= start;
        else if (began !== null) {
          visit(y, began, start);
          began = null;
        }
        continue;
      }
      const offset = inTile - left;
      for (let x = start; x < end; x++) {
        if (bytes[offset + x]! > 0) {
          began ??= x;
        } else if (began !== null) {
          visit(y, began, x);
          began = null;
        }
      }
    }
    if (began !== null) visit(y, began, frame.x + frame.width);
  }
}
