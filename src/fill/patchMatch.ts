import type { Field } from './field.ts';
import type { AbortSignalLike } from './hooks.ts';
import type { Level } from './level.ts';
import { mixSeed, xorshift } from './random.ts';

/** Price of a displacement of one pixel, in 1/256 of a cost unit: straight up or down costs more than sideways. */
const VERTICAL_PRICE = 100;
const HORIZONTAL_PRICE = 30;
const PRICE_SIDE = 64;

/** Prices are relative to the picture: crossing all of it costs the same on every level. */
const priceScale = (level: Level) => Math.round((PRICE_SIDE * 256) / Math.max(level.width, level.height));

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

const NO_LIMIT = 0x7fffffff;

/** Brings the costs up to date with the colours that the last vote wrote. */
export function refreshCosts(level: Level, field: Field): void {
  const { width, pixels } = level;
  const { radius, source, cost, targets } = field;
  const side = 2 * radius + 1;
  const corner = radius * (width + 1);
  const scale = priceScale(level);
  for (const centre of targets) {
    const match = source[centre]!;
    const dy = ((match / width) | 0) - ((centre / width) | 0);
    const dx = match - centre - dy * width;
    const price = ((Math.abs(dy) * VERTICAL_PRICE + Math.abs(dx) * HORIZONTAL_PRICE) * scale) >> 8;
    cost[centre] = patchCost(
      pixels,
      (centre - corner) * 4,
      (match - corner) * 4,
      width * 4,
      side,
      price,
      NO_LIMIT,
    );
  }
}

/**
 * One pass of PatchMatch (Barnes et al. 2009) over all targets, improving the field in place: propagation from
 * the two neighbours already visited, then random search around the match in windows of `reach`, reach / 2, … 1.
 * Integers only, one random stream per row.
 */
export function patchMatchPass(
  level: Level,
  field: Field,
  pass: { readonly reverse: boolean; readonly reach: number; readonly seed: number },
  signal: AbortSignalLike | undefined,
): void {
  const { width, height, pixels } = level;
  const { radius, source, cost, isSource, targets, rowStart } = field;
  const side = 2 * radius + 1;
  const corner = radius * (width + 1);
  const stride = width * 4;
  const scale = priceScale(level);
  const step = pass.reverse ? -1 : 1;

  for (let row = 0; row < height; row++) {
    const y = pass.reverse ? height - 1 - row : row;
    const first = rowStart[y]!;
    const last = rowStart[y + 1]!;
    if (first === last) continue;
    if ((row & 7) === 0) signal?.throwIfAborted();
    let state = mixSeed(pass.seed, y);
    for (let i = pass.reverse ? last - 1 : first; i >= first && i < last; i += step) {
      const centre = targets[i]!;
      const x = centre - y * width;
      const targetByte = (centre - corner) * 4;
      let best = cost[centre]!;
      let match = source[centre]!;

      for (let side2 = 0; side2 < 2; side2++) {
        const shift = side2 === 0 ? step : step * width;
        const neighbour = source[centre - shift]!;
        if (neighbour < 0) continue;
        const candidate = neighbour + shift;
        if (candidate === match || isSource[candidate] !== 1) continue;
        const candidateY = (candidate / width) | 0;
        const dy = Math.abs(candidateY - y);
        const dx = Math.abs(candidate - candidateY * width - x);
        const price = ((dy * VERTICAL_PRICE + dx * HORIZONTAL_PRICE) * scale) >> 8;
        if (price >= best) continue;
        const found = patchCost(pixels, targetByte, (candidate - corner) * 4, stride, side, price, best);
        if (found < best) {
          best = found;
          match = candidate;
        }
      }

      let matchY = (match / width) | 0;
      let matchX = match - matchY * width;
      for (let reach = pass.reach; reach >= 1; reach >>= 1) {
        state = xorshift(state);
        const span = 2 * reach + 1;
        const candidateX = matchX - reach + (((state & 0xffff) * span) >>> 16);
        const candidateY = matchY - reach + (((state >>> 16) * span) >>> 16);
        if (candidateX < 0 || candidateY < 0 || candidateX >= width || candidateY >= height) continue;
        const candidate = candidateY * width + candidateX;
        if (isSource[candidate] !== 1 || candidate === match) continue;
        const dy = Math.abs(candidateY - y);
        const dx = Math.abs(candidateX - x);
        const price = ((dy * VERTICAL_PRICE + dx * HORIZONTAL_PRICE) * scale) >> 8;
        if (price >= best) continue;
        const found = patchCost(pixels, targetByte, (candidate - corner) * 4, stride, side, price, best);
        if (found < best) {
          best = found;
          match = candidate;
          matchX = candidateX;
          matchY = candidateY;
        }
      }
      cost[centre] = best;
      source[centre] = match;
    }
  }
}
