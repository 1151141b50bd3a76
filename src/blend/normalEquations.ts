import type { Placement } from './placement.ts';
import type { Samples } from './samples.ts';
import { TILES } from './spread.ts';
import { congruent, inverseOf, type Matrix, times } from './symmetricMatrix.ts';
import type { Level } from './workLevel.ts';

/** Terms of the tone model: 1, and each channel of the sent picture, then each one's square. */
export const TONES = 7;

/** Then scale x, shift x, scale y, shift y. */
export const TERMS = TONES + 4;
const SQUARE = TERMS * TERMS;

/** What may move: the shift alone, with one scale for both axes, or with one per axis. */
export type Freedom = 'shift' | 'uniform' | 'perAxis';

/** Per free term of the movement, which of scale x, shift x, scale y, shift y it drives. */
const freedoms: Readonly<Record<Freedom, readonly (readonly number[])[]>> = {
  perAxis: [[0], [1], [2], [3]],
  uniform: [[0, 2], [1], [3]],
  shift: [[1], [3]],
};

/** Places are counted from the samples' middle, in units that make the terms of scale as large as those of shift. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  /** Px of the sent size per px of the level. */
  readonly step: number;
}

export function frameOf({ width, height, step }: Level, { x, y, count }: Samples): Frame {
  const mean = (of: Float32Array) => of.reduce((sum, v) => sum + v, 0) / Math.max(1, count);
  return { x: mean(x), y: mean(y), unit: Math.max(width, height) / 3, step };
}

/** Sums of weight · term · term (lower half) and of weight · error · term. */
export interface Sums {
  readonly matrix: Matrix;
  readonly right: Float64Array;
  /** The same for each tile, one after another. */
  readonly matrices: Float64Array;
  readonly rights: Float64Array;
}

/**
 * The normal equations under Tukey's weights.
 * @param errors returned − predicted luma per sample, levels; NaN does not count
 * @param gain how much steeper the returned luma is than the sent one
 * @param cut errors from here on, in levels, do not count
 * @param terms TONES where the tone alone is solved for: the sums of the others stay 0
 */
export function normalEquations(
  samples: Samples,
  frame: Frame,
  errors: Float32Array,
  gain: number,
  cut: number,
  terms: number,
): Sums {
  const { x, y, slopeX, slopeY, colour, tile, count } = samples;
  const [red, green, blue] = colour;
  const matrices = new Float64Array(TILES * TILES * SQUARE);
  const rights = new Float64Array(TILES * TILES * TERMS);
  const own = new Float64Array(TERMS);
  own[0] = 1;
  for (let i = 0; i < count; i++) {
    const error = errors[i]!;
    const share = error / cut;
    if (!(share > -1 && share < 1)) continue;
    const weight = (1 - share * share) * (1 - share * share);
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    own[1] = r;
    own[2] = g;
    own[3] = b;
    own[4] = r * r;
    own[5] = g * g;
    own[6] = b * b;
    const dx = -gain * slopeX[i]!;
    const dy = -gain * slopeY[i]!;
    own[7] = (dx * (x[i]! - frame.x)) / frame.unit;
    own[8] = dx;
    own[9] = (dy * (y[i]! - frame.y)) / frame.unit;
    own[10] = dy;
    const first = tile[i]! * TERMS;
    for (let j = 0; j < terms; j++) {
      const weighted = weight * own[j]!;
      rights[first + j]! += weighted * error;
      for (let k = 0, at = (first + j) * TERMS; k <= j; k++, at++) matrices[at]! += weighted * own[k]!;
    }
  }
  const right = new Float64Array(TERMS);
  for (let at = 0; at < rights.length; at++) right[at % TERMS]! += rights[at]!;
  const matrix = new Float64Array(SQUARE);
  for (let at = 0; at < matrices.length; at++) matrix[at % SQUARE]! += matrices[at]!;
  // Grey pictures do not tell the channels apart: a little weight keeps the tone where it is.
  for (let j = 0; j < TONES; j++) matrix[j * TERMS + j]! += 1e-4 * matrix[0]! + 1e-9;
  return { matrix, right, matrices, rights };
}

/** The change of the tone's coefficients alone. */
export function solveTone({ matrix, right }: Sums): Float64Array {
  const map = new Float64Array(TERMS * TONES);
  for (let j = 0; j < TONES; j++) map[j * TONES + j] = 1;
  const inverse = inverseOf(freeMatrix(matrix, map, TONES), TONES);
  return inverse ? times(inverse, right.subarray(0, TONES)) : new Float64Array(TONES);
}

