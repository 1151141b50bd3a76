import { contains, intersect, type PixelRect } from '../geometry/rect.ts';
import { compactTile } from './denseTile.ts';
import { type Mask, tileRect, tileX, tileY } from './mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from './tile.ts';

const bytesOf = (tile: Tile) =>
  typeof tile === 'number' ? new Uint8Array(TILE_AREA).fill(tile) : tile.bytes();

/** Writes the mixture of two tiles' bytes: a loop of its own for each way, which is ten times as fast as a call per byte. */
type Mix = (a: Uint8Array, b: Uint8Array, out: Uint8Array) => void;

function mixTiles(a: Tile, b: Tile, mix: Mix): Tile {
  if (typeof a === 'number' && typeof b === 'number') {
    const one = new Uint8Array(1);
    mix(Uint8Array.of(a), Uint8Array.of(b), one);
    return one[0]!;
  }
  const out = new Uint8Array(TILE_AREA);
  mix(bytesOf(a), bytesOf(b), out);
  return compactTile(out);
}

const larger: Mix = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i]!, b[i]!);
};
const smaller: Mix = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i]!, b[i]!);
};
const rest: Mix = (value, erased, out) => {
  for (let i = 0; i < out.length; i++) out[i] = (value[i]! * (255 - erased[i]!)) / 255 + 0.5;
};
const difference: Mix = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(0, a[i]! - b[i]!);
};
const solid: Mix = (value, _, out) => {
  for (let i = 0; i < out.length; i++) out[i] = value[i]! > 0 ? 255 : 0;
};

/** The larger coverage of both, pixel by pixel. Tiles that only one of them has are its own. */
export function joinMasks(a: Mask, b: Mask): Mask {
  if (a.tiles.size === 0) return b;
  if (b.tiles.size === 0) return a;
  const tiles = new Map(a.tiles);
  for (const [key, tile] of b.tiles) {
    const other = tiles.get(key);
    if (other === 255 || other === tile) continue;
    tiles.set(key, other === undefined || tile === 255 ? tile : mixTiles(other, tile, larger));
  }
  return { tiles };
}

/** The smaller coverage of both, pixel by pixel. */
export function meetMasks(a: Mask, b: Mask): Mask {
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of a.tiles) {
    const other = b.tiles.get(key);
    if (other === undefined) continue;
    const met = tile === 255 ? other : other === 255 ? tile : mixTiles(tile, other, smaller);
    if (met !== 0) tiles.set(key, met);
  }
  return { tiles };
}

/** `mask` without `erased`: coverage · (255 − erased) / 255. The same object when nothing of it is erased. */
export function eraseFrom(mask: Mask, erased: Mask): Mask {
  const tiles = new Map(mask.tiles);
  let changed = false;
  for (const [key, gone] of erased.tiles) {
    const tile = tiles.get(key);
    if (tile === undefined) continue;
    changed = true;
    const left = mixTiles(tile, gone, rest);
    if (left === 0) tiles.delete(key);
    else tiles.set(key, left);
  }
  return changed ? { tiles } : mask;
}

/** `mask` less the coverage of `less`, down to 0. */
export function subtractMask(mask: Mask, less: Mask): Mask {
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of mask.tiles) {
    const other = less.tiles.get(key) ?? 0;
    if (other === 255 || other === tile) continue;
    const left = other === 0 ? tile : mixTiles(tile, other, difference);
    if (left !== 0) tiles.set(key, left);
  }
  return { tiles };
}

/** The part of a mask that lies in `rect`; 0 elsewhere. */
export function cutMask(mask: Mask, rect: PixelRect): Mask {
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of mask.tiles) {
    const place = tileRect(tileX(key), tileY(key));
    const part = intersect(place, rect);
    if (!part) continue;
    const kept = contains(rect, place) ? tile : cutTile(tile, place, part);
    if (kept !== 0) tiles.set(key, kept);
  }
  return { tiles };
}

function cutTile(tile: Tile, place: PixelRect, part: PixelRect): Tile {
  const bytes = bytesOf(tile);
  const out = new Uint8Array(TILE_AREA);
  for (let y = part.y - place.y; y < part.y - place.y + part.height; y++) {
    const start = y * TILE_SIZE + part.x - place.x;
    out.set(bytes.subarray(start, start + part.width), start);
  }
  return compactTile(out);
}

/** 255 wherever any of the masks covers anything, else 0. */
export function supportOf(masks: readonly Mask[]): Mask {
  let support: Mask = { tiles: new Map() };
  for (const mask of masks) {
    const tiles = new Map<number, Tile>();
    for (const [key, tile] of mask.tiles) tiles.set(key, mixTiles(tile, tile, solid));
    support = joinMasks(support, { tiles });
  }
  return support;
}

/** Tiles of a mask that touch `rect`, whole: for work that looks a little beyond it. */
export function tilesNear(mask: Mask, rect: PixelRect): Mask {
  const tiles = new Map<number, Tile>();
  for (const [key, tile] of mask.tiles) {
    if (intersect(tileRect(tileX(key), tileY(key)), rect)) tiles.set(key, tile);
  }
  return tiles.size === mask.tiles.size ? mask : { tiles };
}
