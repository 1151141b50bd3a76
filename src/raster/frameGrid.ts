import { expand, intersect, type PixelRect, sameRect } from '../geometry/rect.ts';
import { forEachTile, type Mask, tileIndex, tileKey, tileRect } from './mask.ts';
import { TILE_SIZE, type Tile } from './tile.ts';

/** One tile of a frame. */
export interface FramePlace {
  readonly tx: number;
  readonly ty: number;
  readonly key: number;
  /** What of the tile lies in the frame. */
  readonly part: PixelRect;
  readonly tile: Tile;
  /** The coverage that all of `part` has; −1 when it is of several values. */
  readonly even: number;
}

/** A mask as the tiles of its frame, row by row, for operations that look around each pixel. */
export class FrameGrid {
  readonly frame: PixelRect;
  readonly columns: number;
  readonly rows: number;
  readonly places: readonly FramePlace[];
  readonly #left: number;
  readonly #top: number;

  constructor(mask: Mask, frame: PixelRect) {
    const places: FramePlace[] = [];
    forEachTile(frame, (tx, ty, part) => {
      const key = tileKey(tx, ty);
      const tile = mask.tiles.get(key) ?? 0;
      places.push({ tx, ty, key, part, tile, even: evenCoverage(tile, part, tileRect(tx, ty)) });
    });
    this.frame = frame;
    this.places = places;
    this.#left = tileIndex(frame.x);
    this.#top = tileIndex(frame.y);
    this.columns = tileIndex(frame.x + frame.width - 1) - this.#left + 1;
    this.rows = tileIndex(frame.y + frame.height - 1) - this.#top + 1;
  }

  /** Undefined outside the frame. */
  at(tx: number, ty: number): FramePlace | undefined {
    const column = tx - this.#left;
    return column < 0 || column >= this.columns
      ? undefined
      : this.places[(ty - this.#top) * this.columns + column];
  }

  /** True when all that lies within `reach` px has the same coverage: nothing there tells one pixel from another. */
  isStill({ part, even }: FramePlace, reach: number): boolean {
    if (even < 0) return false;
    const around = intersect(expand(part, reach) ?? part, this.frame) ?? part;
    let still = true;
    forEachTile(around, (tx, ty) => {
      if (this.at(tx, ty)?.even !== even) still = false;
    });
    return still;
  }
}

function evenCoverage(tile: Tile, part: PixelRect, square: PixelRect): number {
  if (typeof tile === 'number') return tile;
  // A whole tile of one value would be a number.
  if (sameRect(part, square)) return -1;
  const bytes = tile.bytes();
  const start = (part.y - square.y) * TILE_SIZE + part.x - square.x;
  const value = bytes[start]!;
  for (let y = 0; y < part.height; y++) {
    const row = start + y * TILE_SIZE;
    for (let i = row; i < row + part.width; i++) if (bytes[i] !== value) return -1;
  }
  return value;
}

/** The highest coverage that a mask has anywhere, 0–255. */
export function highestCoverage(mask: Mask): number {
  let highest = 0;
  for (const tile of mask.tiles.values()) {
    if (typeof tile === 'number') highest = Math.max(highest, tile);
    else for (const value of tile.bytes()) if (value > highest) highest = value;
    if (highest === 255) break;
  }
  return highest;
}
