import { frameOf } from './normalEquations.ts';
import { type Place, rescaled } from './placement.ts';
import { type FitResult, type FitState, robustFitSteps } from './robustFit.ts';
import type { Samples } from './samples.ts';
import type { Matrix } from './symmetricMatrix.ts';
import type { Level } from './workLevel.ts';

/** Standard errors from which a scale counts. */
const SIGNIFICANT = 3;

const ITERATIONS = 6;

export interface SimplestFit {
  readonly fit: FitResult;
  /**
   * How well it is known. For a mere shift that of the fit with a scale: a shift that is exact where there is texture
   * says nothing of a place far off as long as a scale cannot be ruled out.
   */
  readonly covariance: Matrix | null;
}

/**
 * A fit with a scale per axis brought down to one scale, or to none, where the pictures do not tell the difference:
 * what is not estimated has no error.
 */
export function* simplestFitSteps(
  level: Level,
  samples: Samples,
  full: FitResult,
): Generator<void, SimplestFit> {
  if (differs(full, [1, 0, -1, 0], 0)) return { fit: full, covariance: full.covariance };
  const { x, y, step } = frameOf(level, samples);
  const middle: Place = [x * step, y * step];
  const { scaleX, scaleY } = full.placement;
  const even = withScale(full, (scaleX + scaleY) / 2, middle);
  const uniform = yield* robustFitSteps(level, samples, even, 'uniform', ITERATIONS);
  const { covariance } = uniform;
  if (differs(uniform, [1, 0, 0, 0], 1)) return { fit: uniform, covariance };
  const unscaled = withScale(uniform, 1, middle);
  return { fit: yield* robustFitSteps(level, samples, unscaled, 'shift', ITERATIONS), covariance };
}

/** Wald's test of a combination of scale x, shift x, scale y, shift y against a value. */
function differs({ placement, covariance }: FitResult, of: readonly number[], from: number): boolean {
  if (!covariance) return false;
  const { scaleX, shiftX, scaleY, shiftY } = placement;
  let difference = -from;
  let variance = 0;
  for (const [j, value] of [scaleX, shiftX, scaleY, shiftY].entries()) {
    difference += of[j]! * value;
    for (let k = 0; k < 4; k++) variance += of[j]! * of[k]! * covariance[j * 4 + k]!;
  }
  return difference * difference > SIGNIFICANT * SIGNIFICANT * variance;
}

function withScale({ placement, tone }: FitState, scale: number, about: Place): FitState {
  return { placement: rescaled(placement, scale, scale, about), tone };
}
