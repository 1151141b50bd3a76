import { cubicAt } from './cubic.ts';
import {
  covarianceOf,
  type Freedom,
  frameOf,
  moved,
  normalEquations,
  solve,
  solveTone,
  TERMS,
  TONES,
} from './normalEquations.ts';
import type { Placement } from './placement.ts';
import { chosenSamples, type Samples } from './samples.ts';
import { TILES } from './spread.ts';
import type { Matrix } from './symmetricMatrix.ts';
import type { Level } from './workLevel.ts';

/** Tukey's constant: 95 % efficient where the errors are normal. */
const TUKEY = 4.685;

/** Errors smaller than this many levels are rounding: the scale of the errors is taken to be no less. */
const LEAST_SIGMA = 0.5;

/** A change smaller than this many px of the level, anywhere in the picture, ends the fit. */
const SETTLED = 0.01;

/** Samples that tell as much as one would if neighbours did not resemble each other. */
const NEIGHBOURS = 6;

export interface FitState {
  readonly placement: Placement;
  /** Coefficients of the tone model: what the returned luma is, given the sent colour. */
  readonly tone: Float64Array;
}

export interface FitResult extends FitState {
  /** Robust standard deviation of what is left, levels. */
  readonly sigma: number;
  /** Of scale x, shift x, scale y, shift y, px of the sent size, 4 × 4; null where they cannot be told. */
  readonly covariance: Matrix | null;
}

/** The tone of a service that keeps it: the returned luma is the sent luma. */
export function plainTone(): Float64Array {
  const tone = new Float64Array(TONES);
  tone.set([128, 128 * 0.299, 128 * 0.587, 128 * 0.114]);
  return tone;
}

/**
 * Placement and tone together, by weighted least squares that are solved again with new weights until nothing moves:
 * J.-M. Odobez, P. Bouthemy, "Robust Multiresolution Estimation of Parametric Motion Models" (1995), with Tukey's
 * weights, so that what was painted anew drops out, and a polynomial of the three channels for the change of tone.
 * The slopes are those of the sent picture, which has none of the returned one's noise (S. Baker, I. Matthews,
 * "Lucas-Kanade 20 Years On", 2004): noise then favours no direction. The covariance is that of the jackknife over
 * tiles (R. Bell, D. McCaffrey, "Bias Reduction in Standard Errors", 2002), which holds for errors that neighbours
 * share, as those of JPEG are. Yields after each iteration.
 */
export function* robustFitSteps(
  level: Level,
  samples: Samples,
  start: FitState,
  freedom: Freedom,
  iterations: number,
): Generator<void, FitResult> {
  const frame = frameOf(level, samples);
  const reach = Math.max(level.width, level.height) / frame.unit;
  let { placement, tone } = start;
  let values = warped(level, samples, placement);
  let errors = errorsOf(samples, values, tone);
  yield;
  for (let round = 0; round < 2; round++) {
    // The tone first: a change of brightness must not be taken for a movement.
    tone = sum(tone, solveTone(normalEquations(samples, frame, errors, 1, cutOf(errors), TONES)));
    errors = errorsOf(samples, values, tone);
    yield;
  }
  for (let round = 1; ; round++) {
    const cut = cutOf(errors);
    const sums = normalEquations(samples, frame, errors, gainOf(tone), cut, TERMS);
    const solution = solve(sums, freedom);
    if (!solution) return { placement, tone, sigma: cut / TUKEY, covariance: null };
    tone = sum(tone, solution.tone);
    placement = moved(placement, frame, solution.move);
    const [growX = 0, right = 0, growY = 0, down = 0] = solution.move.map(Math.abs);
    if (round === iterations || Math.max(right + growX * reach, down + growY * reach) < SETTLED) {
      const sigma = cut / TUKEY;
      return { placement, tone, sigma, covariance: covarianceOf(frame, sums, solution, sigma) };
    }
    values = warped(level, samples, placement);
    errors = errorsOf(samples, values, tone);
    yield;
  }
}

/** A fit to all samples, and then to those alone whose tiles agree under it. */
export function* agreeingFitSteps(
  level: Level,
  all: Samples,
  start: FitState,
  iterations: number,
): Generator<void, { readonly fit: FitResult; readonly samples: Samples }> {
  const first = yield* robustFitSteps(level, all, start, 'perAxis', iterations);
  const samples = agreeingSamples(level, all, first);
  if (samples.count === all.count) return { fit: first, samples };
  return { fit: yield* robustFitSteps(level, samples, first, 'perAxis', iterations), samples };
}

