import { agreementSteps } from './agreement.ts';
import { coarseFitSteps, searchReach } from './coarseFit.ts';
import { isBetter, placesAround, standardError } from './evidence.ts';
import { displacement, type Placement } from './placement.ts';
import { agreeingFitSteps, costSteps, robustFitSteps } from './robustFit.ts';
import { chosenSamples, samplesOf } from './samples.ts';
import { simplestFitSteps } from './simplestFit.ts';
import type { Size } from './size.ts';
import { halved, type Level, workLevelSteps } from './workLevel.ts';

export type Registration = Placement;

export const IDENTITY: Registration = { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 };

/** How a returned picture lies against what was sent. */
export type Fit =
  /** As it was sent, or so nearly that resampling would cost more than it mends. */
  | { readonly kind: 'same' }
  | { readonly kind: 'moved'; readonly registration: Registration }
  /** Too little texture around the mask to tell: it is left as it is. */
  | { readonly kind: 'unclear' }
  /** There is texture, but nothing within range fits it. */
  | { readonly kind: 'reframed' };

/** Displacements at the mask below this many px are not worth resampling for. */
const WORTH = 0.1;

/** Standard error of the displacement at the mask, px, from which a fit tells nothing. */
const TOO_VAGUE = 0.25;

/** Scales farther from 1 are not believed: 5 % and the error of an estimate. */
const MOST_SCALE = 0.055;

/** Blocks with texture that it takes to judge a fit by their agreement, and to say that a picture was reframed. */
const FEW_BLOCKS = 12;
const ENOUGH_BLOCKS = 24;
const MANY_BLOCKS = 40;

/** Share of the blocks with texture that agree below which nothing fits: with 30 % painted anew it is above 0.5. */
const REFRAMED = 0.4;

/** Pixels of the level that agreement is judged on, at most; and of samples on the finest and the middle levels. */
const JUDGED_PIXELS = 300_000;
const FINEST_SAMPLES = 40_000;
const MIDDLE_SAMPLES = 10_000;

/** Of a fit, at most. */
const ITERATIONS = 8;

/**
 * Estimates how the picture that a service returned lies against what was sent, from what surrounds the mask: a search
 * on a coarse level, then a robust fit from level to level (see `coarseFit`, `robustFit`). Tone may have changed, parts
 * may have been painted anew, whatever lies in the hole does not count. Shifts up to 3 % of the long edge and 8 px and
 * scales up to 5 % are found; a mask that leaves a rim of less than about 10 px is mostly unclear. Yields between pieces
 * of some ms, the longest about 20 ms at 1 MP.
 *
 * @param sent, returned straight RGBA, both of `size`, 4-byte aligned; pixels of `sent` that are not opaque do not count
 * @param asked one byte per px, 0 where nothing was to be edited
 */
export function* registerSteps(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): Generator<void, Fit> {
  if (isKept(sent, returned, asked)) return { kind: 'same' };
  const levels = pyramid(yield* workLevelSteps(sent, returned, asked, size));
  yield;
  const coarse = yield* coarseFitSteps(levels, size, IDENTITY);
  if (!coarse) return { kind: 'unclear' };
  let { state } = coarse;
  for (const level of levels.slice(1, Math.max(1, coarse.at)).reverse()) {
    state = yield* robustFitSteps(level, samplesOf(level, MIDDLE_SAMPLES), state, 'perAxis', ITERATIONS);
  }
  const finest = levels[0]!;
  const all = samplesOf(finest, FINEST_SAMPLES);
  yield;
  // Every fourth is held out, to judge the fit by pixels that it has not seen.
  const held = chosenSamples(all, (k) => k % 4 === 0);
  const used = chosenSamples(all, (k) => k % 4 !== 0);
  const { fit: full, samples } = yield* agreeingFitSteps(finest, used, state, ITERATIONS);
  const { fit, covariance } = yield* simplestFitSteps(finest, samples, full);

  // A fit to nothing runs off, out of the picture even.
  const believed = isWithinRange(fit.placement, size) ? fit.placement : coarse.state.placement;
  const judged = levels.find(({ width, height }) => width * height <= JUDGED_PIXELS) ?? finest;
  const { textured, share } = yield* agreementSteps(judged, believed);
  if (textured >= ENOUGH_BLOCKS && share < REFRAMED) return { kind: 'reframed' };
  const agrees =
    textured < FEW_BLOCKS
      ? coarse.score > 0.35 || (coarse.score > 0.2 && samples.count > used.count / 2)
      : textured >= MANY_BLOCKS || share > 0.5;
  if (!agrees) return { kind: 'unclear' };
  const failed: Fit = { kind: textured >= ENOUGH_BLOCKS && share < 0.6 ? 'reframed' : 'unclear' };
  const places = placesAround(asked, size);
  const error = Math.max(...places.map((place) => standardError(covariance, place)));
  if (!(error < TOO_VAGUE)) return failed;
  const motion = Math.max(...places.map((place) => displacement(fit.placement, place)));
  if (motion < WORTH) return { kind: 'same' };
  if (motion < 3 * error) return { kind: error < WORTH ? 'same' : 'unclear' };
  if (!isWithinRange(fit.placement, size)) {
    return { kind: textured >= ENOUGH_BLOCKS ? 'reframed' : 'unclear' };
  }
  const before = yield* costSteps(finest, held, { ...fit, placement: IDENTITY }, fit.sigma);
  const after = yield* costSteps(finest, held, fit, fit.sigma);
  return isBetter(before, after, held.tile) ? { kind: 'moved', registration: fit.placement } : failed;
}

/** Whether nothing has changed outside the mask, hidden alpha aside. */
function isKept(sent: Uint8Array, returned: Uint8Array, asked: Uint8Array): boolean {
  const a = new Uint32Array(sent.buffer, sent.byteOffset, asked.length);
  const b = new Uint32Array(returned.buffer, returned.byteOffset, asked.length);
  for (let i = 0; i < asked.length; i++) {
    if (a[i] === b[i] || asked[i] !== 0) continue;
    for (let at = i * 4; at < i * 4 + 3; at++) if (sent[at] !== returned[at]) return false;
  }
  return true;
}

/** Finest first, down to a long edge of 96 to 191 px. */
function pyramid(finest: Level): Level[] {
  const levels = [finest];
  for (let last = finest; Math.max(last.width, last.height) >= 192; levels.push(last)) last = halved(last);
  return levels;
}

function isWithinRange(placement: Placement, size: Size): boolean {
  const scale = Math.max(Math.abs(placement.scaleX - 1), Math.abs(placement.scaleY - 1));
  // The diagonal of what is searched, and some.
  return (
    scale < MOST_SCALE && displacement(placement, [size.width / 2, size.height / 2]) < 1.5 * searchReach(size)
  );
}
