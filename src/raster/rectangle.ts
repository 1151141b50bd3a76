import { area, intersect, type PixelRect } from '../geometry/rect.ts';
import type { Draft } from './draft.ts';
import { forEachTile } from './mask.ts';
import { TILE_AREA, TILE_SIZE } from './tile.ts';

/**
 * What a shape of coverage c does to the old value. add: max(old, c); subtract: min(old, 255 − c). As with the brush,
 * the same shape a second time changes nothing; taking away what was just added leaves half of a half covered pixel.
 */
export type ShapeMode = 'add' | 'subtract';

/** Covers whole px fully, so its edges are hard. Tiles that lie inside become one number: cost follows the border. */
export function coverRect(draft: Draft, mode: ShapeMode, rect: PixelRect): void {
  const reach = intersect(draft.bounds, rect);
  if (reach) forEachTile(reach, (tx, ty, part) => coverPart(draft, mode, tx, ty, part));
}

/** `part` lies in tile (tx, ty) and in the draft's bounds. */
export function coverPart(draft: Draft, mode: ShapeMode, tx: number, ty: number, part: PixelRect): void {
  const value = mode === 'add' ? 255 : 0;
  if (draft.tile(tx, ty) === value) return;
  if (area(part) === TILE_AREA) draft.fillTile(tx, ty, value);
  else {
    const bytes = draft.writable(tx, ty);
    for (let y = part.y; y < part.y + part.height; y++) {
      const start = (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
      bytes.fill(value, start, start + part.width);
    }
  }
  draft.touch(part);
}