export interface Solution {
  readonly tone: Float64Array;
  /** Change of scale x, shift x, scale y, shift y, in the frame's units and px of the level. */
  readonly move: Float64Array;
  /** From the free terms to all: TERMS rows. */
  readonly map: Matrix;
  readonly inverse: Matrix;
}

/** Null where the samples do not determine what is free. */
export function solve({ matrix, right }: Sums, freedom: Freedom): Solution | null {
  const groups = freedoms[freedom];
  const free = TONES + groups.length;
  const map = new Float64Array(TERMS * free);
  for (let j = 0; j < TONES; j++) map[j * free + j] = 1;
  for (const [k, group] of groups.entries()) {
    for (const j of group) map[(TONES + j) * free + TONES + k] = 1;
  }
  const inverse = inverseOf(freeMatrix(matrix, map, free), free);
  if (!inverse) return null;
  const solution = times(inverse, gathered(map, free, right));
  const all = new Float64Array(TERMS);
  for (let j = 0; j < TERMS; j++) for (let k = 0; k < free; k++) all[j]! += map[j * free + k]! * solution[k]!;
  return { tone: all.subarray(0, TONES), move: all.subarray(TONES), map, inverse };
}

/** The placement after a change that `solve` gave. */
export function moved(placement: Placement, { x, y, unit, step }: Frame, move: Float64Array): Placement {
  const [growX = 0, right = 0, growY = 0, down = 0] = move;
  return {
    scaleX: placement.scaleX + growX / unit,
    scaleY: placement.scaleY + growY / unit,
    shiftX: placement.shiftX + (right - (growX * x) / unit) * step,
    shiftY: placement.shiftY + (down - (growY * y) / unit) * step,
  };
}

/**
 * Covariance of scale x, shift x, scale y, shift y in px of the sent size, 4 × 4: how much the solution moves when any
 * one tile is left out, and what independent errors would give. Null if one tile alone holds the solution.
 * @param sigma standard deviation of the errors, levels
 */
export function covarianceOf(
  { x, y, unit, step }: Frame,
  { matrix, matrices, rights }: Sums,
  { map, inverse }: Solution,
  sigma: number,
): Matrix | null {
  const free = map.length / TERMS;
  const errors = inverse.map((v) => v * sigma * sigma);
  for (let tile = 0; tile < TILES * TILES; tile++) {
    const own = matrices.subarray(tile * SQUARE, (tile + 1) * SQUARE);
    if (own[0] === 0) continue;
    const rest = matrix.map((v, at) => v - own[at]!);
    const without = inverseOf(freeMatrix(rest, map, free), free);
    if (!without) return null;
    const change = times(without, gathered(map, free, rights.subarray(tile * TERMS, (tile + 1) * TERMS)));
    for (let j = 0; j < free; j++) {
      for (let k = 0; k < free; k++) errors[j * free + k]! += change[j]! * change[k]!;
    }
  }
  const toSent = [
    [1 / unit, 0, 0, 0],
    [(-x / unit) * step, step, 0, 0],
    [0, 0, 1 / unit, 0],
    [0, 0, (-y / unit) * step, step],
  ];
  const chain = new Float64Array(free * 4);
  for (const [column, row] of toSent.entries()) {
    const terms = new Float64Array(TERMS);
    terms.set(row, TONES);
    for (const [k, value] of gathered(map, free, terms).entries()) chain[k * 4 + column] = value;
  }
  return congruent(errors, free, chain, 4);
}

/** What all terms, of which the lower half is given, come to for the free ones. */
function freeMatrix(lower: Matrix, map: Matrix, free: number): Matrix {
  const full = new Float64Array(SQUARE);
  for (let j = 0; j < TERMS; j++) {
    for (let k = 0; k <= j; k++) {
      full[j * TERMS + k] = lower[j * TERMS + k]!;
      full[k * TERMS + j] = lower[j * TERMS + k]!;
    }
  }
  return congruent(full, TERMS, map, free);
}

function gathered(map: Matrix, free: number, terms: Float64Array): Float64Array {
  const out = new Float64Array(free);
  for (let j = 0; j < TERMS; j++) for (let k = 0; k < free; k++) out[k]! += map[j * free + k]! * terms[j]!;
  return out;
}
