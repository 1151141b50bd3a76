import { type Candidate, Matcher } from './matcher.ts';
import { displacement, type Placement } from './placement.ts';
import { type FitState, plainTone, robustFitSteps } from './robustFit.ts';
import { samplesOf } from './samples.ts';
import type { Size } from './size.ts';
import type { Level } from './workLevel.ts';

/** Points that a search on a coarse level must have: with fewer, a finer level has more. */
const ENOUGH = 500;

/** Points without which there is nothing to search by. */
const LEAST = 60;

/** Scales searched, as offsets from 1. */
const SCALES = [-0.05, -0.025, 0, 0.025, 0.05];

/** Candidates that a search gives. A pattern that repeats has many that are as good as each other. */
const FOUND = 48;

/** What the farthest placement has to correlate better by than none at all to be taken before it. */
const FARTHEST = 0.1;

/** Candidates that are looked at on the next finer level: the best, and the best of the near ones. */
const LOOKED_AT = 4;
const NEAREST = 2;

/** Of those, the ones that are fitted. */
const FITTED = 2;

const SAMPLES = 6000;
const ITERATIONS = 8;

/** Farthest that a picture's centre may have gone, px: 3 % of the long edge and 8 px. */
export function searchReach({ width, height }: Size): number {
  return 8 + 0.03 * Math.max(width, height);
}

export interface CoarseFit {
  /** Index of the level that it was found on. */
  readonly at: number;
  readonly state: FitState;
  /** Correlation of the pictures under it, −1 to 1. */
  readonly score: number;
}

/**
 * Where the pictures lie, within about a pixel of a coarse level: all shifts and scales in range are tried on a coarse
 * level, the best of them and the unmoved picture are made finer on the next one. Plain phase correlation would not
 * do: a scale of 5 % smears its peak, and the mask leaves a hole in one of the pictures. Of placements that fit as well
 * as each other, as on a wall of bricks or along stripes, the nearest is taken. Null without texture.
 * @param levels finest first
 */
export function* coarseFitSteps(
  levels: readonly Level[],
  size: Size,
  unmoved: Placement,
): Generator<void, CoarseFit | null> {
  let at = levels.length - 1;
  let matcher = new Matcher(levels[at]!);
  while (at > 0 && matcher.points < ENOUGH) {
    yield;
    matcher = new Matcher(levels[--at]!);
  }
  if (matcher.points < LEAST) return null;
  const reach = Math.ceil(searchReach(size) / levels[at]!.step);
  const shifts = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  /** By how much a placement that is farther off has to be better. */
  const merit = ({ placement, score }: Candidate) =>
    score -
    FARTHEST * Math.min(1, displacement(placement, [size.width / 2, size.height / 2]) / searchReach(size));
  const byMerit = (a: Candidate, b: Candidate) => merit(b) - merit(a);
  const found = yield* matcher.search(unmoved, { scales: SCALES, shifts }, FOUND);
  const nearest = found.toSorted(byMerit).slice(0, NEAREST);
  const coarse = new Set([...found.slice(0, LOOKED_AT), ...nearest]);
  if (at > 0) matcher = new Matcher(levels[--at]!);
  yield;
  const near: Candidate[] = [];
  for (const placement of [unmoved, ...Array.from(coarse, (candidate) => candidate.placement)]) {
    const [half] = yield* matcher.search(placement, { scales: [-0.0125, 0, 0.0125], shifts: [-1, 0, 1] }, 1);
    const grid = { scales: [-0.00625, 0, 0.00625], shifts: [-0.5, 0, 0.5] };
    near.push(...(yield* matcher.search(half!.placement, grid, 1)));
  }
  near.sort(byMerit);
  const level = levels[at]!;
  const samples = samplesOf(level, SAMPLES);
  let best: CoarseFit | null = null;
  for (const candidate of near.slice(0, FITTED)) {
    const start = { placement: candidate.placement, tone: plainTone() };
    const fit = yield* robustFitSteps(level, samples, start, 'perAxis', ITERATIONS);
    const fitted = matcher.score(fit.placement);
    // A fit that has lost its way is worse than what it started from.
    const placement = fitted < candidate.score ? candidate.placement : fit.placement;
    const score = Math.max(fitted, candidate.score);
    const one = { placement, score };
    if (!best || merit(one) > merit({ placement: best.state.placement, score: best.score })) {
      best = { at, state: { placement, tone: fit.tone }, score };
    }
  }
  return best;
}
