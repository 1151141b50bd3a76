import type { PixelRect } from '../geometry/rect.ts';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf } from './coverage.ts';
import { compactTile } from './denseTile.ts';
import { forEachTile, type Mask, maskSource, tileKey, tileRect } from './mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from './tile.ts';

/** The part of a mask in `from`, moved and scaled to `to`: the nearest pixel. Yields after each tile. */
export function* scaledMaskSteps(mask: Mask, from: PixelRect, to: PixelRect): Generator<void, Mask> {
  const places: { tx: number; ty: number; part: PixelRect }[] = [];
  if (mask.tiles.size > 0) forEachTile(to, (tx, ty, part) => places.push({ tx, ty, part }));
  const nearest = (at: number, start: number, length: number, fromStart: number, fromLength: number) =>
    fromStart + Math.floor(((at - start + 0.5) * fromLength) / length);
  const tiles = new Map<number, Tile>();
  for (const { tx, ty, part } of places) {
    const column = (x: number) => nearest(x, to.x, to.width, from.x, from.width);
    const row = (y: number) => nearest(y, to.y, to.height, from.y, from.height);
    const left = column(part.x);
    const top = row(part.y);
    const width = column(part.x + part.width - 1) + 1 - left;
    const source = coverageOf(
      maskSource(mask),
      pixelRect(left, top, width, row(part.y + part.height - 1) + 1 - top),
    );
    const place = tileRect(tx, ty);
    const columns = Int32Array.from({ length: part.width }, (_, k) => column(part.x + k) - left);
    const bytes = new Uint8Array(TILE_AREA);
    for (let y = part.y; y < part.y + part.height; y++) {
      const start = (row(y) - top) * width;
      const at = (y - place.y) * TILE_SIZE + part.x - place.x;
      for (let k = 0; k < part.width; k++) bytes[at + k] = source[start + columns[k]!]!;
    }
    const tile = compactTile(bytes);
    if (tile !== 0) tiles.set(tileKey(tx, ty), tile);
    yield;
  }
  return { tiles };
}
