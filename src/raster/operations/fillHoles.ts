import type { PixelRect } from '../../geometry/rect.ts';
import { cutMask, subtractMask } from '../combine.ts';
import { rowByRow } from '../combineSteps.ts';
import { compactTile } from '../denseTile.ts';
import { FrameGrid } from '../frameGrid.ts';
import type { Mask } from '../mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../tile.ts';
import { findRegions, withoutRegions } from './pieces.ts';

/** Pixels that are flooded between two yields. */
const STRIDE = 1 << 15;

/**
 * The mask with enclosed holes filled: where every way (over 4 neighbours) to the frame's edge leads over higher
 * coverage, it is raised to the lowest that must be crossed. So a hole in soft coverage is filled up to its rim, soft
 * edges towards the outside stay, and a hole that is open to the frame's edge is none. `area`: only holes of at most
 * so many pixels; null: all.
 */
export function* fillHolesSteps(mask: Mask, frame: PixelRect, area: number | null): Generator<void, Mask> {
  const own = cutMask(mask, frame);
  const filled = yield* floodedSteps(own, frame);
  if (area === null) return filled;
  const raised = yield* rowByRow(filled, own, subtractMask);
  const holes = yield* findRegions(raised, frame, 4);
  const tooLarge = yield* withoutRegions(raised, frame, holes, (root) => holes.areas[root]! <= area);
  return yield* rowByRow(filled, tooLarge, subtractMask);
}

/**
 * Floods from the frame's edge inwards, lowest coverage first. L. Barnes, C. Lehman, D. Mulla, "Priority-flood: An
 * optimal depression-filling and watershed-labeling algorithm", Computers & Geosciences 62 (2014), with a stack for
 * each of the 256 levels as the queue. An even tile is flooded as one; what is never reached is 255.
 */
function* floodedSteps(mask: Mask, frame: PixelRect): Generator<void, Mask> {
  const flood = new Flood(new FrameGrid(mask, frame));
  yield* flood.begin();
  while (flood.go(STRIDE)) yield;
  return yield* flood.result();
}

/** A pixel's place is index of its tile · TILE_AREA + place in the tile; below 2³¹ for 32,768 tiles. */
class Flood {
  readonly #grid: FrameGrid;
  /** By tile: the level at which its pixels were reached; one number for an even tile. */
  readonly #levels: (Uint8Array | number)[] = [];
  /** By tile: its pixels that were reached. Null for an even tile, which is reached when its number is below 255. */
  readonly #reached: (Uint8Array | null)[] = [];
  readonly #bytes: (Uint8Array | null)[] = [];
  /** By level: places that are to be spread from. */
  readonly #waiting: number[][] = Array.from({ length: 256 }, () => []);
  #level = 0;

  constructor(grid: FrameGrid) {
    this.#grid = grid;
  }

  /** Makes room, a row of tiles at a time, and reaches all pixels at the frame's edge. */
  *begin(): Generator<void, void> {
    const { places, columns, rows } = this.#grid;
    for (const [index, { tile, even }] of places.entries()) {
      const bytes = even >= 0 || typeof tile === 'number' ? null : tile.bytes();
      this.#bytes.push(bytes);
      this.#levels.push(bytes ? new Uint8Array(TILE_AREA).fill(255) : 255);
      this.#reached.push(bytes && new Uint8Array(TILE_AREA));
      if (index % columns === 0) yield;
    }
    for (const [index, { part, tx, ty }] of places.entries()) {
      const left = part.x - tx * TILE_SIZE;
      const top = part.y - ty * TILE_SIZE;
      const column = index % columns;
      const row = (index - column) / columns;
      for (let x = left; x < left + part.width; x++) {
        if (row === 0) this.#reach(index, top * TILE_SIZE + x);
        if (row === rows - 1) this.#reach(index, (top + part.height - 1) * TILE_SIZE + x);
      }
      for (let y = top; y < top + part.height; y++) {
        if (column === 0) this.#reach(index, y * TILE_SIZE + left);
        if (column === columns - 1) this.#reach(index, y * TILE_SIZE + left + part.width - 1);
      }
    }
  }

  /** Spreads from about `count` places; false when there is nothing left to do. */
  go(count: number): boolean {
    let left = count;
    // At 255 nothing can be lower any more.
    while (this.#level < 255) {
      const waiting = this.#waiting[this.#level]!;
      while (waiting.length > 0) {
        if (left-- <= 0) return true;
        this.#spread(waiting.pop()!);
      }
      this.#waiting[this.#level++] = [];
    }
    return false;
  }

