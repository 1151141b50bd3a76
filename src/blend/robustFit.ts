import { cubicAt } from './interpolate.ts';
import type { Registration } from './placement.ts';
import { type Samples, TILES } from './samples.ts';
import { congruent, inverseOf, type Matrix } from './symmetricSolve.ts';
import type { Level } from './workLevel.ts';

/** What may move: the shift alone, with one scale for both axes, or with one per axis. */
export type Freedom = 'shift' | 'uniform' | 'perAxis';

/** Terms of the tone model: 1, and each channel of the sent picture with its square. */
const TONES = 7;
/** Then scale x, shift x, scale y, shift y. */
const TERMS = TONES + 4;

/** How the terms follow from those that are free: TERMS rows. */
const freedoms: Readonly<Record<Freedom, readonly (readonly number[])[]>> = {
  perAxis: [[0], [1], [2], [3]],
  uniform: [[0, 2], [1], [3]],
  shift: [[1], [3]],
};

/** Tukey's constant: 95 % efficient where the errors are normal. */
const TUKEY = 4.685;

/** Errors smaller than this many levels are rounding: the scale of the errors is taken to be no less. */
const LEAST_SIGMA = 0.5;

export interface FitState {
  readonly registration: Registration;
  /** Coefficients of the tone model: what the returned luma is, given the sent colour. */
  readonly tone: Float64Array;
}

export interface FitResult extends FitState {
  /** Robust standard deviation of what is left, in levels. */
  readonly sigma: number;
  /** Covariance of scale x, shift x, scale y, shift y of `registration`, 4 × 4; null where they cannot be told. */
  readonly covariance: Matrix | null;
}

/** The returned luma is the sent luma. */
export function plainTone(): Float64Array {
  const tone = new Float64Array(TONES);
  tone.set([128, 128 * 0.299, 128 * 0.587, 128 * 0.114]);
  return tone;
}

/**
 * Registration and tone together, by weighted least squares that are solved again with new weights until nothing
 * moves: J.-M. Odobez, P. Bouthemy, "Robust Multiresolution Estimation of Parametric Motion Models" (1995), with
 * Tukey's weights, so that what was painted anew drops out, and with a polynomial of the three channels for the
 * change of tone. The slopes are those of the sent picture, which has no noise of the returned one in it (S. Baker,
 * I. Matthews, "Lucas-Kanade 20 Years On", 2004): what noise does to one side of an edge it does to the other.
 *
 * The covariance is that of the jackknife over tiles (R. Bell, D. McCaffrey, "Bias Reduction in Standard Errors",
 * 2002), which holds for errors that neighbours share, as those of JPEG are, and where one place holds the solution.
 * Yields after each iteration.
 */
export function* robustFitSteps(
  level: Level,
  samples: Samples,
  start: FitState,
  freedom: Freedom,
  iterations: number,
): Generator<void, FitResult> {
  const frame = frameOf(level, samples);
  let { registration, tone } = start;
  let values = warped(level, samples, registration);
  let residuals = residualsOf(samples, values, tone);
  for (let round = 0; round < 2; round++) {
    // The tone first: a change of brightness must not be taken for a movement.
    const sums = accumulate(samples, frame, residuals, gainOf(tone), cutOf(residuals));
    tone = plus(tone, solveTone(sums));
    residuals = residualsOf(samples, values, tone);
  }
  yield;
  const { width, height, step } = level;
  let result: FitResult = { registration, tone, sigma: Number.POSITIVE_INFINITY, covariance: null };
  for (let round = 0; round < iterations; round++) {
    const cut = cutOf(residuals);
    const sums = accumulate(samples, frame, residuals, gainOf(tone), cut);
    const solved = solve(sums, freedom);
    if (!solved) return result;
    tone = plus(tone, solved.delta.subarray(0, TONES));
    const [growX, right, growY, down] = solved.delta.subarray(TONES) as unknown as Four;
    registration = moved(registration, frame, step, [growX, right, growY, down]);
    values = warped(level, samples, registration);
    residuals = residualsOf(samples, values, tone);
    yield;
    const reach = Math.max(width, height) / frame.unit;
    const motion = Math.max(Math.abs(right) + Math.abs(growX) * reach, Math.abs(down) + Math.abs(growY) * reach);
    if (motion > 0.01 && round < iterations - 1) continue;
    const sigma = cut / TUKEY;
    result = { registration, tone, sigma, covariance: covarianceOf(frame, step, sums, sigma, solved) };
    break;
  }
  return result;
}

type Four = readonly [number, number, number, number];

