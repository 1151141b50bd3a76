import { localContrast } from './localContrast.ts';
import type { Placement } from './placement.ts';
import { spread } from './spread.ts';
import type { Level } from './workLevel.ts';

/** A placement and how well the pictures correlate under it, −1 to 1. */
export interface Candidate {
  readonly placement: Placement;
  readonly score: number;
}

/** What is searched: scales, and shifts of the picture's centre in px of the level, both as offsets from a start. */
interface Grid {
  readonly scales: readonly number[];
  readonly shifts: readonly number[];
}

/** Scales of both axes that differ by more than this are not tried. */
const MOST_SKEW = 0.06;

/** Pixels that a score rests on. */
const POINTS = 700;

/** Compares the pictures of one level under any placement, whatever their brightness and contrast. */
export class Matcher {
  private readonly level: Level;
  private readonly returned: Float32Array;
  private readonly xs: Float32Array;
  private readonly ys: Float32Array;
  private readonly values: Float32Array;
  /** Pixels compared: few where there is little texture. */
  readonly points: number;

  constructor(level: Level) {
    const { width, height, valid } = level;
    this.level = level;
    this.returned = localContrast(level.returnedLuma, null, width, height);
    const sent = localContrast(level.sentLuma, valid, width, height);
    const points = spread(sent.map(Math.abs), width, height, POINTS, 2);
    this.xs = Float32Array.from(points, (i) => (i % width) + 0.5);
    this.ys = Float32Array.from(points, (i) => Math.floor(i / width) + 0.5);
    this.values = Float32Array.from(points, (i) => sent[i]!);
    this.points = points.length;
  }

  /**
   * Normalised cross-correlation (J. Lewis, "Fast Normalized Cross-Correlation", 1995) of locally normalised pictures
   * at the chosen points; those that fall out of the returned picture do not count. −1 if fewer than half are left.
   */
  score({ scaleX, scaleY, shiftX, shiftY }: Placement): number {
    const { xs, ys, values, returned } = this;
    const { width, height, step } = this.level;
    const [left, top] = [shiftX / step, shiftY / step];
    let product = 0;
    let own = 0;
    let other = 0;
    let count = 0;
    for (let i = 0; i < values.length; i++) {
      const x = Math.floor(xs[i]! * scaleX + left);
      const y = Math.floor(ys[i]! * scaleY + top);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const a = values[i]!;
      const b = returned[y * width + x]!;
      product += a * b;
      own += a * a;
      other += b * b;
      count++;
    }
    return count * 2 > values.length && own > 0 && other > 0 ? product / Math.sqrt(own * other) : -1;
  }

  /** All of the grid around `start`, best first, neighbours of a better one left out. Yields after each scale. */
  *search(start: Placement, { scales, shifts }: Grid, most: number): Generator<void, Candidate[]> {
    const { width, height, step } = this.level;
    const [centreX, centreY] = [(width * step) / 2, (height * step) / 2];
    const found: (Candidate & { readonly place: readonly number[] })[] = [];
    for (const [i, growX] of scales.entries()) {
      for (const [j, growY] of scales.entries()) {
        if (Math.abs(growX - growY) > MOST_SKEW) continue;
        for (const right of shifts) {
          for (const down of shifts) {
            const placement = {
              scaleX: start.scaleX + growX,
              scaleY: start.scaleY + growY,
              shiftX: start.shiftX + right * step - growX * centreX,
              shiftY: start.shiftY + down * step - growY * centreY,
            };
            found.push({ placement, score: this.score(placement), place: [i, j, right, down] });
          }
        }
        yield;
      }
    }
    found.sort((a, b) => b.score - a.score);
    const peaks: typeof found = [];
    for (const one of found) {
      if (peaks.length === most) break;
      const isNew = peaks.every((peak) => peak.place.some((at, k) => Math.abs(at - one.place[k]!) > 1));
      if (isNew) peaks.push(one);
    }
    return peaks;
  }
}
