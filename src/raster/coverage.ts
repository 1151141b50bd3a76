import { area, type PixelRect } from '../geometry/rect.ts';
import { CoverageWriter } from './coverageWriter.ts';
import { type CoverageSource, forEachTile, type Mask, tileIndex, tileKey } from './mask.ts';
import { TILE_SIZE } from './tile.ts';

/** Coverage of one document pixel. */
export function coverageAt(mask: Mask, x: number, y: number): number {
  const tx = tileIndex(x);
  const ty = tileIndex(y);
  const tile = mask.tiles.get(tileKey(tx, ty)) ?? 0;
  return typeof tile === 'number'
    ? tile
    : tile.bytes()[(y - ty * TILE_SIZE) * TILE_SIZE + x - tx * TILE_SIZE]!;
}

/** Coverage of a rectangle, row by row: rect.width · rect.height bytes. */
export function coverageOf(source: CoverageSource, rect: PixelRect): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(area(rect));
  forEachTile(rect, (tx, ty, part) => {
    const tile = source.tile(tx, ty);
    if (tile === 0) return;
    const bytes = typeof tile === 'number' ? null : tile.bytes();
    for (let y = part.y; y < part.y + part.height; y++) {
      const at = (y - rect.y) * rect.width + part.x - rect.x;
      if (bytes) {
        const start = (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
        out.set(bytes.subarray(start, start + part.width), at);
      } else {
        out.fill(tile as number, at, at + part.width);
      }
    }
  });
  return out;
}

/** The mask with this coverage in `rect` (row by row, rect.width · rect.height bytes) and 0 elsewhere. */
export function maskFromCoverage(bytes: Uint8Array, rect: PixelRect): Mask {
  if (bytes.length !== area(rect)) {
    throw new RangeError(
      `${rect.width} × ${rect.height} pixels need ${area(rect)} bytes, not ${bytes.length}`,
    );
  }
  const writer = new CoverageWriter(rect);
  writer.write(bytes, rect);
  return writer.finish();
}
