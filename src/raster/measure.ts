import { area, contains, intersect, type PixelRect, pixelRect, union } from '../geometry/rect.ts';
import { type Mask, tileRect, tileX, tileY } from './mask.ts';
import { TILE_AREA, TILE_SIZE, tileWords } from './tile.ts';

/** Smallest rectangle around all coverage > 0, or null. */
export function maskBounds(mask: Mask): PixelRect | null {
  let bounds: PixelRect | null = null;
  for (const [key, tile] of mask.tiles) {
    if (typeof tile === 'number') bounds = union(bounds, tileRect(tileX(key), tileY(key)));
  }
  for (const [key, tile] of mask.tiles) {
    if (typeof tile === 'number') continue;
    const place = tileRect(tileX(key), tileY(key));
    // A tile inside the bounds can't widen them: most need not be read.
    if (bounds && contains(bounds, place)) continue;
    const inside = tileBounds(tile.bytes());
    if (inside) {
      bounds = union(bounds, pixelRect(place.x + inside.x, place.y + inside.y, inside.width, inside.height));
    }
  }
  return bounds;
}

/** Within the tile: the rows that hold anything, and the columns of all rows laid over each other. */
function tileBounds(bytes: Uint8Array): PixelRect | null {
  const words = tileWords(bytes);
  const perRow = TILE_SIZE / 4;
  const overlaid = new Uint32Array(perRow);
  let top = -1;
  let end = 0;
  for (let y = 0; y < TILE_SIZE; y++) {
    let row = 0;
    for (let i = 0; i < perRow; i++) {
      const word = words[y * perRow + i]!;
      overlaid[i]! |= word;
      row |= word;
    }
    if (row === 0) continue;
    if (top < 0) top = y;
    end = y + 1;
  }
  if (top < 0) return null;
  const columns = new Uint8Array(overlaid.buffer);
  const left = columns.findIndex((value) => value > 0);
  const right = columns.findLastIndex((value) => value > 0) + 1;
  return pixelRect(left, top, right - left, end - top);
}

/** Sum of the coverage (0–255 each) of the frame's pixels. */
export function coverageSum(mask: Mask, frame: PixelRect): number {
  let sum = 0;
  for (const [key, tile] of mask.tiles) {
    const place = tileRect(tileX(key), tileY(key));
    const part = intersect(place, frame);
    if (!part) continue;
    if (typeof tile === 'number') sum += tile * area(part);
    else if (area(part) === TILE_AREA) sum += tileSum(tile.bytes());
    else sum += partSum(tile.bytes(), pixelRect(part.x - place.x, part.y - place.y, part.width, part.height));
  }
  return sum;
}

/** Four bytes at a time: two lanes of 16 bits, emptied before 128 additions of up to 510 overflow them. */
function tileSum(bytes: Uint8Array): number {
  const words = tileWords(bytes);
  let sum = 0;
  for (let start = 0; start < words.length; start += 128) {
    let lanes = 0;
    for (let i = start; i < start + 128; i++) {
      const word = words[i]!;
      lanes += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
    }
    sum += (lanes & 0xffff) + (lanes >>> 16);
  }
  return sum;
}

function partSum(bytes: Uint8Array, part: PixelRect): number {
  let sum = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    const row = y * TILE_SIZE;
    for (let at = row + part.x; at < row + part.x + part.width; at++) sum += bytes[at]!;
  }
  return sum;
}

/** Share of the frame that is covered, 0–1; half coverage counts half. */
export const coveredShare = (mask: Mask, frame: PixelRect): number =>
  coverageSum(mask, frame) / (255 * area(frame));

/** Memory that the mask's tiles hold now, in bytes (tiles shared with other masks included). */
export function maskBytes(mask: Mask): number {
  let bytes = 0;
  for (const tile of mask.tiles.values()) bytes += typeof tile === 'number' ? 0 : tile.byteLength();
  return bytes;
}

/** Whether any pixel is covered by at least `value`, 1–255. */
export function reaches(mask: Mask, value: number): boolean {
  for (const tile of mask.tiles.values()) {
    if (typeof tile === 'number' ? tile >= value : tile.bytes().some((coverage) => coverage >= value))
      return true;
  }
  return false;
}
