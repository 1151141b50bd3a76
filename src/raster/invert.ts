import type { PixelRect } from '../geometry/rect.ts';
import { compactTile, denseTile } from './denseTile.ts';
import { emptyMask, forEachTile, type Mask, tileKey } from './mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile, tileWords } from './tile.ts';

/** 255 − coverage for every pixel of the frame; 0 outside it. */
export function invertMask(mask: Mask, frame: PixelRect): Mask {
  const tiles = new Map<number, Tile>();
  forEachTile(frame, (tx, ty, part) => {
    const key = tileKey(tx, ty);
    const tile = mask.tiles.get(key) ?? 0;
    const whole = part.width === TILE_SIZE && part.height === TILE_SIZE;
    const inverted = whole ? invertTile(tile) : invertPart(tile, part, tx, ty);
    if (inverted !== 0) tiles.set(key, inverted);
  });
  return { tiles };
}

function invertTile(tile: Tile): Tile {
  if (typeof tile === 'number') return 255 - tile;
  const bytes = tile.bytes().slice();
  const words = tileWords(bytes);
  for (let i = 0; i < words.length; i++) words[i] = ~words[i]!;
  return denseTile(bytes);
}

function invertPart(tile: Tile, part: PixelRect, tx: number, ty: number): Tile {
  const source = typeof tile === 'number' ? null : tile.bytes();
  const bytes = new Uint8Array(TILE_AREA);
  for (let y = part.y; y < part.y + part.height; y++) {
    const row = (y - ty * TILE_SIZE) * TILE_SIZE - tx * TILE_SIZE;
    const start = row + part.x;
    const end = start + part.width;
    if (source) for (let at = start; at < end; at++) bytes[at] = 255 - source[at]!;
    else bytes.fill(255 - (tile as number), start, end);
  }
  return compactTile(bytes);
}

/** The mask that covers the whole frame. */
export const fillMask = (frame: PixelRect): Mask => invertMask(emptyMask, frame);
