import { KNOWN, type Level } from '../level.ts';
import type { Kernel } from './kernel.ts';

const WINDOW_RADIUS = 4;
const WEIGHT = 4;
/** A pixel whose gradient counts: 1 in the upper half of the word, the gradient in the lower. 81 of them fit. */
const COUNTED = 1 << 16;

const luma = ({ pixels }: Level, at: number) =>
  77 * pixels[at * 4]! + 150 * pixels[at * 4 + 1]! + 29 * pixels[at * 4 + 2]!;

/** Writes the absolute gradient of luma, where it is known, into `cost`. */
export const measureGradient: Kernel = (level, from, to) => {
  const { width, height, state, cost } = level;
  for (let y = from; y < to; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const known =
        x < width - 1 &&
        y < height - 1 &&
        state[at] === KNOWN &&
        state[at + 1] === KNOWN &&
        state[at + width] === KNOWN;
      const here = known ? luma(level, at) : 0;
      cost[at] = known
        ? COUNTED + ((Math.abs(luma(level, at + 1) - here) + Math.abs(luma(level, at + width) - here)) >> 8)
        : 0;
    }
  }
  return 0;
};

/**
 * Writes the texture feature into the fourth channel of known pixels: four times the mean absolute gradient of luma
 * over the known pixels of a 9 × 9 window (after Newson et al. 2014). It keeps smooth and rough regions apart on
 * coarse levels, where averaging has made them look alike. Reads `cost`, sums in `source`.
 */
export const writeTexture: Kernel = ({ width, height, pixels, state, cost, source }, from, to) => {
  for (let y = from; y < to; y++) {
    const first = Math.max(0, y - WINDOW_RADIUS);
    const last = Math.min(height - 1, y + WINDOW_RADIUS);
    const row = y * width;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let line = first; line <= last; line++) sum += cost[line * width + x]!;
      source[row + x] = sum;
    }
    let sum = 0;
    for (let x = -WINDOW_RADIUS; x < width; x++) {
      if (x + WINDOW_RADIUS < width) sum += source[row + x + WINDOW_RADIUS]!;
      if (x > WINDOW_RADIUS) sum -= source[row + x - WINDOW_RADIUS - 1]!;
      if (x < 0 || state[row + x] !== KNOWN) continue;
      const count = sum >>> 16;
      const mean = count > 0 ? ((WEIGHT * (sum & 0xffff)) / count) | 0 : 0;
      pixels[(row + x) * 4 + 3] = Math.min(255, mean);
    }
  }
  return 0;
};
