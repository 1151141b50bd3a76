import type { AbortSignalLike } from './abortSignal.ts';
import type { Bounds } from './clusters.ts';
import { createLevel, HOLE, KNOWN, type Level, VOID } from './level.ts';
import type { Arena } from './memory.ts';
import type { FillRequest } from './picture.ts';

/** Corrections are in 1/256 of an 8-bit level. */
const CORRECTION_STEPS = 256;

/**
 * A region of the picture as a level whose pixels are 2 ^ `depth` px wide: the mean of what is known in each. A pixel
 * with any hole in it is hole, so that all of the hole lies below holes; at this size a scribble swallows nothing.
 */
export function cropLevel(
  request: FillRequest,
  region: Bounds,
  depth: number,
  arena: Arena,
  signal: AbortSignalLike | undefined,
): Level {
  const side = 2 ** depth;
  const width = Math.ceil((region.right - region.left) / side);
  const height = Math.ceil((region.bottom - region.top) / side);
  const level = createLevel(arena, width, height, null);
  const { pixels, state } = level;
  const { rgba, hole } = request;
  if (depth === 0) {
    for (let y = 0, at = 0; y < height; y++) {
      if ((y & 63) === 0) signal?.throwIfAborted();
      const start = (region.top + y) * request.width + region.left;
      pixels.set(rgba.subarray(start * 4, (start + width) * 4), y * width * 4);
      for (let x = 0; x < width; x++, at++)
        state[at] = hole[start + x] !== 0 ? HOLE : pixels[at * 4 + 3] === 0 ? VOID : KNOWN;
    }
    return level;
  }
  for (let y = 0, at = 0; y < height; y++) {
    if ((y & 15) === 0) signal?.throwIfAborted();
    for (let x = 0; x < width; x++, at++) {
      const right = Math.min(region.right, region.left + (x + 1) * side);
      const bottom = Math.min(region.bottom, region.top + (y + 1) * side);
      let known = 0;
      let holes = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let line = region.top + y * side; line < bottom; line++)
        for (
          let from = line * request.width + region.left + x * side;
          from < line * request.width + right;
          from++
        ) {
          if (hole[from] !== 0) holes++;
          else if (rgba[from * 4 + 3] !== 0) {
            known++;
            red += rgba[from * 4]!;
            green += rgba[from * 4 + 1]!;
            blue += rgba[from * 4 + 2]!;
          }
        }
      const half = known >> 1;
      state[at] = holes > 0 ? HOLE : known > 0 ? KNOWN : VOID;
      pixels[at * 4] = known > 0 ? (red + half) / known : 0;
      pixels[at * 4 + 1] = known > 0 ? (green + half) / known : 0;
      pixels[at * 4 + 2] = known > 0 ? (blue + half) / known : 0;
      pixels[at * 4 + 3] = 0;
    }
  }
  return level;
}

/**
 * Writes the hole of a region into `result` at full size, from a solution whose pixels are 2 ^ `depth` px wide: each hole
 * pixel is copied from as far away as the solved pixels around it were, with their corrections. Where these agree that
 * is one pixel of the picture, as sharp as it is; where two copies meet they are mixed over the width of a solved pixel.
 */
export function transferFill(
  request: FillRequest,
  region: Bounds,
  depth: number,
  solved: Level,
  result: Uint8Array,
  signal: AbortSignalLike | undefined,
): void {
  const { width, hole, rgba } = request;
  const { open, origin, correction, source: indexOf } = solved;
  const side = 2 ** depth;
  // The matches have done their work: their room says where each solved pixel is found in the lists.
  indexOf.fill(-1);
  for (let i = 0; i < open.length; i++) indexOf[open[i]!] = i;
  const sums = new Float64Array(4);
  for (let y = region.top; y < region.bottom; y++) {
    signal?.throwIfAborted();
    const centreY = (y - region.top + 0.5) / side - 0.5;
    const cellY = Math.floor(centreY);
    for (let x = region.left; x < region.right; x++) {
      const at = y * width + x;
      if (hole[at] === 0) continue;
      const centreX = (x - region.left + 0.5) / side - 0.5;
      const cellX = Math.floor(centreX);
      sums.fill(0);
      let total = 0;
      let heaviest = 0;
      let alpha = 255;
      for (let corner = 0; corner < 4; corner++) {
        const column = cellX + (corner & 1);
        const row = cellY + (corner >> 1);
        if (column < 0 || row < 0 || column >= solved.width || row >= solved.height) continue;
        const cell = row * solved.width + column;
        const index = indexOf[cell]!;
        if (index < 0) continue;
        const weight = (1 - Math.abs(centreX - column)) * (1 - Math.abs(centreY - row));
        const from = origin[index]!;
        const fromRow = Math.floor(from / solved.width);
        const fromX = x + (from - fromRow * solved.width - column) * side;
        const fromY = y + (fromRow - row) * side;
        if (fromX < region.left || fromX >= region.right || fromY < region.top || fromY >= region.bottom)
          continue;
        const copied = fromY * width + fromX;
        if (hole[copied] !== 0 || rgba[copied * 4 + 3] === 0) continue;
        total += weight;
        for (let channel = 0; channel < 3; channel++)
          sums[channel]! +=
            weight * (rgba[copied * 4 + channel]! + correction[index * 4 + channel]! / CORRECTION_STEPS);
        if (weight > heaviest) {
          heaviest = weight;
          alpha = rgba[copied * 4 + 3]!;
        }
      }
      if (total === 0) {
        // Every copy would come from beside the picture: the solved pixel itself, soft but right.
        const cell =
          Math.floor((y - region.top) / side) * solved.width + Math.floor((x - region.left) / side);
        for (let channel = 0; channel < 3; channel++)
          result[at * 4 + channel] = solved.pixels[cell * 4 + channel]!;
        result[at * 4 + 3] = 255;
        continue;
      }
      for (let channel = 0; channel < 3; channel++)
        result[at * 4 + channel] = Math.min(255, Math.max(0, Math.round(sums[channel]! / total)));
      result[at * 4 + 3] = alpha;
    }
  }
}
