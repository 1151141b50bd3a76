import type { PixelRect } from '../geometry/rect.ts';
import { type Mask, tileRect, tileX, tileY } from './mask.ts';
import { sameTile } from './tile.ts';

/** Whether both hold the same coverage everywhere, however it is stored. */
export function maskEquals(a: Mask, b: Mask): boolean {
  if (a === b) return true;
  for (const [key, tile] of a.tiles) if (!sameTile(tile, b.tiles.get(key) ?? 0)) return false;
  for (const [key, tile] of b.tiles) if (!a.tiles.has(key) && !sameTile(tile, 0)) return false;
  return true;
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
