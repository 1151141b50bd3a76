import { type Level, SOURCE } from '../level.ts';
import { mixSeed, xorshift } from '../random.ts';
import type { Kernel } from './kernel.ts';

/**
 * Sum of squared differences of two patches over the four channels, plus `start`; gives up with a number ≥ limit
 * once a row has passed it. Positions are byte offsets of the patches' first pixels.
 */
function patchCost(
  pixels: Uint8Array,
  target: number,
  source: number,
  stride: number,
  side: number,
  start: number,
  limit: number,
): number {
  let sum = start;
  let a = target;
  let b = source;
  const rowBytes = side * 4;
  const end = target + side * stride;
  while (a !== end) {
    for (let i = 0; i < rowBytes; i += 4) {
      const red = pixels[a + i]! - pixels[b + i]!;
      const green = pixels[a + i + 1]! - pixels[b + i + 1]!;
      const blue = pixels[a + i + 2]! - pixels[b + i + 2]!;
      const texture = pixels[a + i + 3]! - pixels[b + i + 3]!;
      sum = (sum + red * red + green * green + blue * blue + texture * texture) | 0;
    }
    if (sum >= limit) return sum;
    a += stride;
    b += stride;
  }
  return sum;
}

/** Price of a source that lies `dx`, `dy` px from the target's centre, and is as rough as it is. */
export function priceOf(level: Level, centre: number, source: number, dx: number, dy: number): number {
  const { verticalPrice, horizontalPrice, guidePrice, guide } = level;
  const distance = (Math.abs(dy) * verticalPrice + Math.abs(dx) * horizontalPrice) >> 8;
  if (guidePrice === 0) return distance;
  return distance + (guide[centre]! - guide[source]!) ** 2 * guidePrice;
}

const NO_LIMIT = 0x7fffffff;

/** Brings the costs up to date with the colours that the last vote wrote. */
export const refreshCosts: Kernel = (level, from, to) => {
  const { width, pixels, radius, source, cost, targets, targetStart } = level;
  const side = 2 * radius + 1;
  const corner = radius * (width + 1);
  for (let y = from; y < to; y++)
    for (let i = targetStart[y]!; i < targetStart[y + 1]!; i++) {
      const centre = targets[i]!;
      const match = source[centre]!;
      const matchY = (match / width) | 0;
      const dy = matchY - y;
      const dx = match - matchY * width - (centre - y * width);
      cost[centre] = patchCost(
        pixels,
        (centre - corner) * 4,
        (match - corner) * 4,
        width * 4,
        side,
        priceOf(level, centre, match, dx, dy),
        NO_LIMIT,
      );
    }
  return 0;
};

/**
 * One pass of PatchMatch (Barnes et al. 2009) over the targets of a band, improving their matches in place:
 * propagation from the two neighbours already visited, then random search around the match in windows of `reach`,
 * reach / 2, … 1. Nothing crosses from band to band; their edges move from pass to pass. One random stream per row.
 */
export const search: Kernel = (level, from, to, reverse, firstReach, seed) => {
  const { width, height, pixels, kind, radius, source, cost, targets, targetStart } = level;
  const side = 2 * radius + 1;
  const corner = radius * (width + 1);
  const stride = width * 4;
  const step = reverse ? -1 : 1;

  for (let row = from; row < to; row++) {
    const y = reverse ? from + to - 1 - row : row;
    const first = targetStart[y]!;
    const last = targetStart[y + 1]!;
    const rowBefore = y - step >= from && y - step < to;
    let state = mixSeed(seed, y);
    for (let i = reverse ? last - 1 : first; i >= first && i < last; i += step) {
      const centre = targets[i]!;
      const x = centre - y * width;
      const targetByte = (centre - corner) * 4;
      let best = cost[centre]!;
      let match = source[centre]!;

      const offer = (candidate: number, dx: number, dy: number): boolean => {
        const price = priceOf(level, centre, candidate, dx, dy);
        if (price >= best) return false;
        const found = patchCost(pixels, targetByte, (candidate - corner) * 4, stride, side, price, best);
        if (found >= best) return false;
        best = found;
        match = candidate;
        return true;
      };

      for (let vertical = 0; vertical < 2; vertical++) {
        if (vertical === 1 ? !rowBefore : x - step < 0 || x - step >= width) continue;
        const shift = vertical === 1 ? step * width : step;
        const neighbour = source[centre - shift]!;
        if (neighbour < 0) continue;
        const candidate = neighbour + shift;
        // Patches of one pixel may be continued beyond the picture.
        if (candidate < 0 || candidate >= kind.length) continue;
        if (candidate === match || kind[candidate] !== SOURCE) continue;
        const candidateY = (candidate / width) | 0;
        offer(candidate, candidate - candidateY * width - x, candidateY - y);
      }

      let matchY = (match / width) | 0;
      let matchX = match - matchY * width;
      for (let reach = firstReach; reach >= 1; reach >>= 1) {
        state = xorshift(state);
        const span = 2 * reach + 1;
        const candidateX = matchX - reach + (((state & 0xffff) * span) >>> 16);
        const candidateY = matchY - reach + (((state >>> 16) * span) >>> 16);
        if (candidateX < 0 || candidateY < 0 || candidateX >= width || candidateY >= height) continue;
        const candidate = candidateY * width + candidateX;
        if (kind[candidate] !== SOURCE || candidate === match) continue;
        if (offer(candidate, candidateX - x, candidateY - y)) {
          matchX = candidateX;
          matchY = candidateY;
        }
      }
      cost[centre] = best;
      source[centre] = match;
    }
  }
  return 0;
};
