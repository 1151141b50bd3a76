import type { Mask } from '../raster/mask.ts';
import { type PackedMask, packMask, unpackMask } from '../raster/packedMask.ts';
import { packRuns } from '../raster/runLength.ts';
import { TILE_AREA } from '../raster/tile.ts';
import { StoredDataError } from './parse.ts';

/** A tile's bytes never change: after a stroke only the tiles that it touched are packed. */
const runsOf = new WeakMap<Uint8Array, Uint8Array>();

function compress(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== TILE_AREA) return bytes;
  const known = runsOf.get(bytes);
  if (known) return known;
  const runs = packRuns(bytes) ?? bytes;
  runsOf.set(bytes, runs);
  return runs;
}

/** Small enough to be written after every stroke. */
export function storeMask(mask: Mask): PackedMask {
  const packed = packMask(mask);
  return {
    ...packed,
    coverage: packed.coverage.map((one) => (typeof one === 'number' ? one : compress(one))),
  };
}

export function readMask(stored: unknown, name: string): Mask {
  if (stored === undefined) throw new StoredDataError('missing', `mask ${name}`);
  try {
    return unpackMask(stored);
  } catch (cause) {
    throw new StoredDataError('malformed', `mask ${name}`, { cause });
  }
}
