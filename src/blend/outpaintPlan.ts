import { area, expand, growInside, intersect, type PixelRect, rectBetween, union } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
import { boundsIn, type CellGrid, type CellRect, cellGrid, cellsAround } from './cellGrid.ts';
import { type CropPlan, planCrop } from './cropPlan.ts';
import { growToShape, withContext } from './cropRect.ts';
import { bestPlace, type Shape, type Way } from './outpaintSearch.ts';
import { type FixedSizes, type FreeSizes, fixedSizes, type Size, type SizeRule } from './size.ts';

/** One request of an extension. */
export interface OutpaintStep {
  readonly plan: CropPlan;
  /** Tight bounds of the uncovered pixels that this step is the first to hold. */
  readonly part: PixelRect;
}

export interface OutpaintRequest {
  readonly frame: PixelRect;
  /** Coverage > 0 where nothing is known yet (`uncoveredMask`). */
  readonly uncovered: Mask;
  readonly sizes: SizeRule;
  /** Least known px that a step sees in the direction in which it grows; a quarter of its extent at least. */
  readonly overlap?: number;
}

/**
 * Requests that cover all of the frame, in their order: each sees content that is known by then. One where that is
 * possible; otherwise the fewest of several ways, which differ in the shape of their requests. Each way finds its
 * next step from what is uncovered alone, so planning again after some steps gives no more than what was left.
 */
export function planOutpaint(request: OutpaintRequest): readonly OutpaintStep[] {
  const { frame, uncovered, sizes, overlap = 0 } = request;
  const { cell, least, ways } = waysFor(sizes, overlap);
  const grid = cellGrid(uncovered, frame, cell);
  const part = boundsIn(grid, grid.counts, cellsAround(grid, frame));
  if (!part) return [];
  const one = planCrop({ frame, maskBounds: part, sizes });
  if (one.scale >= 1 && area(one.rect) <= mostAtOnce(sizes)) return [{ plan: one, part }];
  let best: readonly Place[] = [];
  for (const way of ways.slice(0, affordable(grid, ways))) {
    const fewest = best.length || Number.POSITIVE_INFINITY;
    best = follow({ grid, frame, sizes, way, overlap, least }, fewest) ?? best;
  }
  return best.map(({ rect, part }) => ({
    part,
    plan: planCrop({ frame: rect, maskBounds: null, sizes }),
  }));
}

/** Document px up to which a request is better than several. */
const mostAtOnce = (sizes: SizeRule) => (sizes.kind === 'free' ? sizes.wholeUpTo : Number.POSITIVE_INFINITY);

/** How finely the frame is looked at: so many cells along a request's edge. */
const CELLS = 12;
/** Longer shapes see too little to both sides, whatever the service takes. */
const MOST_RATIO = 3;
/** What is not nearly as large as it may be is no shape of its own. */
const NEARLY = 0.8;
/** Which of them gives the fewest steps depends on how frame and picture lie. */
const EVENNESS = [3, 1, 2] as const;
/** Cells that may be looked at for one plan, times steps: some 30 ms on the page. Fewer would cost steps, which are paid for. */
const WORK = 600_000;

/** How many ways are tried: never fewer than before when less is uncovered, so that the one that was chosen stays. */
function affordable({ columns, rows, counts, cell }: CellGrid, ways: readonly Way[]): number {
  const [shape] = ways[0]?.shapes ?? [];
  const uncovered = counts.reduce((sum, count) => sum + count, 0);
  const each = shape ? (shape.columns * shape.rows * cell ** 2) / 2 : uncovered;
  const steps = 1 + uncovered / each;
  return Math.max(1, Math.floor(WORK / (steps * columns * rows)));
}

interface Ways {
  /** Document px of a cell's edge. */
  readonly cell: number;
  /** Document px of an edge below which a request is not worth being small. */
  readonly least: number;
  readonly ways: readonly Way[];
}

/** Shapes at scale 1, unless a request is too small to hold the overlap twice: then of as many document px as do. */
function waysFor(sizes: SizeRule, overlap: number): Ways {
  const { side, cell, least, ways } =
    sizes.kind === 'free' ? freeWays(sizes) : fixedWays(fixedSizes(sizes.values));
  const factor = Math.max(1, (2 * overlap) / side);
  return { cell: Math.ceil(cell * factor), least: least * factor, ways };
}

/** As large as the service does well at scale 1, lying and standing, from long to square. */
function freeWays(rule: FreeSizes): Ways & { readonly side: number } {
  const pixels = Math.max(rule.minPixels, Math.min(rule.wholeUpTo, rule.maxPixels));
  const side = Math.min(rule.maxEdge, Math.sqrt(pixels));
  const cell = Math.max(rule.step, Math.floor(side / CELLS / rule.step) * rule.step);
  const square = Math.floor(side / cell);
  const shapes: Shape[][] = [];
  for (let rows = 1; rows <= square; rows++) {
    const ratio = Math.min(MOST_RATIO, rule.maxRatio);
    const long = Math.min(rule.maxEdge, pixels / (rows * cell), rows * cell * ratio);
    const columns = Math.floor(long / cell);
    const isLarge = columns * rows * cell ** 2 >= NEARLY * side ** 2;
    if (columns === rows) shapes.push([{ columns, rows }]);
    else if (isLarge || rows === square) {
      shapes.push([
        { columns, rows },
        { columns: rows, rows: columns },
      ]);
    }
  }
  return { side, cell, least: Math.sqrt(rule.minPixels), ways: waysOf(shapes) };
}

