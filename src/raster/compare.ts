import type { PixelRect } from '../geometry/rect.ts';
import { type Mask, tileRect, tileX, tileY } from './mask.ts';
import { sameTile, type Tile } from './tile.ts';

/** Whether both hold the same coverage everywhere, however it is stored. */
export function maskEquals(a: Mask, b: Mask): boolean {
  if (a === b) return true;
  for (const [key, tile] of a.tiles) if (!sameTile(tile, b.tiles.get(key) ?? 0)) return false;
  for (const [key, tile] of b.tiles) if (!a.tiles.has(key) && !sameTile(tile, 0)) return false;
  return true;
}

/** `mask` with the tiles of `former` wherever they hold the same; `former` itself when all do. */
export function withTilesOf(former: Mask, mask: Mask): Mask {
  const tiles = new Map<number, Tile>();
  let same = mask.tiles.size === former.tiles.size;
  for (const [key, tile] of mask.tiles) {
    const other = former.tiles.get(key);
    const kept = other !== undefined && sameTile(other, tile);
    tiles.set(key, kept ? other : tile);
    same &&= kept;
  }
  return same ? former : { tiles };
}

/**
 * The tiles in which the masks may differ, told by reference and without reading them: what to repaint at an undo.
 */
export function changedTiles(before: Mask, after: Mask): PixelRect[] {
  const changed: PixelRect[] = [];
  if (before === after) return changed;
  for (const [key, tile] of before.tiles) {
    if (after.tiles.get(key) !== tile) changed.push(tileRect(tileX(key), tileY(key)));
  }
  for (const key of after.tiles.keys()) {
    if (!before.tiles.has(key)) changed.push(tileRect(tileX(key), tileY(key)));
  }
  return changed;
}