/**
 * The samples of those tiles whose predicted and returned luma go together, clearly more than by chance. Those of the
 * others may lie within the errors and yet show nothing: what is blank in the returned picture would hold a fit fast.
 */
function agreeingSamples(level: Level, samples: Samples, { placement, tone }: FitState): Samples {
  const values = warped(level, samples, placement);
  const errors = errorsOf(samples, values, tone);
  const sums = Array.from({ length: TILES * TILES }, () => new Float64Array(6));
  for (let i = 0; i < samples.count; i++) {
    const b = values[i]! - 128;
    if (Number.isNaN(b)) continue;
    const a = b - errors[i]!;
    const own = sums[samples.tile[i]!]!;
    own[0]!++;
    own[1]! += a;
    own[2]! += b;
    own[3]! += a * a;
    own[4]! += b * b;
    own[5]! += a * b;
  }
  const agrees = sums.map(([n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0]) => {
    const product = ab * n - a * b;
    const correlation = product / Math.sqrt((aa * n - a * a) * (bb * n - b * b));
    return correlation > 0.6 || correlation * Math.sqrt(n / NEIGHBOURS) > 3;
  });
  return chosenSamples(samples, (i) => agrees[samples.tile[i]!]!);
}

/**
 * Squared error per sample, at most what Tukey's cut allows for `sigma`; NaN where a sample has left the picture. The
 * placement stays, the tone alone is fitted.
 */
export function* costSteps(
  level: Level,
  samples: Samples,
  start: FitState,
  sigma: number,
): Generator<void, Float32Array> {
  const frame = frameOf(level, samples);
  const values = warped(level, samples, start.placement);
  let errors = errorsOf(samples, values, start.tone);
  let { tone } = start;
  for (let round = 0; round < 3; round++) {
    yield;
    tone = sum(tone, solveTone(normalEquations(samples, frame, errors, 1, cutOf(errors), TONES)));
    errors = errorsOf(samples, values, tone);
  }
  const most = (TUKEY * sigma) ** 2;
  return errors.map((error) => Math.min(most, error * error));
}

/** The returned luma where each sample went; NaN outside. */
function warped(level: Level, { x, y, count }: Samples, to: Placement): Float32Array {
  const { width, height, step, returnedLuma } = level;
  const left = to.shiftX / step;
  const top = to.shiftY / step;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = cubicAt(returnedLuma, width, height, x[i]! * to.scaleX + left, y[i]! * to.scaleY + top);
  }
  return out;
}

/** Returned − predicted luma. */
function errorsOf({ colour, count }: Samples, values: Float32Array, tone: Float64Array): Float32Array {
  const [red, green, blue] = colour;
  const [base = 0, r1 = 0, g1 = 0, b1 = 0, r2 = 0, g2 = 0, b2 = 0] = tone;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    out[i] = values[i]! - (base + r * (r1 + r * r2) + g * (g1 + g * g2) + b * (b1 + b * b2));
  }
  return out;
}

/** How much steeper the returned luma is, roughly: only how fast the fit converges hangs on it. */
function gainOf(tone: Float64Array): number {
  return Math.min(3, Math.max(0.3, (tone[1]! + tone[2]! + tone[3]!) / 128));
}

/** Where Tukey's weight becomes 0: by the median of the errors' sizes, from a histogram of 1/8 level. */
function cutOf(errors: Float32Array): number {
  const histogram = new Int32Array(2048);
  let count = 0;
  for (let i = 0; i < errors.length; i++) {
    const size = Math.abs(errors[i]!) * 8;
    if (Number.isNaN(size)) continue;
    histogram[Math.min(histogram.length - 1, Math.floor(size))]!++;
    count++;
  }
  let bin = 0;
  for (let below = histogram[0]!; below * 2 < count; below += histogram[bin]!) bin++;
  // 1.4826 medians are a standard deviation.
  return TUKEY * Math.max(LEAST_SIGMA, (1.4826 * (bin + 0.5)) / 8);
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((v, i) => v + b[i]!);
}
