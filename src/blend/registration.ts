import { agreementOf } from './agreement.ts';
import { type Candidate, Matcher } from './alignmentSearch.ts';
import { IDENTITY, type Registration } from './placement.ts';
import { type FitResult, type FitState, plainTone, residualSteps, robustFitSteps } from './robustFit.ts';
import { samplesOf, type Samples } from './samples.ts';
import type { Size } from './size.ts';
import type { Matrix } from './symmetricSolve.ts';
import { halved, type Level, workLevelSteps } from './workLevel.ts';

/** How a returned picture lies against what was sent. */
export type Fit =
  | { readonly kind: 'same' }
  | { readonly kind: 'moved'; readonly registration: Registration }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'reframed' };

export function* registerSteps(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): Generator<void, Fit> {
  if (isKept(sent, returned, asked)) return { kind: 'same' };
  const finest = yield* workLevelSteps(sent, returned, asked, size);
  const levels = pyramid(finest);
  const start = yield* searchSteps(levels, size);
  if (!start) return { kind: 'unclear' };
  let state = start.state;
  for (let at = start.at - 1; at > 0; at--) {
    const level = levels[at]!;
    state = yield* robustFitSteps(level, samplesOf(level, MIDDLE_SAMPLES), state, 'perAxis', 6);
  }
  const samples = samplesOf(finest, FINEST_SAMPLES);
  yield;
  const full = yield* robustFitSteps(finest, samples, state, 'perAxis', 10);
  debug.full = full;
  const { best, covariance } = yield* simplestSteps(finest, samples, full);
  debug.best = best;
  const judged = levels.find(({ width, height }) => width * height <= 300_000) ?? levels.at(-1)!;
  const agreement = agreementOf(judged, best.registration);
  debug.agreement = agreement;
  yield;
  if (agreement.share < 0.3) return { kind: agreement.textured >= 24 ? 'reframed' : 'unclear' };
  if (agreement.share < 0.5 && agreement.textured < 40) return { kind: 'unclear' };
  const places = probes(asked, size);
  const error = Math.max(...places.map((place) => deviation(covariance, place)));
  debug.error = error;
  if (!(error < 0.35)) return { kind: 'unclear' };
  const motion = Math.max(...places.map((place) => displacement(best.registration, place)));
  debug.motion = motion;
  if (motion < 0.1) return { kind: 'same' };
  if (motion < 3 * error) return error < 0.1 ? { kind: 'same' } : { kind: 'unclear' };
  if (!withinRange(best.registration, size)) return { kind: agreement.textured >= 24 ? 'reframed' : 'unclear' };
  const before = yield* residualSteps(finest, samples, { ...best, registration: IDENTITY });
  const after = yield* residualSteps(finest, samples, best);
  debug.helps = helps(before, after, best.sigma, samples.tile);
  return debug.helps ? { kind: 'moved', registration: best.registration } : { kind: 'unclear' };
}

export const debug: any = {};

const MIDDLE_SAMPLES = 10_000;
const FINEST_SAMPLES = 30_000;

function isKept(sent: Uint8Array, returned: Uint8Array, asked: Uint8Array): boolean {
  for (let i = 0, at = 0; i < asked.length; i++, at += 4) {
    if (asked[i] !== 0) continue;
    if (sent[at] !== returned[at] || sent[at + 1] !== returned[at + 1] || sent[at + 2] !== returned[at + 2]) {
      return false;
    }
  }
  return true;
}

function pyramid(finest: Level): Level[] {
  const levels = [finest];
  while (Math.max(levels.at(-1)!.width, levels.at(-1)!.height) >= 192) levels.push(halved(levels.at(-1)!));
  return levels;
}

function* searchSteps(levels: readonly Level[], size: Size): Generator<void, { at: number; state: FitState } | null> {
  let at = levels.length - 1;
  let matcher = new Matcher(levels[at]!);
  while (at > 0 && matcher.points < 500) matcher = new Matcher(levels[--at]!);
  if (matcher.points < 60) return null;
  const level = levels[at]!;
  const reach = Math.ceil((8 + 0.03 * Math.max(size.width, size.height)) / level.step);
  const shifts = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const coarse = yield* matcher.search(IDENTITY, { scales: [-0.05, -0.025, 0, 0.025, 0.05], shifts }, 4);
  if (at > 0) matcher = new Matcher(levels[--at]!);
  const fine = levels[at]!;
  const samples = samplesOf(fine, 6000);
  const starts: Candidate[] = [{ registration: IDENTITY, score: matcher.score(IDENTITY) }, ...coarse];
  const near: Candidate[] = [];
  for (const { registration } of starts) {
    const [first] = yield* matcher.search(registration, { scales: [-0.0125, 0, 0.0125], shifts: [-1, 0, 1] }, 1);
    near.push(...(yield* matcher.search(first!.registration, { scales: [-0.00625, 0, 0.00625], shifts: [-0.5, 0, 0.5] }, 1)));
  }
  near.sort((a, b) => b.score - a.score);
  let best: Candidate = { registration: IDENTITY, score: -1 };
  let state: FitState = { registration: IDENTITY, tone: plainTone() };
  for (const candidate of near.slice(0, 2)) {
    const fit = yield* robustFitSteps(fine, samples, { ...candidate, tone: plainTone() }, 'perAxis', 8);
    const score = matcher.score(fit.registration);
    const one = score >= candidate.score ? { registration: fit.registration, score } : candidate;
    if (one.score > best.score) {
      best = one;
      state = { registration: one.registration, tone: fit.tone };
    }
  }
  debug.search = best;
  return { at, state };
}

