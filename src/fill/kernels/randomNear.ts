import { type Level, SOURCE } from '../level.ts';
import { xorshift } from '../random.ts';

/** A stream of random numbers that a kernel keeps per row. */
export interface RandomState {
  state: number;
}

const TRIES = 32;

/** The next number of the stream, 0 ≤ x < count ≤ 65536. */
function below(count: number, random: RandomState): number {
  random.state = xorshift(random.state);
  return ((random.state >>> 16) * count) >>> 16;
}

/** A source within `reach` px (Chebyshev) of a pixel if one is hit in a few tries, else any of the samples. */
export function randomNear(level: Level, x: number, y: number, reach: number, random: RandomState): number {
  const { width, height, kind, samples } = level;
  const left = Math.max(0, x - reach);
  const top = Math.max(0, y - reach);
  const columns = Math.min(width, x + reach + 1) - left;
  const rows = Math.min(height, y + reach + 1) - top;
  for (let tries = 0; tries < TRIES; tries++) {
    const candidateX = left + below(columns, random);
    const candidate = (top + below(rows, random)) * width + candidateX;
    if (kind[candidate] === SOURCE) return candidate;
  }
  return samples[below(samples.length, random)]!;
}
