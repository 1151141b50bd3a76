import { bottom, intersect, type PixelRect, pixelRect, rectBetween, right } from '../geometry/rect.ts';
import type { Draft } from './draft.ts';
import { tileIndex } from './mask.ts';
import { type Edge, edgesOf, type Outline, outlineBounds, sumRow } from './polygonRow.ts';
import { coverPart, type ShapeMode } from './rectangle.ts';
import { TILE_SIZE } from './tile.ts';

/**
 * Covers the inside of a closed outline, given by its corners in image space. Each pixel gets the exact share of its
 * area that lies inside. Winding is non-zero: what an outline goes around is inside, also where it crosses itself, so
 * a lasso leaves no holes that nobody drew.
 *
 * Only tiles that the outline passes through are gone through pixel by pixel; those between become one number.
 */
export function coverPolygon(draft: Draft, mode: ShapeMode, outline: Outline): void {
  const around = outlineBounds(outline);
  const reach = around && intersect(draft.bounds, around);
  if (!reach) return;
  const edges = edgesOf(outline);
  const sums = new Float64Array(reach.width + 2);
  for (let ty = tileIndex(reach.y); ty <= tileIndex(bottom(reach) - 1); ty++) {
    const y = Math.max(reach.y, ty * TILE_SIZE);
    const end = Math.min(bottom(reach), (ty + 1) * TILE_SIZE);
    const band = pixelRect(reach.x, y, reach.width, end - y);
    const near = edges.filter(({ top, bottom }) => top < end && bottom > y);
    if (near.length > 0) coverBand(draft, mode, ty, band, near, sums);
  }
}

/** `band`: the rows of tile row `ty` that are covered; `edges`: those that reach into it. */
function coverBand(
  draft: Draft,
  mode: ShapeMode,
  ty: number,
  band: PixelRect,
  edges: readonly Edge[],
  sums: Float64Array,
): void {
  const columns = columnsOf(draft, ty, band, edges);
  const sloped = edges.filter(({ top, bottom }) => bottom > top);
  for (let y = band.y; y < bottom(band); y++) {
    const inRow = sloped.filter(({ top, bottom }) => top < y + 1 && bottom > y);
    sumRow(inRow, y, band.x, band.width, sums);
    let inside = 0;
    for (const column of columns) {
      if (column.crossed) inside = coverRow(draft, mode, column, ty, y, band.x, sums, inside);
      // The same in all rows.
      else if (y === band.y && inside > 0.5) coverPart(draft, mode, column.tx, ty, column.part);
    }
  }
  for (const { part, written } of columns) if (written) draft.touch(part);
}

/** The part of a tile that lies in a band. */
interface Column {
  readonly tx: number;
  readonly part: PixelRect;
  /** The outline passes through it. */
  readonly crossed: boolean;
  /** The value that is read while there are no bytes. */
  readonly uniform: number;
  /** May be written to once `written`. */
  bytes: Uint8Array | null;
  written: boolean;
}

function columnsOf(draft: Draft, ty: number, band: PixelRect, edges: readonly Edge[]): Column[] {
  const first = tileIndex(band.x);
  const last = tileIndex(right(band) - 1);
  const crossed = new Uint8Array(last - first + 1);
  for (const edge of edges) {
    // A level edge has no slope but two ends.
    const at = (y: number) => edge.x + (y - edge.top) * edge.slope;
    const a = edge.top === edge.bottom ? edge.x : at(Math.max(edge.top, band.y));
    const b = edge.top === edge.bottom ? edge.endX : at(Math.min(edge.bottom, bottom(band)));
    // One px more: `sumRow` writes into the column after the one that an edge lies in.
    const from = Math.max(first, tileIndex(Math.min(a, b) - 1));
    const to = Math.min(last, tileIndex(Math.max(a, b) + 1));
    if (from <= to) crossed.fill(1, from - first, to - first + 1);
  }
  return Array.from(crossed, (mark, i) => {
    const tx = first + i;
    const x = Math.max(band.x, tx * TILE_SIZE);
    const end = Math.min(right(band), (tx + 1) * TILE_SIZE);
    const tile = draft.tile(tx, ty);
    return {
      tx,
      part: rectBetween(x, band.y, end, bottom(band))!,
      crossed: mark === 1,
      uniform: typeof tile === 'number' ? tile : 0,
      bytes: typeof tile === 'number' ? null : tile.bytes(),
      written: false,
    };
  });
}

/** Row y of one tile. `inside`: the share that the row has where the tile begins; gives back where it ends. */
function coverRow(
  draft: Draft,
  mode: ShapeMode,
  column: Column,
  ty: number,
  y: number,
  originX: number,
  sums: Float64Array,
  inside: number,
): number {
  const end = right(column.part) - originX;
  const row = (y - ty * TILE_SIZE) * TILE_SIZE - column.tx * TILE_SIZE + originX;
  let at = column.part.x - originX;
  while (at < end) {
    inside += sums[at]!;
    sums[at] = 0;
    // Most of a row is the same as the pixel before.
    const start = at++;
    while (at < end && sums[at] === 0) at++;
    // Crossings that were not looked for may sum up to a little more than all.
    const amount = Math.min(255, (inside * 255 + 0.5) | 0);
    if (amount > 0) coverRun(draft, mode, column, ty, row + start, row + at, amount);
  }
  return inside;
}

/** The bytes start … end − 1 of one tile, by the same amount. */
function coverRun(
  draft: Draft,
  mode: ShapeMode,
  column: Column,
  ty: number,
  start: number,
  end: number,
  amount: number,
): void {
  for (let at = start; at < end; at++) {
    const old = column.bytes ? column.bytes[at]! : column.uniform;
    const value = mode === 'add' ? Math.max(old, amount) : Math.min(old, 255 - amount);
    if (value === old) continue;
    if (!column.written) {
      column.bytes = draft.writable(column.tx, ty);
      column.written = true;
    }
    if (amount === 255) {
      column.bytes!.fill(value, at, end);
      return;
    }
    column.bytes![at] = value;
  }
}