function* simplestSteps(
  finest: Level,
  samples: Samples,
  full: FitResult,
): Generator<void, { readonly best: FitResult; readonly covariance: Matrix | null }> {
  const middle: Place = [mean(samples.x) * finest.step, mean(samples.y) * finest.step];
  if (differs(full, [1, 0, -1, 0])) return { best: full, covariance: full.covariance };
  const { scaleX, scaleY } = full.registration;
  const even = withScale(full, (scaleX + scaleY) / 2, middle);
  const uniform = yield* robustFitSteps(finest, samples, even, 'uniform', 6);
  const { covariance } = uniform;
  if (differs(uniform, [1, 0, 0, 0], 1)) return { best: uniform, covariance };
  const best = yield* robustFitSteps(finest, samples, withScale(uniform, 1, middle), 'shift', 6);
  return { best, covariance };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

function differs({ registration, covariance }: FitResult, of: readonly number[], from = 0): boolean {
  if (!covariance) return false;
  const { scaleX, shiftX, scaleY, shiftY } = registration;
  const values = [scaleX, shiftX, scaleY, shiftY];
  let value = -from;
  let variance = 0;
  for (let j = 0; j < 4; j++) {
    value += of[j]! * values[j]!;
    for (let k = 0; k < 4; k++) variance += of[j]! * of[k]! * covariance[j * 4 + k]!;
  }
  return value * value > 9 * variance;
}

function withScale({ registration, tone }: FitState, scale: number, [x, y]: Place): FitState {
  const { scaleX, scaleY, shiftX, shiftY } = registration;
  return {
    registration: {
      scaleX: scale,
      scaleY: scale,
      shiftX: shiftX + (scaleX - scale) * x,
      shiftY: shiftY + (scaleY - scale) * y,
    },
    tone,
  };
}

type Place = readonly [number, number];

function probes(asked: Uint8Array, { width, height }: Size): Place[] {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (asked[i] === 0) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (right === 0) [left, top, right, bottom] = [0, 0, width, height];
  return [[left, top], [right, top], [left, bottom], [right, bottom], [(left + right) / 2, (top + bottom) / 2]];
}

function displacement({ scaleX, scaleY, shiftX, shiftY }: Registration, [x, y]: Place): number {
  return Math.hypot(x * (scaleX - 1) + shiftX, y * (scaleY - 1) + shiftY);
}

function deviation(c: Float64Array | null, [x, y]: Place): number {
  if (!c) return Number.POSITIVE_INFINITY;
  const across = x * x * c[0]! + 2 * x * c[1]! + c[5]!;
  const down = y * y * c[10]! + 2 * y * c[11]! + c[15]!;
  return Math.sqrt(Math.max(across, down));
}

function withinRange(registration: Registration, { width, height }: Size): boolean {
  const { scaleX, scaleY } = registration;
  const centre = displacement(registration, [width / 2, height / 2]);
  return Math.max(Math.abs(scaleX - 1), Math.abs(scaleY - 1)) < 0.055 && centre < 1.5 * (8 + 0.03 * Math.max(width, height));
}

function helps(before: Float32Array, after: Float32Array, sigma: number, tile: Uint8Array): boolean {
  const limit = (4.685 * sigma) ** 2;
  const gains = new Float64Array(64);
  let left = 0;
  for (let i = 0; i < before.length; i++) {
    const a = before[i]! ** 2;
    const b = after[i]! ** 2;
    if (Number.isNaN(a + b)) continue;
    gains[tile[i]!]! += Math.min(limit, a) - Math.min(limit, b);
    left += Math.min(limit, b);
  }
  let sum = 0;
  let squares = 0;
  for (const gain of gains) {
    sum += gain;
    squares += gain * gain;
  }
  return sum > 0.2 * left || sum > 3 * Math.sqrt(squares);
}
