import type { Tile } from './tile.ts';

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
