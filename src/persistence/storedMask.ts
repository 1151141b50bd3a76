import type { Mask } from '../raster/mask.ts';
import { type PackedMask, packMask, unpackMask } from '../raster/packedMask.ts';
import type { Tile } from '../raster/tile.ts';
import { StoredDataError } from './parse.ts';

/** A tile keeps the runs that it was packed to: after a stroke only those that it touched are packed. */
export const storeTile = (tile: Tile): number | Uint8Array =>
  typeof tile === 'number' ? tile : tile.packed();

/** Small enough to be written after every stroke. */
export const storeMask = (mask: Mask): PackedMask => ({
  ...packMask(mask),
  coverage: [...mask.tiles.values()].map(storeTile),
});

export function readMask(stored: unknown, name: string): Mask {
  if (stored === undefined) throw new StoredDataError('missing', `mask ${name}`);
  try {
    return unpackMask(stored);
  } catch (cause) {
    throw new StoredDataError('malformed', `mask ${name}`, { cause });
  }
}