/** What is left of the returned luma under a registration that is given: the tone alone is fitted. */
export function* residualSteps(level: Level, samples: Samples, start: FitState): Generator<void, Float32Array> {
  const frame = frameOf(level, samples);
  const values = warped(level, samples, start.registration);
  let { tone } = start;
  let residuals = residualsOf(samples, values, tone);
  for (let round = 0; round < 3; round++) {
    const sums = accumulate(samples, frame, residuals, 1, cutOf(residuals));
    tone = plus(tone, solveTone(sums));
    residuals = residualsOf(samples, values, tone);
    yield;
  }
  return residuals;
}

/** Places are counted from the samples' middle, in units that make the terms of scale as large as those of shift. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
}

function frameOf({ width, height }: Level, { x, y, count }: Samples): Frame {
  const mean = (of: Float32Array) => of.reduce((sum, v) => sum + v, 0) / Math.max(1, count);
  return { x: mean(x), y: mean(y), unit: Math.max(width, height) / 3 };
}

function moved(
  { scaleX, scaleY, shiftX, shiftY }: Registration,
  frame: Frame,
  step: number,
  [growX, right, growY, down]: Four,
): Registration {
  return {
    scaleX: scaleX + growX / frame.unit,
    scaleY: scaleY + growY / frame.unit,
    shiftX: shiftX + (right - (growX * frame.x) / frame.unit) * step,
    shiftY: shiftY + (down - (growY * frame.y) / frame.unit) * step,
  };
}

/** The returned luma where each sample went; NaN outside. */
function warped(level: Level, { x, y, count }: Samples, to: Registration): Float32Array {
  const { width, height, step, returnedLuma } = level;
  const left = to.shiftX / step;
  const top = to.shiftY / step;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = cubicAt(returnedLuma, width, height, x[i]! * to.scaleX + left, y[i]! * to.scaleY + top);
  }
  return out;
}

