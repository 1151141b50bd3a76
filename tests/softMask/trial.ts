import { DEFAULT_BLEND } from '../../src/blend/blendSettings.ts';
import { blendWeightsSteps } from '../../src/blend/blendWeights.ts';
import { colourCorrection } from '../../src/blend/colourMatch.ts';
import { type Comparison, compareSteps, type Picture, registrationOf } from '../../src/blend/comparison.ts';
import { flattenRect } from '../../src/blend/composite.ts';
import { type CropPlan, contentSize } from '../../src/blend/cropPlan.ts';
import { edgePad } from '../../src/blend/edgePad.ts';
import { IDENTITY, type Registration } from '../../src/blend/registration.ts';
import { resample } from '../../src/blend/resample.ts';
import { resultWindow } from '../../src/blend/resultWindow.ts';
import { seamCorrectionSteps } from '../../src/blend/seam.ts';
import { sentMask } from '../../src/blend/sentMask.ts';
import type { Size } from '../../src/blend/size.ts';
import { type PixelRect, pixelRect } from '../../src/geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../../src/raster/coverage.ts';
import { emptyMask, type Mask, maskSource } from '../../src/raster/mask.ts';
import { growMask } from '../../src/raster/operations/growMask.ts';
import { type Distortion, softMaskReply } from './softMaskModel.ts';

/** Sent px by which services get their mask grown. */
const GROW = 4;

/** One edit of a picture by the soft-mask model. */
export interface Trial {
  /** What the user has: straight RGBA of `size`. */
  readonly document: Uint8Array;
  /** What the model would paint everywhere: RGBA of `size`. */
  readonly truth: Uint8Array;
  /** One byte per px of `size`. */
  readonly coverage: Uint8Array;
  readonly size: Size;
  readonly plan: CropPlan;
  readonly distortion: Distortion;
  /** Size of the answer; that of what was sent by default. */
  readonly answer?: Size;
}

/** What the model answers, and what it was asked. */
export interface Asked {
  readonly trial: Trial;
  readonly mask: Mask;
  readonly sent: Picture;
  readonly raw: Picture;
}

/** The whole picture, unscaled. */
export const wholePlan = ({ width, height }: Size): CropPlan => ({
  rect: pixelRect(0, 0, width, height),
  sent: { width, height },
  scale: 1,
  padded: { right: 0, bottom: 0 },
});

/** The plan's part of a picture as it is sent. */
function cropped(pixels: Uint8Array, { width }: Size, plan: CropPlan): Uint8Array<ArrayBuffer> {
  const { rect } = plan;
  const part = new Uint8Array(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * width + rect.x) * 4;
    part.set(pixels.subarray(start, start + rect.width * 4), y * rect.width * 4);
  }
  return edgePad(resample(part, rect, contentSize(plan)), contentSize(plan), plan.sent, 4);
}

export function ask(trial: Trial): Asked {
  const { document, truth, coverage, size, plan, distortion, answer = plan.sent } = trial;
  const frame = pixelRect(0, 0, size.width, size.height);
  const mask = maskFromCoverage(coverage, frame);
  const sent = { ...plan.sent, data: cropped(document, size, plan) };
  const hole = sentMask(growMask(mask, frame, GROW / plan.scale), plan);
  const reply = softMaskReply(sent.data, hole, plan.sent, cropped(truth, size, plan), distortion);
  return { trial, mask, sent, raw: { ...answer, data: resample(reply, plan.sent, answer) } };
}

/** Runs long work to its end. */
function done<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export const compared = ({ trial, mask, sent, raw }: Asked): Comparison =>
  done(compareSteps(sent, raw, mask, trial.plan));

/** What the document becomes: straight RGBA, and the weight of the result at each of its px. */
export interface Outcome {
  readonly pixels: Uint8Array;
  readonly weights: Uint8Array;
}

/** The picture's place in a document whose stack holds nothing else. */
interface Placed {
  readonly frame: PixelRect;
  readonly pixels: Map<string, Uint8Array>;
}

/** As the worker does it, once it knows how the answer lies and how to undo its colours. */
function blended(
  { trial, mask, raw }: Asked,
  registration: Registration,
  correct: ((pixels: Uint8Array) => void) | null,
  spill: Mask | null,
  seam: 'feather' | 'gradient',
): Outcome {
  const { document, size, plan } = trial;
  const frame = pixelRect(0, 0, size.width, size.height);
  const settings = { ...DEFAULT_BLEND, seam };
  const request = { asked: mask, spill, uncovered: emptyMask, settings, frame, within: plan.rect };
  const weights = done(blendWeightsSteps(request));
  const { rect } = plan;
  const data = resample(raw.data, raw, rect, resultWindow(plan, raw, rect, registration));
  correct?.(data);
  const placed: Placed = { frame, pixels: new Map([['picture', document]]) };
  const source = { pixels: (id: string) => placed.pixels.get(id)! };
  const picture = { id: 'picture', ...size };
  if (seam === 'gradient') {
    const below = flattenRect(source, { frame, picture, layers: [] }, rect);
    done(seamCorrectionSteps(data, below, coverageOf(maskSource(weights), rect), rect));
  }
  placed.pixels.set('result', data);
  const image = { id: 'result', width: rect.width, height: rect.height };
  const layers = [{ id: 'layer', image, rect, mask: weights, visible: true }];
  return {
    pixels: flattenRect(source, { frame, picture, layers }, frame),
    weights: coverageOf(maskSource(weights), frame),
  };
}

/** With what the comparison found. */
export function accepted(
  asked: Asked,
  comparison: Comparison,
  seam: 'feather' | 'gradient' = 'feather',
): Outcome {
  const { colour, spill } = comparison;
  return blended(asked, registrationOf(comparison), colour && colourCorrection(colour, 1), spill, seam);
}

/** With what the model really did. */
export function oracle(asked: Asked): Outcome {
  const { gain, gamma, ...placement } = asked.trial.distortion;
  const tables = [0, 1, 2].map((c) =>
    Uint8ClampedArray.from(
      { length: 256 },
      (_, level) => 255 * (level / 255 / gain[c as 0 | 1 | 2]) ** (1 / gamma[c as 0 | 1 | 2]),
    ),
  );
  const undo = (pixels: Uint8Array) => {
    for (let i = 0; i < pixels.length; i++) if (i % 4 < 3) pixels[i] = tables[i % 4]![pixels[i]!]!;
  };
  return blended(asked, placement, undo, null, 'feather');
}

/** The answer as it is, cut out by what was painted. */
export function naive({ trial, raw }: Asked): Uint8Array {
  const { document, coverage, size, plan } = trial;
  const { rect } = plan;
  const data = resample(raw.data, raw, rect, resultWindow(plan, raw, rect, IDENTITY));
  const out = document.slice();
  for (let y = rect.y, from = 0; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++, from += 4) {
      const at = y * size.width + x;
      if (coverage[at]! > 0) out.set(data.subarray(from, from + 4), at * 4);
    }
  }
  return out;
}
