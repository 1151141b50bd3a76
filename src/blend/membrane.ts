import {
  ABSENT,
  CHANNELS,
  coarser,
  type Grid,
  gridOf,
  HOLE,
  presentAround,
  RIM,
  relax,
} from './membraneGrid.ts';

/** Correction, in levels, below which a solution is good enough: what is left is a fraction of it. */
const TOLERANCE = 0.25;
const MOST_CYCLES = 12;

/**
 * Solves Laplace's equation in place: values of hole pixels become the membrane that is spanned by those of the rim.
 * Neighbours that are absent, and the edge of the grid, pull nowhere (Neumann). A hole without a rim becomes 0.
 *
 * Full multigrid: solved at half the size first, then mended in V-cycles with Gauss–Seidel, where a coarse pixel is
 * held when one of its four is (W. Briggs, V. Henson, S. McCormick, "A Multigrid Tutorial", 2000). Yields some times
 * per cycle.
 *
 * @param kind HOLE, RIM or ABSENT per pixel; @param values three per pixel, levels, read at rim pixels; 0 at hole pixels
 */
export function* solveMembrane(
  kind: Uint8Array,
  values: Float32Array,
  width: number,
  height: number,
): Generator<void, void> {
  const grids = [gridOf(width, height, kind, values, null)];
  for (let fine = grids[0]!; Math.min(fine.width, fine.height) > 2 && fine.kind.includes(HOLE); ) {
    const next = coarser(fine);
    grids.push(next);
    fine = next;
    yield;
  }
  yield* solveFrom(grids, 0);
}

/** Solves grid `level` with the help of all coarser ones. */
function* solveFrom(grids: readonly Grid[], level: number): Generator<void, void> {
  const grid = grids[level]!;
  const coarse = grids[level + 1];
  if (coarse) {
    holdAtMeans(grid, coarse);
    yield* solveFrom(grids, level + 1);
    addCorrection(coarse, grid);
    if (level === 0) {
      // Only what interpolation got wrong beside the rim is left, and that is short-waved.
      for (let sweep = 0; sweep < 4; sweep++) {
        yield;
        relax(grid, sweep % 2 === 1);
      }
      return;
    }
  }
  for (let cycle = 0; cycle < MOST_CYCLES; cycle++) {
    const change = yield* descend(grids, level);
    if (change < TOLERANCE) return;
  }
}

/** One V-cycle from `level` down; gives the largest correction that came from the coarser grids. */
function* descend(grids: readonly Grid[], level: number): Generator<void, number> {
  const grid = grids[level]!;
  const coarse = grids[level + 1];
  if (!coarse) {
    for (let sweep = 0; sweep < 16; sweep++) relax(grid, sweep % 2 === 1);
    return 0;
  }
  relax(grid, false);
  relax(grid, true);
  if (level === 1) yield;
  restrictResidual(grid, coarse);
  coarse.values.fill(0);
  yield* descend(grids, level + 1);
  const change = addCorrection(coarse, grid);
  if (level === 1) yield;
  relax(grid, false);
  relax(grid, true);
  if (level === 1) yield;
  return change;
}

/** Coarse rim pixels take the mean of the fine ones in them; right-hand sides become 0. */
function holdAtMeans(fine: Grid, coarse: Grid): void {
  const counts = new Uint8Array(coarse.kind.length);
  coarse.values.fill(0);
  coarse.source?.fill(0);
  for (let i = 0; i < fine.kind.length; i++) {
    if (fine.kind[i] !== RIM) continue;
    const x = i % fine.width;
    const o = (((i - x) / fine.width) >> 1) * coarse.width + (x >> 1);
    counts[o]!++;
    for (let c = 0; c < CHANNELS; c++) coarse.values[o * CHANNELS + c]! += fine.values[i * CHANNELS + c]!;
  }
  for (let o = 0; o < counts.length; o++) {
    if (counts[o]! < 2) continue;
    for (let c = 0; c < CHANNELS; c++) coarse.values[o * CHANNELS + c]! /= counts[o]!;
  }
}

/** What the fine grid leaves unsolved, summed over each coarse pixel: its right-hand side. */
function restrictResidual(fine: Grid, coarse: Grid): void {
  const { values, source, width, runs, odd } = fine;
  const target = coarse.source!;
  const row = width * CHANNELS;
  target.fill(0);
  for (let r = 0; r < runs.length; r += 2) {
    const from = runs[r]!;
    const end = runs[r + 1]!;
    const y = Math.floor(from / width);
    const coarseRow = (y >> 1) * coarse.width;
    for (let i = from, x = from - y * width; i < end; i++, x++) {
      const o = (coarseRow + (x >> 1)) * CHANNELS;
      for (let c = 0, at = i * CHANNELS; c < CHANNELS; c++, at++) {
        const sum = values[at - 3]! + values[at + 3]! + values[at - row]! + values[at + row]!;
        target[o + c]! += sum - 4 * values[at]! + (source ? source[at]! : 0);
      }
    }
  }
  for (const i of odd) {
    const x = i % width;
    const o = ((((i - x) / width) >> 1) * coarse.width + (x >> 1)) * CHANNELS;
    for (let c = 0; c < CHANNELS; c++) {
      const at = i * CHANNELS + c;
      const { sum, count } = presentAround(fine, i, c);
      target[o + c]! += sum - count * values[at]! + (source?.[at] ?? 0);
    }
  }
}

/** Adds the coarse grid's solution, bilinearly interpolated, to the fine one's; gives its largest change. */
function addCorrection(coarse: Grid, fine: Grid): number {
  const { values, width, kind } = fine;
  let largest = 0;
  extendToAbsent(coarse);
  for (let y = 0; y < fine.height; y++) {
    const near = (y >> 1) * coarse.width;
    const far = Math.min(coarse.height - 1, Math.max(0, (y >> 1) + (y & 1 ? 1 : -1))) * coarse.width;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (kind[i] !== HOLE) continue;
      const cx = x >> 1;
      const beside = Math.min(coarse.width - 1, Math.max(0, cx + (x & 1 ? 1 : -1)));
      const a = (near + cx) * CHANNELS;
      const b = (near + beside) * CHANNELS;
      const c = (far + cx) * CHANNELS;
      const d = (far + beside) * CHANNELS;
      const from = coarse.values;
      for (let k = 0; k < CHANNELS; k++) {
        const change = 0.5625 * from[a + k]! + 0.1875 * (from[b + k]! + from[c + k]!) + 0.0625 * from[d + k]!;
        values[i * CHANNELS + k]! += change;
        if (change > largest) largest = change;
        else if (-change > largest) largest = -change;
      }
    }
  }
  return largest;
}

/** Gives absent pixels beside a hole its value, so that interpolation is flat there. Nothing else reads them. */
function extendToAbsent({ odd, width, height, kind, values }: Grid): void {
  for (const i of odd) {
    const x = i % width;
    for (let n = i - width; n <= i + width; n += width) {
      for (let dx = -1; dx <= 1; dx++) {
        const inside = n >= 0 && n < width * height && x + dx >= 0 && x + dx < width;
        if (!inside || kind[n + dx] !== ABSENT) continue;
        for (let c = 0; c < CHANNELS; c++) values[(n + dx) * CHANNELS + c] = values[i * CHANNELS + c]!;
      }
    }
  }
}
