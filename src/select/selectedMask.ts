import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import { compactTile } from '../raster/denseTile.ts';
import { forEachTile, type Mask, tileIndex, tileKey } from '../raster/mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../raster/tile.ts';
import type { DistanceField } from './distanceField.ts';

/** What may be selected of a field. */
interface Reached {
  readonly field: DistanceField;
  /** Row by row as the field's levels; what is at most the level is selected. */
  readonly levels: Uint8Array;
  /** Rows that hold all that is selected and one more on each side, half-open. */
  readonly top: number;
  readonly bottom: number;
}

/**
 * The mask of what is selected, a tile at each step. With `antialias`, a pixel that touches the selection (also by a
 * corner) and is not part of it is taken for a mixture of the chosen colour and the one beyond: of its 3 × 3 pixels the
 * farthest, at distance D, is all beyond, so a pixel at distance d is covered by 1 − d / D (the linear mixture of
 * matting). This does not depend on the tolerance, so a larger one never covers less.
 */
export function* selectedMaskSteps(
  reached: Reached,
  level: number,
  antialias: boolean,
): Generator<void, Mask> {
  const { frame } = reached.field;
  const tiles = new Map<number, Tile>();
  const band = rectBetween(frame.x, frame.y + reached.top, frame.x + frame.width, frame.y + reached.bottom);
  if (!band) return { tiles };
  const parts: (readonly [number, number, PixelRect])[] = [];
  forEachTile(band, (tx, ty, part) => parts.push([tx, ty, part]));
  for (const [tx, ty, part] of parts) {
    const tile = coveredTile(reached, level, antialias, part);
    if (tile !== 0) tiles.set(tileKey(tx, ty), tile);
    yield;
  }
  return { tiles };
}

/** The tile that `part` lies in. */
function coveredTile(reached: Reached, level: number, antialias: boolean, part: PixelRect): Tile {
  const { levels, field } = reached;
  const { frame } = field;
  const left = part.x - frame.x;
  const top = part.y - frame.y;
  /** Whether anything of a row is selected in the part, or beside it. */
  const touched = (y: number) => {
    if (y < 0 || y >= frame.height) return false;
    const end = y * frame.width + Math.min(frame.width, left + part.width + 1);
    for (let i = y * frame.width + Math.max(0, left - 1); i < end; i++) if (levels[i]! <= level) return true;
    return false;
  };
  let above = antialias && touched(top - 1);
  let here = touched(top);
  let bytes: Uint8Array | null = null;
  for (let y = top; y < top + part.height; y++) {
    const below = (antialias || y < top + part.height - 1) && touched(y + 1);
    if (here || (antialias && (above || below))) {
      bytes ??= new Uint8Array(TILE_AREA);
      const to = tileOffset(part.x, y + frame.y);
      if (here) coverRow(levels, level, y * frame.width + left, part.width, bytes, to);
      if (antialias) coverEdges(reached, level, left, y, part.width, bytes, to);
    }
    above = here;
    here = below;
  }
  return bytes ? compactTile(bytes) : 0;
}

function coverRow(
  levels: Uint8Array,
  level: number,
  from: number,
  length: number,
  out: Uint8Array,
  to: number,
) {
  for (let i = 0; i < length; i++) if (levels[from + i]! <= level) out[to + i] = 255;
}

/** Pixels of a row that are not selected and touch one that is. */
function coverEdges(
  { field, levels }: Reached,
  level: number,
  left: number,
  y: number,
  length: number,
  out: Uint8Array,
  to: number,
) {
  const { width, height } = field.frame;
  const row = y * width;
  const above = y > 0 ? row - width : row;
  const below = y < height - 1 ? row + width : row;
  // Of three columns, whether anything is selected in the three rows: two are known from the pixel before.
  let before = false;
  let here = false;
  for (let x = left - 1; x < left + length; x++) {
    const next = x + 1;
    const after =
      next >= 0 &&
      next < width &&
      (levels[row + next]! <= level || levels[above + next]! <= level || levels[below + next]! <= level);
    if (x >= left && (before || here || after) && levels[row + x]! > level) {
      out[to + x - left] = mixture(field, x, y);
    }
    before = here;
    here = after;
  }
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
