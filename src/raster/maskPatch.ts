import type { Mask } from './mask.ts';
import { type PackedMask, packMask, unpackMask } from './packedMask.ts';
import { sameTile, type Tile } from './tile.ts';

/**
 * What turns a mask into another one: plain data for `postMessage`. Tiles that are the same in both don't travel, and
 * stay the very objects that they were, as the painter and the history rely on.
 */
export interface MaskPatch {
  readonly changed: PackedMask;
  /** Keys of tiles that are 0 afterwards. */
  readonly cleared: readonly number[];
}

export function patchBetween(before: Mask, after: Mask): MaskPatch {
  const changed = new Map<number, Tile>();
  for (const [key, tile] of after.tiles) {
    const former = before.tiles.get(key);
    if (former === undefined || !sameTile(former, tile)) changed.set(key, tile);
  }
  const cleared = [...before.tiles.keys()].filter((key) => !after.tiles.has(key));
  return { changed: packMask({ tiles: changed }), cleared };
}

/** The mask itself when nothing changes. */
export function patchedMask(before: Mask, { changed, cleared }: MaskPatch): Mask {
  if (changed.coverage.length === 0 && cleared.length === 0) return before;
  const tiles = new Map(before.tiles);
  for (const [key, tile] of unpackMask(changed).tiles) tiles.set(key, tile);
  for (const key of cleared) tiles.delete(key);
  return { tiles };
}
