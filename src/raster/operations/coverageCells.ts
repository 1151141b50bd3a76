import { type PixelRect, rectBetween } from '../../geometry/rect.ts';
import { forEachTile, type Mask, tileKey } from '../mask.ts';
import { TILE_SIZE, type Tile, tileWords } from '../tile.ts';

/** Edge of a cell, px; a tile is cut into whole cells. */
export const CELL = 32;
const CELLS = TILE_SIZE / CELL;

/** The values of one tile: of each cell the lowest and the highest, and of each value 0–255 whether it is there (1). */
interface TileCells {
  readonly lowest: Uint8Array;
  readonly highest: Uint8Array;
  readonly seen: Uint8Array;
}

/** Where in a mask which values can be, by cells of 32 × 32 px. Each tile is looked through once, when it is asked for. */
export class CoverageCells {
  readonly #mask: Mask;
  readonly #tiles = new Map<number, TileCells>();

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  /** By value 0–255: whether a tile that `rect` touches has it. */
  seen(rect: PixelRect): readonly boolean[] {
    const seen = new Array<boolean>(256).fill(false);
    forEachTile(rect, (tx, ty) => {
      for (const [value, is] of this.#cellsOf(tx, ty).seen.entries()) if (is) seen[value] = true;
    });
    return seen;
  }

  /** What of `rect` those cells take up that have, as far as lowest and highest tell, any value for which `counts`. */
  bounds(rect: PixelRect, counts: (value: number) => boolean): PixelRect | null {
    let [left, top, right, bottom] = [rect.x + rect.width, rect.y + rect.height, rect.x, rect.y];
    forEachTile(rect, (tx, ty, part) => {
      const { lowest, highest } = this.#cellsOf(tx, ty);
      const [firstX, firstY] = [Math.floor(part.x / CELL), Math.floor(part.y / CELL)];
      for (let y = firstY; y * CELL < part.y + part.height; y++) {
        for (let x = firstX; x * CELL < part.x + part.width; x++) {
          const cell = (y - ty * CELLS) * CELLS + x - tx * CELLS;
          if (!counts(lowest[cell]!) && !counts(highest[cell]!)) continue;
          left = Math.min(left, Math.max(part.x, x * CELL));
          top = Math.min(top, Math.max(part.y, y * CELL));
          right = Math.max(right, Math.min(part.x + part.width, (x + 1) * CELL));
          bottom = Math.max(bottom, Math.min(part.y + part.height, (y + 1) * CELL));
        }
      }
    });
    return rectBetween(left, top, right, bottom);
  }

  #cellsOf(tx: number, ty: number): TileCells {
    const key = tileKey(tx, ty);
    const known = this.#tiles.get(key);
    if (known) return known;
    const cells = cellsOf(this.#mask.tiles.get(key) ?? 0);
    this.#tiles.set(key, cells);
    return cells;
  }
}

function cellsOf(tile: Tile): TileCells {
  const even = typeof tile === 'number';
  const lowest = new Uint8Array(CELLS * CELLS).fill(even ? tile : 255);
  const highest = new Uint8Array(CELLS * CELLS).fill(even ? tile : 0);
  const seen = new Uint8Array(256);
  if (even) {
    seen[tile] = 1;
    return { lowest, highest, seen };
  }
  const bytes = tile.bytes();
  const words = tileWords(bytes);
  for (let start = 0; start < words.length; start += CELL / 4) {
    const row = Math.floor((start * 4) / (TILE_SIZE * CELL));
    const cell = row * CELLS + (((start * 4) / CELL) % CELLS);
    for (let word = start; word < start + CELL / 4; word++) {
      // Most of a mask is even: four equal pixels after four of the same value tell nothing new.
      if (word > start && words[word] === words[word - 1]) continue;
      for (let i = word * 4; i < word * 4 + 4; i++) {
        const value = bytes[i]!;
        seen[value] = 1;
        if (value < lowest[cell]!) lowest[cell] = value;
        if (value > highest[cell]!) highest[cell] = value;
      }
    }
  }
  return { lowest, highest, seen };
}
