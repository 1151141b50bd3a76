import { HOLE, KNOWN, openLevel, SOURCE, TARGET, VOID } from '../level.ts';
import { mixSeed } from '../random.ts';
import type { Kernel } from './kernel.ts';
import { type RandomState, randomNear } from './randomNear.ts';

/** Known pixels of a window count in the lower half of a word, hole pixels in the upper. */
const HOLES = 1 << 16;

/**
 * Says of every pixel what the patch centred on it is, and counts targets per row into `targetStart` (one further on).
 * Returns the number of sources. Sums in `cost`.
 */
export const classify: Kernel = (level, from, to) => {
  const { width, height, radius, state, kind, cost, targetStart } = level;
  const whole = (2 * radius + 1) ** 2;
  let sources = 0;
  for (let y = from; y < to; y++) {
    const row = y * width;
    targetStart[y + 1] = 0;
    const inside = y >= radius && y < height - radius;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      if (inside)
        for (let line = y - radius; line <= y + radius; line++) {
          const known = state[line * width + x];
          sum += known === KNOWN ? 1 : known === HOLE ? HOLES : 0;
        }
      cost[row + x] = sum;
    }
    let sum = 0;
    for (let x = -radius; x < width; x++) {
      if (x + radius < width) sum += cost[row + x + radius]!;
      if (x > radius) sum -= cost[row + x - radius - 1]!;
      if (x < 0) continue;
      let found = 0;
      if (inside && x >= radius && x < width - radius) {
        if ((sum & 0xffff) === whole) found = SOURCE;
        else if (sum >= HOLES) found = TARGET;
      }
      kind[row + x] = found;
      if (found === SOURCE) sources++;
      else if (found === TARGET) targetStart[y + 1]!++;
    }
  }
  return sources;
};

/** Counts the pixels per row that votes will write into `openStart` (one further on), and marks them in `weight`. */
export const findOpen: Kernel = ({ width, height, radius, state, kind, weight, openStart }, from, to) => {
  for (let y = from; y < to; y++) {
    let count = 0;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      let open = state[at] === HOLE;
      if (state[at] === VOID)
        for (let line = Math.max(0, y - radius); line <= Math.min(height - 1, y + radius) && !open; line++)
          for (let near = Math.max(0, x - radius); near <= Math.min(width - 1, x + radius); near++)
            if (kind[line * width + near] === TARGET) open = true;
      weight[at] = open ? 1 : 0;
      if (open) count++;
    }
    openStart[y + 1] = count;
  }
  return 0;
};

/** Lists targets and open pixels, whose rows' starts are known; no target has a match, and no pixel a weight. */
export const list: Kernel = (level, from, to) => {
  const { width, kind, weight, source, cost, targets, targetStart, open, openStart } = level;
  for (let y = from; y < to; y++) {
    let target = targetStart[y]!;
    let pixel = openStart[y]!;
    for (let at = y * width; at < (y + 1) * width; at++) {
      if (kind[at] === TARGET) targets[target++] = at;
      if (weight[at] !== 0) open[pixel++] = at;
      weight[at] = 0;
      source[at] = -1;
      cost[at] = 0;
    }
  }
  return 0;
};

/** Matches that no coarser level saw start within this distance, in px; doubled ones that are no source, near by. */
const NEARBY = 24;
const BESIDE = 2;
/** A cost that is worse than any, and counts next to nothing in a vote. */
const UNSEEN = 1 << 27;

/** Starts a level from its coarser one, which is solved: colours doubled, matches doubled. `a` is the seed. */
export const refine: Kernel = (level, from, to, seed) => {
  const { width, height, pixels, kind, source, cost, targets, targetStart, open, openStart } = level;
  const coarse = openLevel(level.memory, level.coarser);
  const random: RandomState = { state: 0 };
  for (let y = from; y < to; y++) {
    random.state = mixSeed(seed, y);
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const at = open[i]!;
      const parent = ((y >> 1) * coarse.width + ((at - y * width) >> 1)) * 4;
      for (let channel = 0; channel < 4; channel++)
        pixels[at * 4 + channel] = coarse.pixels[parent + channel]!;
    }
    const parentY = Math.min(Math.max(y >> 1, coarse.radius), coarse.height - 1 - coarse.radius);
    for (let i = targetStart[y]!; i < targetStart[y + 1]!; i++) {
      const centre = targets[i]!;
      const x = centre - y * width;
      const parentX = Math.min(Math.max(x >> 1, coarse.radius), coarse.width - 1 - coarse.radius);
      const parent = parentY * coarse.width + parentX;
      const match = coarse.source[parent]!;
      if (match < 0) {
        source[centre] = randomNear(level, x, y, NEARBY, random);
        cost[centre] = UNSEEN;
        continue;
      }
      const matchY = (match / coarse.width) | 0;
      const matchX = match - matchY * coarse.width;
      const doubledX = Math.min(Math.max(2 * (matchX - parentX) + x, 0), width - 1);
      const doubledY = Math.min(Math.max(2 * (matchY - parentY) + y, 0), height - 1);
      const doubled = doubledY * width + doubledX;
      source[centre] =
        kind[doubled] === SOURCE ? doubled : randomNear(level, doubledX, doubledY, BESIDE, random);
      cost[centre] = coarse.cost[parent]!;
    }
  }
  return 0;
};
