import { area, intersect, type PixelRect } from '../geometry/rect.ts';
import { compactTile } from './denseTile.ts';
import { forEachTile, type Mask, tileKey, tileRect } from './mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from './tile.ts';

interface OpenTile {
  readonly bytes: Uint8Array;
  /** Pixels of the bounds that are still to come. */
  left: number;
}

/**
 * A mask made piece by piece, each pixel of the bounds once. A tile is compacted as soon as it is whole, so that
 * of a large picture only the tiles under way and those with an edge take room.
 */
export class CoverageWriter {
  readonly #bounds: PixelRect;
  readonly #open = new Map<number, OpenTile>();
  readonly #tiles = new Map<number, Tile>();

  constructor(bounds: PixelRect) {
    this.#bounds = bounds;
  }

  /** Coverage of a rectangle inside the bounds, row by row. */
  write(bytes: Uint8Array, rect: PixelRect): void {
    forEachTile(rect, (tx, ty, part) => {
      const key = tileKey(tx, ty);
      const tile = this.#open.get(key) ?? this.#begin(key, tx, ty);
      for (let y = part.y; y < part.y + part.height; y++) {
        const start = (y - rect.y) * rect.width + part.x - rect.x;
        const row = bytes.subarray(start, start + part.width);
        tile.bytes.set(row, (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE);
      }
      tile.left -= area(part);
      if (tile.left <= 0) this.#close(key, tile);
    });
  }

  /** What was not written is 0. */
  finish(): Mask {
    for (const [key, tile] of this.#open) this.#close(key, tile);
    return { tiles: this.#tiles };
  }

  #begin(key: number, tx: number, ty: number): OpenTile {
    const part = intersect(tileRect(tx, ty), this.#bounds);
    const tile = { bytes: new Uint8Array(TILE_AREA), left: part ? area(part) : 0 };
    this.#open.set(key, tile);
    return tile;
  }

  #close(key: number, { bytes }: OpenTile): void {
    this.#open.delete(key);
    const tile = compactTile(bytes);
    if (tile !== 0) this.#tiles.set(key, tile);
  }
}
