import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { TILE_SIZE, type Tile } from './tile.ts';

/** Coverage that can be read tile by tile: a mask, or a draft while it is being painted. */
export interface CoverageSource {
  /** What lies at (tx, ty); 0 where nothing is. Only valid until the source is written to. */
  tile(tx: number, ty: number): Tile;
}

/**
 * Sparse grid of coverage, an immutable value: 0 = keep … 255 = edit, per document pixel. A tile that is absent
 * is 0. Tile (tx, ty) covers pixels tx · 256 … tx · 256 + 255; indices may be negative (the frame can grow left).
 */
export interface Mask {
  /** By `tileKey(tx, ty)`. Never holds the number 0. */
  readonly tiles: ReadonlyMap<number, Tile>;
}

export const emptyMask: Mask = { tiles: new Map() };

const BIAS = 1 << 15;

/** One number for a tile's place; tx and ty within ±32,768. */
export const tileKey = (tx: number, ty: number) => (ty + BIAS) * (BIAS * 2) + (tx + BIAS);
export const tileX = (key: number) => (key % (BIAS * 2)) - BIAS;
export const tileY = (key: number) => Math.floor(key / (BIAS * 2)) - BIAS;

/** Index of the tile that holds pixel column or row `i`. */
export const tileIndex = (i: number) => Math.floor(i / TILE_SIZE);

/** The document pixels that tile (tx, ty) covers. */
export const tileRect = (tx: number, ty: number): PixelRect =>
  pixelRect(tx * TILE_SIZE, ty * TILE_SIZE, TILE_SIZE, TILE_SIZE);

export const maskSource = (mask: Mask): CoverageSource => ({
  tile: (tx, ty) => mask.tiles.get(tileKey(tx, ty)) ?? 0,
});

/** Calls `visit` for every tile place that `rect` touches, row by row, with the part of `rect` inside it. */
export function forEachTile(rect: PixelRect, visit: (tx: number, ty: number, part: PixelRect) => void): void {
  const endX = tileIndex(rect.x + rect.width - 1);
  const endY = tileIndex(rect.y + rect.height - 1);
  for (let ty = tileIndex(rect.y); ty <= endY; ty++) {
    for (let tx = tileIndex(rect.x); tx <= endX; tx++) {
      const part = intersect(rect, tileRect(tx, ty));
      if (part) visit(tx, ty, part);
    }
  }
}
