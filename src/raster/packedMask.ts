import { denseTile, packedTile } from './denseTile.ts';
import { type Mask, tileKey, tileX, tileY } from './mask.ts';
import { runsLength } from './runLength.ts';
import { TILE_AREA, type Tile } from './tile.ts';

/** A mask for `postMessage` and IndexedDB: plain data, safe to clone structurally. */
export interface PackedMask {
  readonly version: 1;
  /** tx, ty of each tile, one after the other. */
  readonly places: Int16Array;
  /** Of each tile: its uniform coverage 1–255, or 65,536 bytes, or fewer bytes that are runs (`runLength.ts`). */
  readonly coverage: readonly (number | Uint8Array)[];
}

/**
 * Passes the tiles' storage as it is, so that it is cheap on the main thread. The bytes are the mask's own: clone
 * them (as `postMessage` does), never transfer them. Tiles that were packed before stay small.
 */
export function packMask(mask: Mask): PackedMask {
  const places = new Int16Array(mask.tiles.size * 2);
  const coverage: (number | Uint8Array)[] = [];
  for (const [key, tile] of mask.tiles) {
    places[coverage.length * 2] = tileX(key);
    places[coverage.length * 2 + 1] = tileY(key);
    coverage.push(typeof tile === 'number' ? tile : tile.stored());
  }
  return { version: 1, places, coverage };
}

/** The mask that was packed; keeps the given bytes. Throws a RangeError on anything that `packMask` can't have made. */
export function unpackMask(packed: unknown): Mask {
  const { places, coverage } = parse(packed);
  const tiles = new Map<number, Tile>();
  coverage.forEach((stored, i) => {
    const key = tileKey(places[i * 2]!, places[i * 2 + 1]!);
    if (tiles.has(key)) throw malformed('a tile is given twice');
    if (stored === 0) throw malformed('a tile is empty');
    tiles.set(key, unpackTile(stored));
  });
  return { tiles };
}

const malformed = (reason: string) => new RangeError(`Not a packed mask: ${reason}`);

function parse(packed: unknown): { places: Int16Array; coverage: readonly unknown[] } {
  if (typeof packed !== 'object' || packed === null) throw malformed('no object');
  const { version, places, coverage } = packed as { [Key in keyof PackedMask]?: unknown };
  if (version !== 1) throw malformed('its version is not 1');
  if (!(places instanceof Int16Array) || !Array.isArray(coverage)) throw malformed('its tiles are missing');
  if (places.length !== coverage.length * 2) throw malformed('places and tiles differ in number');
  return { places, coverage };
}

/** A tile as `packMask` passes it, or 0 for one that is absent. Throws a RangeError on anything else. */
export function unpackTile(stored: unknown): Tile {
  if (typeof stored === 'number') {
    if (!Number.isInteger(stored) || stored < 0 || stored > 255) throw malformed('coverage out of range');
    return stored;
  }
  if (!(stored instanceof Uint8Array)) throw malformed('a tile has no bytes');
  if (stored.length === TILE_AREA) return denseTile(stored);
  if (runsLength(stored) !== TILE_AREA) throw malformed('a tile has the wrong size');
  return packedTile(stored);
}
