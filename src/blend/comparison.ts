import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import type { Mask } from '../raster/mask.ts';
import { type ColourMatch, colourCorrection, matchColour } from './colourMatch.ts';
import { type CropPlan, contentSize } from './cropPlan.ts';
import { type Fit, IDENTITY, type Registration, registerSteps } from './registration.ts';
import { resampledStrips, type Window } from './resample.ts';
import { sentMask } from './sentMask.ts';
import type { Size } from './size.ts';
import { findSpillSteps } from './spill.ts';

/** What comparing an answer with what was sent has told. */
export interface Comparison {
  readonly fit: Fit;
  /** null: the colours agree, or nothing tells. */
  readonly colour: ColourMatch | null;
  /** Document px that the service changed beside the mask and in touch with it; 0 / 255. null: none. */
  readonly spill: Mask | null;
}

/** Nothing is known, and nothing is undone. */
export const NO_COMPARISON: Comparison = { fit: { kind: 'unclear' }, colour: null, spill: null };

/** A straight RGBA picture. */
export interface Picture extends Size {
  readonly data: Uint8Array;
}

export const registrationOf = ({ fit }: Comparison): Registration =>
  fit.kind === 'moved' ? fit.registration : IDENTITY;

/**
 * Compares an answer with what was sent, outside what was asked to change: how it lies, how its colours differ, what
 * changed beside the mask. Both straight RGBA in sRGB.
 */
export function* compareSteps(
  sent: Picture,
  answer: Picture,
  asked: Mask,
  plan: CropPlan,
): Generator<void, Comparison> {
  const askedSent = sentMask(asked, plan);
  if (!askedSent.includes(0)) return NO_COMPARISON;
  const returned = yield* scaledSteps(answer, plan.sent);
  const fit = yield* registerSteps(sent.data, returned, askedSent, plan.sent);
  if (fit.kind === 'reframed') return { fit, colour: null, spill: null };
  const registration = fit.kind === 'moved' ? fit.registration : null;
  const aligned = registration
    ? yield* scaledSteps(answer, plan.sent, alignedWindow(plan.sent, answer, registration))
    : returned;
  const colour = matchColour(sent.data, aligned, askedSent, plan.sent);
  yield;
  if (colour) colourCorrection(colour, 1)(aligned);
  yield;
  const spill = yield* findSpillSteps(sent.data, aligned, askedSent, plan.sent);
  return { fit, colour, spill: spill && documentMask(spill, plan) };
}

/** The part of an answer that shows all of what was sent. */
function alignedWindow(sent: Size, answer: Size, { scaleX, scaleY, shiftX, shiftY }: Registration): Window {
  const [x, y] = [answer.width / sent.width, answer.height / sent.height];
  return { x: shiftX * x, y: shiftY * y, width: scaleX * answer.width, height: scaleY * answer.height };
}

/** The answer, or a window of it, at the size that was sent. A copy: it may be written to. */
export function* scaledSteps(
  answer: Picture,
  to: Size,
  window: Window = { x: 0, y: 0, width: answer.width, height: answer.height },
): Generator<void, Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(to.width * to.height * 4);
  const read = (first: number, last: number) =>
    answer.data.subarray(first * answer.width * 4, last * answer.width * 4);
  let at = 0;
  for (const strip of resampledStrips(read, answer, to, window)) {
    out.set(strip, at);
    at += strip.length;
    yield;
  }
  return out;
}

/** A mask of sent px as one of document px: each takes the sent px under its middle. null when it is empty. */
function documentMask(bytes: Uint8Array, { rect, sent, ...plan }: CropPlan): Mask | null {
  const bounds = boundsOf(bytes, sent);
  const content = contentSize({ rect, sent, ...plan });
  const [perX, perY] = [rect.width / content.width, rect.height / content.height];
  // One px more on each side: the px at the bounds' own edge may have their middle just inside.
  const place =
    bounds &&
    rectBetween(
      Math.max(0, Math.floor(bounds.x * perX) - 1),
      Math.max(0, Math.floor(bounds.y * perY) - 1),
      Math.min(rect.width, Math.ceil((bounds.x + bounds.width) * perX) + 1),
      Math.min(rect.height, Math.ceil((bounds.y + bounds.height) * perY) + 1),
    );
  if (!place) return null;
  const out = new Uint8Array(place.width * place.height);
  for (let y = 0, o = 0; y < place.height; y++) {
    const row = Math.floor((place.y + y + 0.5) / perY) * sent.width;
    for (let x = 0; x < place.width; x++, o++) {
      out[o] = bytes[row + Math.floor((place.x + x + 0.5) / perX)]!;
    }
  }
  return maskFromCoverage(out, { ...place, x: rect.x + place.x, y: rect.y + place.y });
}

function boundsOf(bytes: Uint8Array, { width, height }: Size): PixelRect | null {
  let [left, top, end, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    left = Math.min(left, first);
    end = Math.max(end, row.findLastIndex((value) => value > 0) + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return rectBetween(left, top, end, bottom);
}
