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
  /** Runs, or the bytes where those are not fewer: to be stored. Keeps the storage as it is. */
  packed(): Uint8Array;
  /** Memory held now, in bytes. */
  byteLength(): number;
  /** The storage as it is now: 65,536 coverage bytes, or fewer bytes that are runs (`runLength.ts`). */
  stored(): Uint8Array;
}

/** A uniform tile is one number. */
export type Tile = number | DenseTile;

/** The same bytes four at a time, for comparisons; the tile's bytes start at a multiple of four. */
export const tileWords = (bytes: Uint8Array) =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, TILE_AREA / 4);

/** The value that all bytes of a tile share, or null. */
export function uniformValue(bytes: Uint8Array): number | null {
  const value = bytes[0]!;
  const word = (value * 0x01010101) >>> 0;
  const words = tileWords(bytes);
  for (let i = 0; i < words.length; i++) if (words[i] !== word) return null;
  return value;
}

/** Whether two tiles hold the same coverage, however they are stored. */
export function sameTile(a: Tile, b: Tile): boolean {
  if (a === b) return true;
  if (typeof a === 'number') return typeof b !== 'number' && uniformValue(b.bytes()) === a;
  if (typeof b === 'number') return uniformValue(a.bytes()) === b;
  const left = tileWords(a.bytes());
  const right = tileWords(b.bytes());
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
