import { KNOWN, type Level } from '../level.ts';
import type { Kernel } from './kernel.ts';

/** Corrections are in 1/256 of an 8-bit level. */
const FRACTION = 8;
/** Over-relaxation, and its quotients by the number of neighbours plus ε, in 1/1024. */
const RELAXATION = 1.85;
/** Pull towards the copied colours, ε: corrections fade over about 1 / √ε = 22 px. */
const SCREENING = 0.002;
const RELAXED = Math.round(1024 * RELAXATION);
const relaxedBy = (neighbours: number) => Math.round((1024 * RELAXATION) / (neighbours + SCREENING));

/** Bits of `beside`: the pixel to the left, to the right is open; the number of neighbours that can be read, above. */
const LEFT_OPEN = 1;
const RIGHT_OPEN = 2;
const COUNT_SHIFT = 2;

/** Index among `open` of a pixel of row `y`, or −1; `start` is where to look first, at or before it. */
function indexIn(level: Level, at: number, y: number, start: number): number {
  const end = level.openStart[y + 1]!;
  for (let i = start; i < end; i++) {
    if (level.open[i]! === at) return i;
    if (level.open[i]! > at) return -1;
  }
  return -1;
}

/**
 * Screened Poisson blending (Pérez et al. 2003, with a pull to the copied colour): keeps the gradients of what was
 * copied and meets the known pixels, so that seams and steps of brightness vanish. This first step writes, per open
 * pixel, what is wanted of its correction: the mismatch of its gradients, 4 × i32 (R, G, B, 0), and its neighbours.
 */
export const prepareCorrection: Kernel = (level, from, to) => {
  const { width, height, pixels, state, open, openStart, origin, correction, wanted } = level;
  for (let y = from; y < to; y++) {
    let upper = y > 0 ? openStart[y - 1]! : 0;
    let lower = y < height - 1 ? openStart[y + 1]! : 0;
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const at = open[i]!;
      const x = at - y * width;
      if (y > 0) while (upper < openStart[y]! && open[upper]! < at - width) upper++;
      if (y < height - 1) while (lower < openStart[y + 2]! && open[lower]! < at + width) lower++;
      const above = y > 0 ? indexIn(level, at - width, y - 1, upper) : -1;
      const below = y < height - 1 ? indexIn(level, at + width, y + 1, lower) : -1;
      const left = x > 0 && i > openStart[y]! && open[i - 1] === at - 1 ? i - 1 : -1;
      const right = x < width - 1 && i + 1 < openStart[y + 1]! && open[i + 1] === at + 1 ? i + 1 : -1;
      const from = origin[i]!;
      const fromY = (from / width) | 0;
      const fromX = from - fromY * width;
      for (let channel = 0; channel < 4; channel++) {
        correction[i * 4 + channel] = 0;
        wanted[i * 4 + channel] = 0;
      }
      let count = 0;
      const meet = (exists: boolean, other: number, dx: number, dy: number) => {
        const step = dy * width + dx;
        if (!exists || (other < 0 && state[at + step] !== KNOWN)) return;
        count++;
        const sawBehind =
          fromX + dx >= 0 &&
          fromX + dx < width &&
          fromY + dy >= 0 &&
          fromY + dy < height &&
          state[from + step] === KNOWN;
        let before = -1;
        if (other >= 0) {
          const there = origin[other]!;
          const thereY = (there / width) | 0;
          const thereX = there - thereY * width;
          if (
            thereX - dx >= 0 &&
            thereX - dx < width &&
            thereY - dy >= 0 &&
            thereY - dy < height &&
            state[there - step] === KNOWN
          )
            before = there - step;
        }
        const seen = (sawBehind ? 1 : 0) + (before >= 0 ? 1 : 0);
        if (seen === 0) return;
        for (let channel = 0; channel < 3; channel++) {
          const here = pixels[at * 4 + channel]!;
          const next = pixels[(at + step) * 4 + channel]!;
          let gradient = 0;
          if (sawBehind) gradient += here - pixels[(from + step) * 4 + channel]!;
          if (before >= 0) gradient += pixels[before * 4 + channel]! - next;
          wanted[i * 4 + channel]! += ((gradient << FRACTION) >> (seen - 1)) - ((here - next) << FRACTION);
        }
      };
      meet(x > 0, left, -1, 0);
      meet(x < width - 1, right, 1, 0);
      meet(y > 0, above, 0, -1);
      meet(y < height - 1, below, 0, 1);
      level.above[i] = above;
      level.below[i] = below;
      level.beside[i] = (left >= 0 ? LEFT_OPEN : 0) | (right >= 0 ? RIGHT_OPEN : 0) | (count << COUNT_SHIFT);
    }
  }
  return 0;
};

/** Half a sweep of successive over-relaxation, over the pixels whose x + y is odd (`a` = 1) or even (0). */
export const relax: Kernel = (level, from, to, odd) => {
  const { width, open, openStart, correction, wanted, above, below, beside } = level;
  for (let y = from; y < to; y++)
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const x = open[i]! - y * width;
      if (((x + y) & 1) !== odd) continue;
      const bits = beside[i]!;
      const up = above[i]!;
      const down = below[i]!;
      const weight = relaxedBy(bits >> COUNT_SHIFT);
      for (let channel = 0; channel < 3; channel++) {
        const here = i * 4 + channel;
        let sum = wanted[here]!;
        if (bits & LEFT_OPEN) sum += correction[here - 4]!;
        if (bits & RIGHT_OPEN) sum += correction[here + 4]!;
        if (up >= 0) sum += correction[up * 4 + channel]!;
        if (down >= 0) sum += correction[down * 4 + channel]!;
        correction[here]! += (sum * weight - correction[here]! * RELAXED + 512) >> 10;
      }
    }
  return 0;
};

/** Adds the corrections to the colours. */
export const correct: Kernel = ({ pixels, open, openStart, correction }, from, to) => {
  for (let i = openStart[from]!; i < openStart[to]!; i++)
    for (let channel = 0; channel < 3; channel++) {
      const byte = open[i]! * 4 + channel;
      const half = 1 << (FRACTION - 1);
      pixels[byte] = Math.min(
        255,
        Math.max(0, pixels[byte]! + ((correction[i * 4 + channel]! + half) >> FRACTION)),
      );
    }
  return 0;
};