const waysOf = (choices: readonly (readonly Shape[])[]): readonly Way[] =>
  EVENNESS.flatMap((evenness) => choices.map((shapes) => ({ shapes, evenness })));

/** All sizes that no other one holds. */
function fixedWays(sizes: readonly Size[]): Ways & { readonly side: number } {
  const largest = sizes.filter(
    (size) =>
      !sizes.some((other) => other !== size && other.width >= size.width && other.height >= size.height),
  );
  const edges = largest.flatMap(({ width, height }) => [width, height]);
  const side = Math.min(...edges);
  const cell = wholeCell(edges, Math.max(1, Math.floor(side / CELLS)));
  const shapes = largest.map(({ width, height }) => ({
    columns: Math.floor(width / cell),
    rows: Math.floor(height / cell),
  }));
  return { side, cell, least: side, ways: waysOf([shapes]) };
}

/**
 * The largest cell of up to `most` px that all edges are multiples of: a frame that is as high as a request then takes
 * one row of them. Where only tiny cells are, `most` itself.
 */
function wholeCell(edges: readonly number[], most: number): number {
  for (let cell = most; 2 * cell > most; cell--) if (edges.every((edge) => edge % cell === 0)) return cell;
  return most;
}

interface Scene {
  readonly grid: CellGrid;
  readonly frame: PixelRect;
  readonly sizes: SizeRule;
  readonly way: Way;
  readonly overlap: number;
  readonly least: number;
}

interface Place {
  readonly rect: PixelRect;
  readonly part: PixelRect;
}

/** The steps of one way; null: they are no fewer than `fewest`. */
function follow(scene: Scene, fewest: number): readonly Place[] | null {
  const { grid, way, overlap } = scene;
  const counts = grid.counts.slice();
  const places: Place[] = [];
  for (;;) {
    const found = bestPlace(grid, counts, way, overlap);
    const part = found && boundsIn(grid, counts, found);
    if (!part) return places;
    if (places.length + 1 >= fewest) return null;
    const { left, top, right, bottom } = settle(scene, counts, found, part);
    for (let y = top; y < bottom; y++) counts.fill(0, y * grid.columns + left, y * grid.columns + right);
    const { xs, ys } = grid;
    places.push({ rect: rectBetween(xs[left]!, ys[top]!, xs[right]!, ys[bottom]!)!, part });
  }
}

/** The place cut to what its part needs to see, then grown to it where that is known and the shapes allow. */
function settle(scene: Scene, counts: Int32Array, found: CellRect, part: PixelRect): CellRect {
  const { grid, frame, sizes, way, overlap, least } = scene;
  const seen = union(withContext(part, frame), intersect(expand(part, overlap) ?? part, frame))!;
  const roomy = growInside(seen, Math.ceil(least), Math.ceil(least), frame);
  // What a ratio or a fixed size asks for beyond that, the picture's own content makes up, not padding.
  const shaped = sizes.kind === 'free' ? growToShape(roomy, sizes, frame) : growToFixed(roomy, sizes, frame);
  const wanted = cellsAround(grid, shaped);
  let cells: CellRect = {
    left: Math.max(found.left, wanted.left),
    top: Math.max(found.top, wanted.top),
    right: Math.min(found.right, wanted.right),
    bottom: Math.min(found.bottom, wanted.bottom),
  };
  const grow = (strip: Partial<CellRect>, grown: Partial<CellRect>) => {
    const next = { ...cells, ...grown };
    const possible =
      isWithin(next, wanted) &&
      fits(grid, next, way.shapes) &&
      !boundsIn(grid, counts, { ...cells, ...strip });
    if (possible) cells = next;
    return possible;
  };
  for (let grown = true; grown; ) {
    const { left, top, right, bottom } = cells;
    grown = grow({ left: left - 1, right: left }, { left: left - 1 });
    grown = grow({ left: right, right: right + 1 }, { right: right + 1 }) || grown;
    grown = grow({ top: top - 1, bottom: top }, { top: top - 1 }) || grown;
    grown = grow({ top: bottom, bottom: bottom + 1 }, { bottom: bottom + 1 }) || grown;
  }
  return cells;
}

/** Grown to the smallest of the sizes that holds it, inside the frame. */
function growToFixed(rect: PixelRect, sizes: FixedSizes, frame: PixelRect): PixelRect {
  const size = fixedSizes(sizes.values).find((s) => s.width >= rect.width && s.height >= rect.height);
  return size ? growInside(rect, size.width, size.height, frame) : rect;
}

const isWithin = (cells: CellRect, outer: CellRect) =>
  cells.left >= outer.left &&
  cells.top >= outer.top &&
  cells.right <= outer.right &&
  cells.bottom <= outer.bottom;

/** By pixels: the frame's last column and row may be narrow. */
const fits = ({ xs, ys, cell }: CellGrid, cells: CellRect, shapes: readonly Shape[]) =>
  shapes.some(
    ({ columns, rows }) =>
      xs[cells.right]! - xs[cells.left]! <= columns * cell &&
      ys[cells.bottom]! - ys[cells.top]! <= rows * cell,
  );
