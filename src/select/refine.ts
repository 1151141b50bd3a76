import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { partingCost, squaredDifference } from './contrast.ts';
import type { ReadPixels } from './distanceField.ts';
import { type Links, leastCutSteps } from './leastCut.ts';
import type { ToOklab } from './oklab.ts';
import { documentRect, type Grid, meanColours } from './reduced.ts';

/** A grid's pixels told apart. */
export interface Cut {
  readonly grid: Grid;
  /** 1 for the object's pixels, else 0. */
  readonly labels: Uint8Array;
  /** Pixels that were told apart on this grid, in reading order: all along the border; null: all of them. */
  readonly band: Int32Array | null;
}

/** What holds at the border, whatever colours say. */
interface Known {
  readonly inside: Mask;
  readonly outside: Mask;
  readonly former: Mask | null;
  readonly grows: boolean;
}

/** Half the width of the band in pixels of the finer grid, at least. */
const REACH = 3;
/** Edge of the blocks in which colours are read. */
const BLOCK = 64;

/** The cut on a finer grid: only a band along the border is told apart anew. */
export function* refineSteps(
  coarse: Cut,
  grid: Grid,
  known: Known,
  prefer: (lab: Float32Array, pixel: number) => number,
  read: ReadPixels,
  lab: ToOklab,
): Generator<void, Cut> {
  const { pixels, rows, labels } = spread(coarse, grid);
  yield;
  const colours = new Float32Array(pixels.length * 3);
  const preference = new Float32Array(pixels.length);
  const cursors = rows.slice();
  for (let y = 0; y < grid.height; y += BLOCK) {
    for (let x = 0; x < grid.width; x += BLOCK) {
      const part = intersect(pixelRect(x, y, BLOCK, BLOCK), pixelRect(0, 0, grid.width, grid.height))!;
      if (!holdsAny(pixels, rows, cursors, grid, part)) continue;
      const means = meanColours(grid, part, read, lab);
      const held = heldLabels(grid, part, known);
      for (let row = y; row < y + part.height; row++) {
        for (let node = cursors[row]!; node < rows[row + 1]!; node++) {
          const column = pixels[node]! - row * grid.width - x;
          if (column >= part.width) break;
          const at = (row - y) * part.width + column;
          colours.set(means.subarray(at * 3, at * 3 + 3), node * 3);
          preference[node] = held[at] === 0 ? prefer(means, at) : held[at]! * Number.POSITIVE_INFINITY;
          cursors[row] = node + 1;
        }
      }
      yield;
    }
  }
  const links = linksOf(grid, pixels, colours);
  holdRim(grid, pixels, links.pairs, labels, preference);
  yield;
  const cut = yield* leastCutSteps(preference, links);
  for (let node = 0; node < pixels.length; node++) labels[pixels[node]!] = cut[node]!;
  return { grid, labels, band: pixels };
}

/** The coarse labels on the finer grid, and the pixels of it along their border: rows[y] … rows[y + 1] lie in row y. */
function spread(coarse: Cut, grid: Grid) {
  const { width, height, factor } = coarse.grid;
  const ratio = factor / grid.factor;
  const band = borderOf(coarse, Math.ceil(REACH / ratio));
  const labels = new Uint8Array(grid.width * grid.height);
  const rows = new Int32Array(grid.height + 1);
  /** First pixel of the finer grid whose middle lies in a coarse one. */
  const start = (at: number) => Math.max(0, Math.ceil(at * ratio - 0.5));
  let count = 0;
  const each = (visit: (from: number, to: number, at: number) => void) => {
    for (let y = 0; y < grid.height; y++) {
      const row = Math.min(height - 1, Math.floor((y + 0.5) / ratio)) * width;
      rows[y] = count;
      for (let x = 0; x < width; x++) {
        if (!coarse.labels[row + x] && !band[row + x]) continue;
        const end = x === width - 1 ? grid.width : Math.min(grid.width, start(x + 1));
        visit(y * grid.width + start(x), y * grid.width + end, row + x);
      }
    }
    rows[grid.height] = count;
  };
  each((from, to, at) => {
    if (coarse.labels[at]) labels.fill(1, from, to);
    if (band[at]) count += Math.max(0, to - from);
  });
  const pixels = new Int32Array(count);
  count = 0;
  each((from, to, at) => {
    if (band[at]) for (let i = from; i < to; i++) pixels[count++] = i;
  });
  return { pixels, rows, labels };
}

/** 1 for pixels that lie within `reach` pixels of one of the other label. */
function borderOf({ grid, labels }: Cut, reach: number): Uint8Array {
  const { width, height } = grid;
  let out = new Uint8Array(labels.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const right = x < width - 1 && labels[i] !== labels[i + 1];
      const below = y < height - 1 && labels[i] !== labels[i + width];
      if (right || below) out[i] = 1;
      if (right) out[i + 1] = 1;
      if (below) out[i + width] = 1;
    }
  }
  for (let step = 1; step < reach; step++) {
    const wider = out.slice();
    for (let i = 0; i < out.length; i++) {
      if (!out[i]) continue;
      const x = i % width;
      if (x > 0) wider[i - 1] = 1;
      if (x < width - 1) wider[i + 1] = 1;
      if (i >= width) wider[i - width] = 1;
      if (i < out.length - width) wider[i + width] = 1;
    }
    out = wider;
  }
  return out;
}