  *result(): Generator<void, Mask> {
    const tiles = new Map<number, Tile>();
    for (const [index, { key, tile, part, even, tx, ty }] of this.#grid.places.entries()) {
      const levels = this.#levels[index]!;
      const whole = part.width === TILE_SIZE && part.height === TILE_SIZE;
      let filled: Tile;
      if (typeof levels === 'number') {
        if (levels === even) filled = tile;
        else filled = whole ? levels : evenPart(levels, part, tx, ty);
      } else {
        if (!whole) clearOutside(levels, part, tx, ty);
        filled = compactTile(levels);
      }
      if (filled !== 0) tiles.set(key, filled);
      if (index % this.#grid.columns === 0) yield;
    }
    return { tiles };
  }

  #reach(index: number, at: number): void {
    const bytes = this.#bytes[index];
    if (bytes) {
      const reached = this.#reached[index]!;
      const value = bytes[at]!;
      if (value === 255 || reached[at] === 1) return;
      reached[at] = 1;
      const level = Math.max(value, this.#level);
      (this.#levels[index] as Uint8Array)[at] = level;
      this.#waiting[level]!.push(index * TILE_AREA + at);
      return;
    }
    const { even } = this.#grid.places[index]!;
    if (even === 255 || this.#levels[index] !== 255) return;
    const level = Math.max(even, this.#level);
    this.#levels[index] = level;
    this.#waiting[level]!.push(index * TILE_AREA);
  }

  #spread(place: number): void {
    const index = Math.floor(place / TILE_AREA);
    const { columns, places } = this.#grid;
    const { part, tx, ty } = places[index]!;
    const left = part.x - tx * TILE_SIZE;
    const top = part.y - ty * TILE_SIZE;
    const right = left + part.width - 1;
    const low = top + part.height - 1;
    const column = index % columns;
    const hasLeft = column > 0;
    const hasRight = column < columns - 1;
    const hasAbove = index >= columns;
    const hasBelow = index + columns < places.length;
    if (!this.#bytes[index]) {
      for (let y = top; y <= low; y++) {
        if (hasLeft) this.#reach(index - 1, y * TILE_SIZE + TILE_SIZE - 1);
        if (hasRight) this.#reach(index + 1, y * TILE_SIZE);
      }
      for (let x = left; x <= right; x++) {
        if (hasAbove) this.#reach(index - columns, (TILE_SIZE - 1) * TILE_SIZE + x);
        if (hasBelow) this.#reach(index + columns, x);
      }
      return;
    }
    const at = place % TILE_AREA;
    const x = at % TILE_SIZE;
    const y = (at - x) / TILE_SIZE;
    if (x > left) this.#reach(index, at - 1);
    else if (hasLeft) this.#reach(index - 1, at + TILE_SIZE - 1);
    if (x < right) this.#reach(index, at + 1);
    else if (hasRight) this.#reach(index + 1, at - TILE_SIZE + 1);
    if (y > top) this.#reach(index, at - TILE_SIZE);
    else if (hasAbove) this.#reach(index - columns, at + TILE_AREA - TILE_SIZE);
    if (y < low) this.#reach(index, at + TILE_SIZE);
    else if (hasBelow) this.#reach(index + columns, at - TILE_AREA + TILE_SIZE);
  }
}

function evenPart(value: number, part: PixelRect, tx: number, ty: number): Tile {
  const bytes = new Uint8Array(TILE_AREA).fill(value);
  clearOutside(bytes, part, tx, ty);
  return compactTile(bytes);
}

/** Sets what of a tile lies outside `part` to 0. */
function clearOutside(bytes: Uint8Array, part: PixelRect, tx: number, ty: number): void {
  const left = part.x - tx * TILE_SIZE;
  const top = part.y - ty * TILE_SIZE;
  bytes.fill(0, 0, top * TILE_SIZE);
  bytes.fill(0, (top + part.height) * TILE_SIZE);
  for (let row = top * TILE_SIZE; row < (top + part.height) * TILE_SIZE; row += TILE_SIZE) {
    bytes.fill(0, row, row + left);
    bytes.fill(0, row + left + part.width, row + TILE_SIZE);
  }
}
