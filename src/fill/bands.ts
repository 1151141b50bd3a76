import { MOST_BANDS } from './team.ts';

/** Rows and targets that a band should have at least: less is not worth a thread's waking. */
const LEAST_PIXELS = 16_384;
const LEAST_TARGETS = 1_024;

/** Bands of rows of equal height, for work that every pixel needs. */
export function evenBands(width: number, height: number): Int32Array {
  const bands = Math.max(1, Math.min(MOST_BANDS, height, Math.floor((width * height) / LEAST_PIXELS)));
  return Int32Array.from({ length: bands + 1 }, (_, band) => Math.floor((band * height) / bands));
}

/**
 * Bands with about as many list entries each; `start` says where each row begins in the list. With `shifted` their edges lie in
 * the middle of the others'.
 */
export function listBands(start: Int32Array, shifted = false): Int32Array {
  const rows = start.length - 1;
  const total = start[rows]!;
  const bands = Math.max(1, Math.min(MOST_BANDS, Math.floor(total / LEAST_TARGETS)));
  const edges = [0];
  let row = 0;
  for (let band = 1; band < bands; band++) {
    const wanted = ((band - (shifted ? 0.5 : 0)) * total) / bands;
    while (row < rows && start[row]! < wanted) row++;
    if (row > edges.at(-1)! && row < rows) edges.push(row);
  }
  edges.push(rows);
  return Int32Array.from(edges);
}