function holdsAny(
  pixels: Int32Array,
  rows: Int32Array,
  cursors: Int32Array,
  grid: Grid,
  part: PixelRect,
): boolean {
  for (let row = part.y; row < part.y + part.height; row++) {
    const node = cursors[row]!;
    if (node < rows[row + 1]! && pixels[node]! < row * grid.width + part.x + part.width) return true;
  }
  return false;
}

/** By pixel of a block: 1 inside, −1 outside, 0 free; what lies under the pixel's middle counts. */
function heldLabels(grid: Grid, part: PixelRect, { inside, outside, former, grows }: Known): Int8Array {
  const rect = documentRect(grid, part);
  const out = new Int8Array(part.width * part.height);
  const hold = (mask: Mask, covered: boolean, value: number) => {
    const bytes = coverageOf(maskSource(mask), rect);
    for (let y = 0, i = 0; y < part.height; y++) {
      const row = Math.min(rect.height - 1, y * grid.factor + (grid.factor >> 1)) * rect.width;
      for (let x = 0; x < part.width; x++, i++) {
        const column = Math.min(rect.width - 1, x * grid.factor + (grid.factor >> 1));
        if (bytes[row + column]! >= 128 === covered) out[i] = value;
      }
    }
  };
  if (former) hold(former, grows, grows ? 1 : -1);
  hold(outside, true, -1);
  hold(inside, true, 1);
  return out;
}

/** Neighbours of the band: each with the one on its right and the three below. */
function linksOf({ width }: Grid, pixels: Int32Array, colours: Float32Array): Links {
  const pairs = new Int32Array(pixels.length * 8);
  let length = 0;
  // Runs along with `i`, one row below.
  let below = 0;
  for (let i = 0; i < pixels.length; i++) {
    const at = pixels[i]!;
    const x = at % width;
    if (x < width - 1 && pixels[i + 1] === at + 1) {
      pairs[length++] = i;
      pairs[length++] = i + 1;
    }
    while (below < pixels.length && pixels[below]! < at + width - 1) below++;
    for (let j = below; j < pixels.length && pixels[j]! <= at + width + 1; j++) {
      // The pixel before the first of a row is the last of the row above.
      if (Math.abs((pixels[j]! % width) - x) > 1) continue;
      pairs[length++] = i;
      pairs[length++] = j;
    }
  }
  const costs = new Float32Array(length / 2);
  let sum = 0;
  for (let k = 0; k < costs.length; k++) {
    costs[k] = squaredDifference(colours, pairs[k * 2]!, pairs[k * 2 + 1]!);
    sum += costs[k]!;
  }
  const cost = partingCost(sum / Math.max(1, costs.length));
  for (let k = 0; k < costs.length; k++) {
    const step = pixels[pairs[k * 2 + 1]!]! - pixels[pairs[k * 2]!]!;
    costs[k] = cost(costs[k]!, step !== 1 && step !== width);
  }
  return { pairs: pairs.subarray(0, length), costs };
}

/** Pixels at the band's rim, which lack a neighbour, stay as they are: beyond them nothing changes. */
function holdRim(
  { width, height }: Grid,
  pixels: Int32Array,
  pairs: Int32Array,
  labels: Uint8Array,
  preference: Float32Array,
): void {
  const neighbours = new Uint8Array(pixels.length);
  for (let k = 0; k < pairs.length; k += 2) {
    const step = pixels[pairs[k + 1]!]! - pixels[pairs[k]!]!;
    if (step !== 1 && step !== width) continue;
    neighbours[pairs[k]!]!++;
    neighbours[pairs[k + 1]!]!++;
  }
  for (let node = 0; node < pixels.length; node++) {
    const x = pixels[node]! % width;
    const y = Math.floor(pixels[node]! / width);
    const inGrid = Number(x > 0) + Number(x < width - 1) + Number(y > 0) + Number(y < height - 1);
    if (neighbours[node] === inGrid || Math.abs(preference[node]!) === Number.POSITIVE_INFINITY) continue;
    preference[node] = labels[pixels[node]!] ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
}

/** 1 2 1, across and down. */
const BINOMIAL = [1, 2, 1] as const;

/** Coverage of each pixel: 0 or 255, and along the border the binomial mean of its 3 × 3 pixels, a soft edge of 1 px. */
export function smoothedCoverage({ grid, labels, band }: Cut): Uint8Array {
  const { width, height } = grid;
  const out = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) out[i] = labels[i] ? 255 : 0;
  for (const at of band ?? []) {
    const x = at % width;
    const y = Math.floor(at / width);
    let sum = 0;
    for (let j = -1; j <= 1; j++) {
      const row = Math.max(0, Math.min(height - 1, y + j)) * width;
      for (let i = -1; i <= 1; i++) {
        const column = Math.max(0, Math.min(width - 1, x + i));
        sum += labels[row + column]! * BINOMIAL[i + 1]! * BINOMIAL[j + 1]!;
      }
    }
    out[at] = (sum * 255) / 16 + 0.5;
  }
  return out;
}
