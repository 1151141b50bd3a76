import { IndexList } from './indexList.ts';

/** Pixels of a grid in small pieces of one colour each, whose borders lie on the picture's edges. */
export interface Regions {
  /** By pixel, 0 … count − 1. */
  readonly of: Int32Array;
  readonly count: number;
}

/** One piece for each square of so many pixels. */
const CELL = 6;
/** Steps of the gradient per hundredth of OKLab; beyond 255 all edges are alike. */
const STEEPNESS = 6;
const STEEPEST = 255;
/** Pixels between two steps. */
const PIXELS_PER_STEP = 1 << 15;

/**
 * Watersheds of the colour gradient, flooded in order of height from the flattest pixel of each cell (F. Meyer, "Un
 * algorithme optimal pour la ligne de partage des eaux", 1991). `lab`: L, a, b of each pixel, hundredths of OKLab.
 */
export function* regionSteps(lab: Float32Array, width: number, height: number): Generator<void, Regions> {
  const heights = gradient(lab, width, height);
  yield;
  const of = new Int32Array(width * height).fill(-1);
  const waiting = Array.from({ length: STEEPEST + 1 }, () => new IndexList());
  let count = 0;
  for (let y = 0; y < height; y += CELL) {
    for (let x = 0; x < width; x += CELL) {
      const seed = flattest(heights, width, height, x, y);
      of[seed] = count++;
      waiting[heights[seed]!]!.push(seed);
    }
  }
  let steps = 0;
  for (let level = 0; level <= STEEPEST; level++) {
    const queue = waiting[level]!;
    const flood = (from: number, to: number) => {
      if (of[to] !== -1) return;
      of[to] = of[from]!;
      waiting[Math.max(level, heights[to]!)]!.push(to);
    };
    while (queue.length > 0) {
      const at = queue.pop();
      const x = at % width;
      if (x > 0) flood(at, at - 1);
      if (x < width - 1) flood(at, at + 1);
      if (at >= width) flood(at, at - width);
      if (at < of.length - width) flood(at, at + width);
      if (++steps % PIXELS_PER_STEP === 0) yield;
    }
  }
  return { of, count };
}

/** Largest difference to the pixel on the right and to the one below. */
function gradient(lab: Float32Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const difference = (i: number, j: number) =>
    Math.hypot(lab[i]! - lab[j]!, lab[i + 1]! - lab[j + 1]!, lab[i + 2]! - lab[j + 2]!);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const across = x < width - 1 ? difference(at * 3, at * 3 + 3) : 0;
      const down = y < height - 1 ? difference(at * 3, (at + width) * 3) : 0;
      out[at] = Math.min(STEEPEST, Math.max(across, down) * STEEPNESS);
    }
  }
  return out;
}

function flattest(heights: Uint8Array, width: number, height: number, left: number, top: number): number {
  let best = top * width + left;
  for (let y = top; y < Math.min(height, top + CELL); y++) {
    for (let x = left; x < Math.min(width, left + CELL); x++) {
      if (heights[y * width + x]! < heights[best]!) best = y * width + x;
    }
  }
  return best;
}
