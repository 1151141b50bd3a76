import { area, bottom, type PixelRect, right } from '../geometry/rect.ts';
import { type CoverageSource, tileIndex } from './mask.ts';
import { TILE_SIZE } from './tile.ts';

/** Where image space lies on the screen: device = image · scale + offset, in device px. */
export interface DeviceView {
  /** Device px per image px. */
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/**
 * Coverage of the device pixels of `rect`, row by row into `out` (at least rect.width · rect.height bytes).
 * Magnified: the nearest image pixel, crisp. Minified: mean of a grid of 2 × 2 or 3 × 3 points per device pixel, all
 * of them taken from the tile that holds the pixel's centre (at a tile's border the outermost points move
 * by less than a device pixel, and every device pixel has one tile). A pixel's value does not depend on `rect`.
 * `draft`: one point per device pixel also when minified, for a picture in motion: a third of the time.
 */
export function renderCoverage(
  source: CoverageSource,
  view: DeviceView,
  rect: PixelRect,
  out: Uint8Array,
  draft = false,
): void {
  if (out.length < area(rect)) throw new RangeError(`${area(rect)} bytes are needed, not ${out.length}`);
  const points = draft || view.scale >= 1 ? 1 : view.scale > 0.5 ? 2 : 3;
  const columns = sampleAxis(rect.x, right(rect), view.offsetX, view.scale, points);
  const rows = sampleAxis(rect.y, bottom(rect), view.offsetY, view.scale, points);
  for (let top = 0; top < rect.height; top = rows.ends[top]!) {
    for (let left = 0; left < rect.width; left = columns.ends[left]!) {
      const tile = source.tile(columns.tiles[left]!, rows.tiles[top]!);
      const end = columns.ends[left]!;
      if (typeof tile === 'number') {
        for (let y = top; y < rows.ends[top]!; y++)
          out.fill(tile, y * rect.width + left, y * rect.width + end);
        continue;
      }
      const bytes = tile.bytes();
      for (let y = top; y < rows.ends[top]!; y++) {
        const at = y * rect.width;
        if (points === 1) nearestRow(bytes, rows.offsets[y]!, columns.offsets, left, end, out, at);
        else if (points === 2) meanOf4Row(bytes, rows.offsets, y * 2, columns.offsets, left, end, out, at);
        else meanOf9Row(bytes, rows.offsets, y * 3, columns.offsets, left, end, out, at);
      }
    }
  }
}

/** Where the points of each device pixel lie along one axis. */
interface Axis {
  /** Tile index of each device pixel. */
  readonly tiles: Int32Array;
  /** First device pixel (counted from the rectangle's) beyond that tile. */
  readonly ends: Int32Array;
  /** Pixel within the tile, 0–255, of each point. */
  readonly offsets: Uint8Array;
}

function sampleAxis(start: number, end: number, offset: number, scale: number, points: number): Axis {
  const size = end - start;
  const axis: Axis = {
    tiles: new Int32Array(size),
    ends: new Int32Array(size),
    offsets: new Uint8Array(size * points),
  };
  for (let i = 0; i < size; i++) {
    const tile = tileIndex((start + i + 0.5 - offset) / scale);
    axis.tiles[i] = tile;
    for (let k = 0; k < points; k++) {
      const image = Math.floor((start + i + (k + 0.5) / points - offset) / scale);
      axis.offsets[i * points + k] = Math.min(TILE_SIZE - 1, Math.max(0, image - tile * TILE_SIZE));
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    axis.ends[i] = i + 1 < size && axis.tiles[i + 1] === axis.tiles[i] ? axis.ends[i + 1]! : i + 1;
  }
  return axis;
}

function nearestRow(
  bytes: Uint8Array,
  y: number,
  columns: Uint8Array,
  left: number,
  end: number,
  out: Uint8Array,
  at: number,
): void {
  const row = y * TILE_SIZE;
  for (let x = left; x < end; x++) out[at + x] = bytes[row + columns[x]!]!;
}

/** Written out per grid: a loop over the points costs more than the points. */
function meanOf4Row(
  bytes: Uint8Array,
  rows: Uint8Array,
  firstRow: number,
  columns: Uint8Array,
  left: number,
  end: number,
  out: Uint8Array,
  at: number,
): void {
  const a = rows[firstRow]! * TILE_SIZE;
  const b = rows[firstRow + 1]! * TILE_SIZE;
  for (let x = left; x < end; x++) {
    const i = columns[x * 2]!;
    const j = columns[x * 2 + 1]!;
    out[at + x] = (bytes[a + i]! + bytes[a + j]! + bytes[b + i]! + bytes[b + j]! + 2) >> 2;
  }
}

function meanOf9Row(
  bytes: Uint8Array,
  rows: Uint8Array,
  firstRow: number,
  columns: Uint8Array,
  left: number,
  end: number,
  out: Uint8Array,
  at: number,
): void {
  const a = rows[firstRow]! * TILE_SIZE;
  const b = rows[firstRow + 1]! * TILE_SIZE;
  const c = rows[firstRow + 2]! * TILE_SIZE;
  for (let x = left; x < end; x++) {
    const i = columns[x * 3]!;
    const j = columns[x * 3 + 1]!;
    const k = columns[x * 3 + 2]!;
    const top = bytes[a + i]! + bytes[a + j]! + bytes[a + k]!;
    const middle = bytes[b + i]! + bytes[b + j]! + bytes[b + k]!;
    const low = bytes[c + i]! + bytes[c + j]! + bytes[c + k]!;
    // 7282 / 2¹⁶ divides by 9 exactly up to the largest sum, 9 · 255 + 4.
    out[at + x] = ((top + middle + low + 4) * 7282) >> 16;
  }
}
