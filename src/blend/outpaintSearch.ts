import { type CellGrid, type CellRect, sumsOf } from './cellGrid.ts';

/** Cells that a request may hold. */
export interface Shape {
  readonly columns: number;
  readonly rows: number;
}

/** "About a quarter": the cells' edges rarely meet the picture's, and rounding up would cost every step a cell. */
const SHARE = 0.23;

/** One way of choosing: the same uncovered pixels always give the same next step. */
export interface Way {
  readonly shapes: readonly Shape[];
  /** Cells of new content that are worth one cell less of edge to what is left. */
  readonly evenness: number;
}

/**
 * The place of the next step. Each row, or each column, of it is known to a quarter, so that sides grow straight on
 * and a corner waits for one of its sides; and known content that it borders on lies inside it, so that the service
 * sees it. Of such places that which covers most uncovered pixels and leaves the shortest edge to the rest. Where
 * there is none, the place that knows most. The first found of equals; null: nothing is uncovered.
 *
 * @param counts uncovered pixels per cell
 * @param overlap least known px in every row, or in every column
 */
export function bestPlace(grid: CellGrid, counts: Int32Array, way: Way, overlap: number): CellRect | null {
  const sums = sumsOf(grid, counts);
  if (sums.at(-1) === 0) return null;
  const open: Open = { grid, counts, sums, overlap };
  return bestSupported(open, way, true) ?? bestSupported(open, way, false) ?? bestKnown(open, way);
}

interface Open {
  readonly grid: CellGrid;
  readonly counts: Int32Array;
  readonly sums: Int32Array;
  readonly overlap: number;
}

function bestSupported(open: Open, { shapes, evenness }: Way, sees: boolean): CellRect | null {
  const { grid, counts, sums } = open;
  const { xs, ys, columns, rows, cell } = grid;
  const lying: Lines = { along: xs, across: ys, sums, step: 1, stride: columns + 1 };
  const standing: Lines = { along: ys, across: xs, sums, step: columns + 1, stride: 1 };
  const needed = (length: number) => Math.max(SHARE * length, Math.min(open.overlap, length / 2));
  let best: CellRect | null = null;
  let most = Number.NEGATIVE_INFINITY;
  const offer = (left: number, top: number, right: number, bottom: number, pixels: number) => {
    const place = { left, top, right, bottom };
    const { blind, ragged } = edgeOf(grid, counts, place);
    const score = pixels - evenness * ragged * cell ** 2;
    if ((sees && blind > 0) || score <= most) return most;
    best = place;
    most = score;
    return most;
  };
  for (const shape of shapes) {
    const across = Math.min(shape.columns, columns);
    const down = Math.min(shape.rows, rows);
    slide(lying, across, down, needed, most, offer);
    slide(standing, down, across, needed, most, (top, left, bottom, right, pixels) =>
      offer(left, top, right, bottom, pixels),
    );
  }
  return best;
}

/** The grid seen as lines: its rows, or, with the axes exchanged, its columns. */
interface Lines {
  /** Document px of the cells' edges along a line, and of the lines' own edges. */
  readonly along: Int32Array;
  readonly across: Int32Array;
  readonly sums: Int32Array;
  /** From a sum to the next one along a line, and to that of the next line. */
  readonly step: number;
  readonly stride: number;
}

/**
 * Offers places of `length` × at most `depth` cells in which every line is known enough, and which begin or end where
 * such lines, or the uncovered ones among them, do: others would leave slivers. An offer returns the pixels below
 * which a place need not be offered.
 */
function slide(
  { along, across, sums, step, stride }: Lines,
  length: number,
  depth: number,
  needed: (px: number) => number,
  most: number,
  offer: (from: number, first: number, end: number, last: number, pixels: number) => number,
): void {
  const lines = across.length - 1;
  const opens = new Int32Array(lines);
  let record = Math.max(0, most);
  for (let from = 0; from + length < along.length; from++) {
    const px = along[from + length]! - along[from]!;
    const mayBeOpen = px - needed(px);
    let start = 0;
    let first = 0;
    let pixels = 0;
    let at = from * step;
    let before = sums[at + length * step]! - sums[at]!;
    for (let line = 0; line < lines; line++) {
      at += stride;
      const sum = sums[at + length * step]! - sums[at]!;
      const open = sum - before;
      before = sum;
      if (open > mayBeOpen * (across[line + 1]! - across[line]!)) {
        if (pixels > record) record = Math.max(0, offer(from, first, from + length, line, pixels));
        start = line + 1;
        first = start;
        pixels = 0;
        continue;
      }
      if (line - first === depth) pixels -= opens[first++]!;
      opens[line] = open;
      pixels += open;
      if (pixels <= record) continue;
      const ends = line + 1 === lines;
      const anchored = first === start || open === 0 || opens[first] === 0;
      if (ends || (anchored && line - first + 1 === depth))
        record = Math.max(0, offer(from, first, from + length, line + 1, pixels));
    }
  }
}

/**
 * Cells along the place's edge that are uncovered: those beside a known one just outside, which the service would
 * not see, and those beside an uncovered one, which is left to later steps.
 */
function edgeOf({ columns, rows }: CellGrid, counts: Int32Array, place: CellRect) {
  let blind = 0;
  let ragged = 0;
  const look = (inside: number, outside: number) => {
    if (counts[inside] === 0) return;
    if (counts[outside] === 0) blind++;
    else ragged++;
  };
  for (let x = place.left; x < place.right; x++) {
    const top = place.top * columns + x;
    const low = (place.bottom - 1) * columns + x;
    if (place.top > 0) look(top, top - columns);
    if (place.bottom < rows) look(low, low + columns);
  }
  for (let y = place.top; y < place.bottom; y++) {
    const left = y * columns + place.left;
    const end = y * columns + place.right - 1;
    if (place.left > 0) look(left, left - 1);
    if (place.right < columns) look(end, end + 1);
  }
  return { blind, ragged };
}

/** Whole shapes only: that with most known pixels, of equals that with most uncovered ones. */
function bestKnown({ grid, sums }: Open, { shapes }: Way): CellRect | null {
  const { xs, ys, columns, rows } = grid;
  let best: CellRect | null = null;
  let [mostKnown, mostOpen] = [-1, 0];
  for (const shape of shapes) {
    const across = Math.min(shape.columns, columns);
    const down = Math.min(shape.rows, rows);
    for (let top = 0; top + down <= rows; top++) {
      for (let left = 0; left + across <= columns; left++) {
        const [right, bottom] = [left + across, top + down];
        const at = top * (columns + 1) + left;
        const low = bottom * (columns + 1) + left;
        const open = sums[low + across]! - sums[low]! - sums[at + across]! + sums[at]!;
        const known = (xs[right]! - xs[left]!) * (ys[bottom]! - ys[top]!) - open;
        if (open === 0 || known < mostKnown || (known === mostKnown && open <= mostOpen)) continue;
        best = { left, top, right, bottom };
        [mostKnown, mostOpen] = [known, open];
      }
    }
  }
  return best;
}
