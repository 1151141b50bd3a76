import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import { compactTile } from '../raster/denseTile.ts';
import { forEachTile, type Mask, tileIndex, tileKey } from '../raster/mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../raster/tile.ts';
import type { DistanceField } from './distanceField.ts';

/** What is selected of a field: pixels whose byte in `reached` (row by row, as the field's) is at most `level`. */
export interface Reached {
  readonly field: DistanceField;
  readonly reached: Uint8Array;
  /** Rows beyond which nothing is selected, half-open. */
  readonly rows: { readonly top: number; readonly bottom: number };
}

/**
 * The mask of what is selected, a tile at each step. With `antialias`, a pixel that touches the selection (also by a
 * corner) and is not part of it is taken for a mixture of the chosen colour and the one beyond: of its 3 × 3 pixels the
 * farthest, at distance D, is all beyond, so a pixel at distance d is covered by 1 − d / D (the linear mixture of
 * matting). This does not depend on the tolerance, so a larger one never covers less.
 */
export function* selectedMaskSteps(
  selection: Reached,
  level: number,
  antialias: boolean,
): Generator<void, Mask> {
  const { rows } = selection;
  const { frame } = selection.field;
  const tiles = new Map<number, Tile>();
  const band = rectBetween(frame.x, frame.y + rows.top, frame.x + frame.width, frame.y + rows.bottom);
  if (!band) return { tiles };
  const parts: (readonly [number, number, PixelRect])[] = [];
  forEachTile(band, (tx, ty, part) => parts.push([tx, ty, part]));
  for (const [tx, ty, part] of parts) {
    const bytes = new Uint8Array(TILE_AREA);
    const tile = coverPart(selection, level, antialias, part, bytes) ? compactTile(bytes) : 0;
    if (tile !== 0) tiles.set(tileKey(tx, ty), tile);
    yield;
  }
  return { tiles };
}

/** Writes the coverage of `part` into its tile's bytes; false when it stays 0. */
function coverPart(
  selection: Reached,
  level: number,
  antialias: boolean,
  part: PixelRect,
  tile: Uint8Array,
): boolean {
  const { field, reached } = selection;
  const { frame } = field;
  const { width } = frame;
  const left = part.x - frame.x;
  const last = left + part.width - 1;
  let any = false;
  for (let y = part.y - frame.y; y < part.y - frame.y + part.height; y++) {
    const row = y * width;
    const above = y > 0 ? row - width : row;
    const below = y < frame.height - 1 ? row + width : row;
    /** Whether anything is selected in a column of the three rows. */
    const column = (x: number) =>
      reached[row + x]! <= level || reached[above + x]! <= level || reached[below + x]! <= level;
    let to = tileOffset(left + frame.x, y + frame.y);
    let before = left > 0 && column(left - 1);
    let here = column(left);
    for (let x = left; x <= last; x++, to++) {
      const after = x < width - 1 && column(x + 1);
      if (reached[row + x]! <= level) tile[to] = 255;
      else if (antialias && (before || here || after)) tile[to] = mixture(field, x, y);
      any ||= tile[to]! > 0;
      before = here;
      here = after;
    }
  }
  return any;
}

const tileOffset = (x: number, y: number) =>
  (y - tileIndex(y) * TILE_SIZE) * TILE_SIZE + x - tileIndex(x) * TILE_SIZE;

/** Coverage of a pixel beside the selection. */
function mixture(field: DistanceField, x: number, y: number): number {
  const { width, height } = field.frame;
  const own = field.at(y * width + x);
  let beyond = own;
  for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
      beyond = Math.max(beyond, field.at(j * width + i));
    }
  }
  return Math.round(255 * (1 - own / beyond));
}
