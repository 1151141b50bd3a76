import { contains, intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { compactTile } from './denseTile.ts';
import type { LayerStack, RasterLayer } from './layerStack.ts';
import { forEachTile, type Mask, tileKey, tileRect } from './mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from './tile.ts';

/**
 * The part of the frame that nothing fills: 255 where neither the picture nor a visible layer lies, 0 where one
 * does, between where only soft layers do. The picture covers its whole rectangle, transparent or not.
 */
export function uncoveredMask({ frame, picture, layers }: LayerStack): Mask {
  const tiles = new Map<number, Tile>();
  const base = pixelRect(0, 0, picture.width, picture.height);
  const visible = layers.filter((layer) => layer.visible);
  forEachTile(frame, (tx, ty, part) => {
    if (contains(base, part)) return;
    const covers = visible.flatMap((layer) => coverOf(layer, tx, ty, part) ?? []);
    const tile = evenTile(base, covers, part) ?? unevenTile(base, covers, part, tileRect(tx, ty));
    if (tile !== 0) tiles.set(tileKey(tx, ty), tile);
  });
  return { tiles };
}

/** What a layer covers of one tile. */
interface Cover {
  readonly region: PixelRect;
  readonly tile: Tile;
}

function coverOf(layer: RasterLayer, tx: number, ty: number, part: PixelRect): Cover | null {
  const region = intersect(layer.rect, part);
  const tile = layer.mask.tiles.get(tileKey(tx, ty)) ?? 0;
  return region && tile !== 0 ? { region, tile } : null;
}

/** What is left of `value` under a layer of that weight. */
const left = (value: number, weight: number) => ((value * (255 - weight) + 127) / 255) | 0;

/** The tile's one number; null: it has to be looked at pixel by pixel. */
function evenTile(base: PixelRect, covers: readonly Cover[], part: PixelRect): number | null {
  if (part.width * part.height < TILE_AREA || intersect(base, part)) return null;
  let value = 255;
  for (const { region, tile } of covers) {
    if (typeof tile !== 'number' || !contains(region, part)) return null;
    value = left(value, tile);
  }
  return value;
}

function unevenTile(base: PixelRect, covers: readonly Cover[], part: PixelRect, place: PixelRect): Tile {
  const bytes = new Uint8Array(TILE_AREA);
  fillRect(bytes, place, part, 255);
  const known = intersect(base, part);
  if (known) fillRect(bytes, place, known, 0);
  for (const { region, tile } of covers) {
    if (tile === 255) fillRect(bytes, place, region, 0);
    else coverRect(bytes, place, region, tile);
  }
  return compactTile(bytes);
}

function fillRect(bytes: Uint8Array, place: PixelRect, region: PixelRect, value: number): void {
  for (let y = 0, at = offset(place, region); y < region.height; y++, at += TILE_SIZE)
    bytes.fill(value, at, at + region.width);
}

function coverRect(bytes: Uint8Array, place: PixelRect, region: PixelRect, tile: Tile): void {
  const weights = typeof tile === 'number' ? null : tile.bytes();
  for (let y = 0, row = offset(place, region); y < region.height; y++, row += TILE_SIZE)
    for (let at = row; at < row + region.width; at++)
      bytes[at] = left(bytes[at]!, weights ? weights[at]! : (tile as number));
}

const offset = (place: PixelRect, region: PixelRect) => (region.y - place.y) * TILE_SIZE + region.x - place.x;
