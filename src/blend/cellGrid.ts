import { bottom, intersect, type PixelRect, rectBetween, right } from '../geometry/rect.ts';
import { type Mask, tileRect, tileX, tileY } from '../raster/mask.ts';
import { TILE_SIZE, tileWords } from '../raster/tile.ts';

/** Half-open range of cells: columns left … right − 1, rows top … bottom − 1. */
export interface CellRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A frame cut into square cells from its top left corner; the last column and row may be narrower. */
export interface CellGrid {
  /** Document px of a cell's edge. */
  readonly cell: number;
  /** Document px of the columns' edges: columns + 1 of them. */
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  readonly columns: number;
  readonly rows: number;
  /** Pixels of coverage > 0 per cell. */
  readonly counts: Int32Array;
  /** Tight bounds of those, four document px per cell: left, top, right, bottom. */
  readonly bounds: Int32Array;
}

function edges(from: number, end: number, cell: number): Int32Array {
  const count = Math.ceil((end - from) / cell);
  return Int32Array.from({ length: count + 1 }, (_, i) => Math.min(end, from + i * cell));
}

export function cellGrid(mask: Mask, frame: PixelRect, cell: number): CellGrid {
  const xs = edges(frame.x, right(frame), cell);
  const ys = edges(frame.y, bottom(frame), cell);
  const columns = xs.length - 1;
  const rows = ys.length - 1;
  const counts = new Int32Array(columns * rows);
  const bounds = new Int32Array(columns * rows * 4);
  /** Columns from … end − 1 of rows top … low − 1 are covered; all rows lie in one row of cells. */
  const cover = (from: number, end: number, top: number, low: number) => {
    const row = Math.floor((top - frame.y) / cell) * columns;
    for (let x = from; x < end; ) {
      const column = Math.floor((x - frame.x) / cell);
      const until = Math.min(end, xs[column + 1]!);
      const at = row + column;
      const b = at * 4;
      const first = counts[at] === 0;
      bounds[b] = first ? x : Math.min(bounds[b]!, x);
      bounds[b + 1] = first ? top : Math.min(bounds[b + 1]!, top);
      bounds[b + 2] = first ? until : Math.max(bounds[b + 2]!, until);
      bounds[b + 3] = first ? low : Math.max(bounds[b + 3]!, low);
      counts[at]! += (until - x) * (low - top);
      x = until;
    }
  };
  for (const [key, tile] of mask.tiles) {
    const place = tileRect(tileX(key), tileY(key));
    const part = intersect(place, frame);
    if (!part) continue;
    if (typeof tile === 'number') {
      for (let y = part.y; y < bottom(part); ) {
        const low = Math.min(bottom(part), ys[Math.floor((y - frame.y) / cell) + 1]!);
        cover(part.x, right(part), y, low);
        y = low;
      }
      continue;
    }
    const bytes = tile.bytes();
    const words = tileWords(bytes);
    for (let y = part.y; y < bottom(part); ) {
      const row = (y - place.y) * TILE_SIZE;
      const cellEnd = Math.min(bottom(part), ys[Math.floor((y - frame.y) / cell) + 1]!);
      let low = y + 1;
      while (low < cellEnd && sameRows(words, low - 1 - place.y, low - place.y)) low++;
      const end = row + right(part) - place.x;
      for (let at = row + part.x - place.x; at < end; ) {
        const from = skip(bytes, words, at, end, 0);
        at = skip(bytes, words, from, end, 1);
        if (at > from) cover(place.x + from - row, place.x + at - row, y, low);
      }
      y = low;
    }
  }
  return { cell, xs, ys, columns, rows, counts, bounds };
}

/** Most borders are straight: rows that are alike are read once. */
function sameRows(words: Uint32Array, a: number, b: number): boolean {
  for (let i = 0; i < TILE_SIZE / 4; i++) {
    if (words[(a * TILE_SIZE) / 4 + i] !== words[(b * TILE_SIZE) / 4 + i]) return false;
  }
  return true;
}

/** First byte from `at` that is not 0 (`covered` 0), or that is 0 (`covered` 1); four at once where they are alike. */
function skip(bytes: Uint8Array, words: Uint32Array, at: number, end: number, covered: 0 | 1): number {
  const alike = covered === 1 ? 0xffffffff : 0;
  for (let i = at; i < end; ) {
    if (i % 4 === 0 && i + 4 <= end && words[i / 4] === alike) i += 4;
    else if (bytes[i]! > 0 === (covered === 1)) i++;
    else return i;
  }
  return end;
}

/** The cells that a rectangle within the frame touches. */
export function cellsAround({ cell, xs, ys }: CellGrid, rect: PixelRect): CellRect {
  return {
    left: Math.floor((rect.x - xs[0]!) / cell),
    top: Math.floor((rect.y - ys[0]!) / cell),
    right: Math.ceil((right(rect) - xs[0]!) / cell),
    bottom: Math.ceil((bottom(rect) - ys[0]!) / cell),
  };
}

/** Bounds of what is covered in those of the cells where `counts` is not 0. */
export function boundsIn(grid: CellGrid, counts: Int32Array, cells: CellRect): PixelRect | null {
  let [left, top, end, low] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = cells.top; y < cells.bottom; y++) {
    for (let x = cells.left; x < cells.right; x++) {
      const at = y * grid.columns + x;
      if (counts[at] === 0) continue;
      left = Math.min(left, grid.bounds[at * 4]!);
      top = Math.min(top, grid.bounds[at * 4 + 1]!);
      end = Math.max(end, grid.bounds[at * 4 + 2]!);
      low = Math.max(low, grid.bounds[at * 4 + 3]!);
    }
  }
  return rectBetween(left, top, end, low);
}

/** Sums of `counts` over all cells above and left of a corner: (columns + 1) · (rows + 1), row by row. */
export function sumsOf({ columns, rows }: CellGrid, counts: Int32Array): Int32Array {
  const stride = columns + 1;
  const sums = new Int32Array(stride * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let row = 0;
    for (let x = 0; x < columns; x++) {
      row += counts[y * columns + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return sums;
}