function residualsOf({ colour: [red, green, blue], count }: Samples, values: Float32Array, tone: Float64Array) {
  const [base, r1, r2, g1, g2, b1, b2] = [tone[0]!, tone[1]!, tone[4]!, tone[2]!, tone[5]!, tone[3]!, tone[6]!];
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
function cutOf(residuals: Float32Array): number {
  const histogram = new Int32Array(2048);
  let count = 0;
  for (let i = 0; i < residuals.length; i++) {
    const size = Math.abs(residuals[i]!) * 8;
    if (Number.isNaN(size)) continue;
    histogram[Math.min(2047, Math.floor(size))]!++;
    count++;
  }
  let below = 0;
  let bin = 0;
  while (bin < 2047 && (below += histogram[bin]!) * 2 < count) bin++;
  return TUKEY * Math.max(LEAST_SIGMA, (1.4826 * (bin + 0.5)) / 8);
}

/** Normal equations: sums of weight · term · term and of weight · error · term. */
interface Sums {
  readonly matrix: Matrix;
  readonly right: Float64Array;
  /** The same for each tile, one after another. */
  readonly matrices: Float64Array;
  readonly rights: Float64Array;
}

const SQUARE = TERMS * TERMS;

function accumulate(samples: Samples, frame: Frame, residuals: Float32Array, gain: number, cut: number): Sums {
  const { x, y, slopeX, slopeY, colour, tile, count } = samples;
  const [red, green, blue] = colour;
  const matrices = new Float64Array(TILES * TILES * SQUARE);
  const rights = new Float64Array(TILES * TILES * TERMS);
  const row = new Float64Array(TERMS);
  row[0] = 1;
  for (let i = 0; i < count; i++) {
    const error = residuals[i]!;
    const share = error / cut;
    // Also skips NaN.
    if (!(share > -1 && share < 1)) continue;
    const weight = (1 - share * share) * (1 - share * share);
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    row[1] = r;
    row[2] = g;
    row[3] = b;
    row[4] = r * r;
    row[5] = g * g;
    row[6] = b * b;
    const dx = -gain * slopeX[i]!;
    const dy = -gain * slopeY[i]!;
    row[7] = (dx * (x[i]! - frame.x)) / frame.unit;
    row[8] = dx;
    row[9] = (dy * (y[i]! - frame.y)) / frame.unit;
    row[10] = dy;
    const own = tile[i]! * TERMS;
    for (let j = 0; j < TERMS; j++) {
      const weighted = weight * row[j]!;
      rights[own + j]! += weighted * error;
      for (let k = 0, at = (own + j) * TERMS; k <= j; k++, at++) matrices[at]! += weighted * row[k]!;
    }
  }
  const right = new Float64Array(TERMS);
  for (let at = 0; at < rights.length; at++) right[at % TERMS]! += rights[at]!;
  const matrix = new Float64Array(SQUARE);
  for (let at = 0; at < matrices.length; at++) matrix[at % SQUARE]! += matrices[at]!;
  // Grey pictures do not tell the channels apart: a little weight keeps the tone where it is.
  for (let j = 0; j < TONES; j++) matrix[j * TERMS + j]! += 1e-4 * matrix[0]! + 1e-9;
  for (let j = 0; j < TERMS; j++) for (let k = 0; k < j; k++) matrix[k * TERMS + j] = matrix[j * TERMS + k]!;
  return { matrix, right, matrices, rights };
}

function solveTone({ matrix, right }: Sums): Float64Array {
  const own = new Float64Array(TONES * TONES);
  for (let j = 0; j < TONES; j++) own.set(matrix.subarray(j * TERMS, j * TERMS + TONES), j * TONES);
  const inverse = inverseOf(own, TONES);
  return inverse ? times(inverse, right.subarray(0, TONES), TONES) : new Float64Array(TONES);
}

interface Solved {
  /** All terms; those that are not free are 0. */
  readonly delta: Float64Array;
  /** From the free terms to all. */
  readonly map: Matrix;
  readonly inverse: Matrix;
  readonly free: number;
}

function solve({ matrix, right }: Sums, freedom: Freedom): Solved | null {
  const groups = freedoms[freedom];
  const free = TONES + groups.length;
  const map = new Float64Array(TERMS * free);
  for (let j = 0; j < TONES; j++) map[j * free + j] = 1;
  for (const [k, group] of groups.entries()) for (const j of group) map[(TONES + j) * free + TONES + k] = 1;
  const inverse = inverseOf(congruent(matrix, TERMS, map, free), free);
  if (!inverse) return null;
  const solution = times(inverse, mapped(map, free, right), free);
  const delta = new Float64Array(TERMS);
  for (let j = 0; j < TERMS; j++) for (let k = 0; k < free; k++) delta[j]! += map[j * free + k]! * solution[k]!;
  return { delta, map, inverse, free };
}

/**
 * Of scaleX, shiftX, scaleY, shiftY in px of the sent size: how much the solution moves when any one tile is left out,
 * and what independent errors would give, should few tiles have samples. Null if one tile alone holds the solution.
 */
function covarianceOf(
  frame: Frame,
  step: number,
  sums: Sums,
  sigma: number,
  { map, inverse, free }: Solved,
): Matrix | null {
  const errors = inverse.map((v) => v * sigma * sigma);
  const rest = new Float64Array(SQUARE);
  for (let tile = 0; tile < TILES * TILES; tile++) {
    const own = sums.matrices.subarray(tile * SQUARE, (tile + 1) * SQUARE);
    if (own[0] === 0) continue;
    for (let j = 0; j < TERMS; j++) {
      for (let k = 0; k < TERMS; k++) {
        rest[j * TERMS + k] = sums.matrix[j * TERMS + k]! - own[Math.max(j, k) * TERMS + Math.min(j, k)]!;
      }
    }
    const without = inverseOf(congruent(rest, TERMS, map, free), free);
    if (!without) return null;
    const change = times(without, mapped(map, free, sums.rights.subarray(tile * TERMS)), free);
    for (let j = 0; j < free; j++) {
      for (let k = 0; k < free; k++) errors[j * free + k]! += change[j]! * change[k]!;
    }
  }
  const { x, y, unit } = frame;
  const toSent = new Float64Array(TERMS * 4);
  toSent.set([1 / unit, (-x / unit) * step, 0, 0, 0, step, 0, 0, 0, 0, 1 / unit, (-y / unit) * step, 0, 0, 0, step], TONES * 4);
  const chain = new Float64Array(free * 4);
  for (let p = 0; p < 4; p++) {
    const column = Float64Array.from({ length: TERMS }, (_, j) => toSent[j * 4 + p]!);
    for (const [k, value] of mapped(map, free, column).entries()) chain[k * 4 + p] = value;
  }
  return congruent(errors, free, chain, 4);
}

/** The terms gathered into the free ones. */
function mapped(map: Matrix, free: number, terms: Float64Array): Float64Array {
  const out = new Float64Array(free);
  for (let j = 0; j < TERMS; j++) for (let k = 0; k < free; k++) out[k]! += map[j * free + k]! * terms[j]!;
  return out;
}

function times(matrix: Matrix, vector: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) out[j]! += matrix[j * n + k]! * vector[k]!;
  return out;
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((v, i) => v + b[i]!);
}
