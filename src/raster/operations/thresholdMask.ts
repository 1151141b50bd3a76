import type { PixelRect } from '../../geometry/rect.ts';
import { cutMask } from '../combine.ts';
import { compactTile } from '../denseTile.ts';
import type { Mask } from '../mask.ts';
import type { Tile } from '../tile.ts';

/** 255 where coverage is `level` (1–255) or more, 0 where it is less and outside the frame. Yields after every tile. */
export function* thresholdMaskSteps(mask: Mask, frame: PixelRect, level: number): Generator<void, Mask> {
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of cutMask(mask, frame).tiles) {
    const cut = typeof tile === 'number' ? (tile >= level ? 255 : 0) : cutTile(tile.bytes(), level);
    if (cut !== 0) tiles.set(key, cut);
    yield;
  }
  return { tiles };
}

function cutTile(bytes: Uint8Array, level: number): Tile {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i]! >= level ? 255 : 0;
  return compactTile(out);
}
