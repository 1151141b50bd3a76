/** Edge of a mask tile in document px; a tile holds TILE_SIZE² coverage bytes, row by row. */
export const TILE_SIZE = 256;
export const TILE_AREA = TILE_SIZE * TILE_SIZE;

/**
 * 256 × 256 coverage values, 0 = keep … 255 = edit. Content never changes once the tile is in a mask;
 * only its storage does: a cold tile is kept as runs and unpacked when it is read again.
 */
export interface DenseTile {
  /** The 65,536 bytes. Unpacks a cold tile; callers must not write to it. */
  bytes(): Uint8Array;
  /** Turns the storage into runs when that is smaller. */
  pack(): void;
  /** Memory held now, in bytes. */
  byteLength(): number;
}

/** A uniform tile is one number. */
export type Tile = number | DenseTile;
