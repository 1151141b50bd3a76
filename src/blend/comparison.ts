import { expand, intersect, type PixelRect, pixelRect, rectBetween } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import type { Mask } from '../raster/mask.ts';
import { boundsOf } from './byteBounds.ts';
import { type ColourMatch, colourCorrection, matchColour } from './colourMatch.ts';
import { type CropPlan, contentSize } from './cropPlan.ts';
import { cropRect } from './edgePad.ts';
import { type Fit, IDENTITY, type Registration, registerSteps } from './registration.ts';
import { resampledStrips, type Window } from './resample.ts';
import { sentWindow } from './resultWindow.ts';
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
  // Colours are compared, and shadows looked for, where they are seen: near the mask.
  const near = surroundings(askedSent, plan.sent);
  const registration = fit.kind === 'moved' ? fit.registration : IDENTITY;
  const aligned = yield* scaledSteps(answer, near, sentWindow(near, plan.sent, answer, registration));
  const beside = cropRect(sent.data, sent.width, near, 4);
  const askedNear = cropRect(askedSent, sent.width, near, 1);
  const colour = matchColour(beside, aligned, askedNear, near);
  yield;
  if (colour) colourCorrection(colour, 1)(aligned);
  const spill = yield* findSpillSteps(beside, aligned, askedNear, near);
  return { fit, colour, spill: spill && documentMask(spill, near, plan) };
}

/** What is looked at around the mask, sent px: as much again on every side, and at least this. */
const LEAST_SURROUNDINGS = 160;

function surroundings(asked: Uint8Array, size: Size): PixelRect {
  const whole = pixelRect(0, 0, size.width, size.height);
  const bounds = boundsOf(asked, size) ?? whole;
  const margin = Math.max(LEAST_SURROUNDINGS, bounds.width, bounds.height);
  return intersect(expand(bounds, margin) ?? whole, whole) ?? whole;
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

/** A mask of the sent px in `near` as one of document px: each takes the sent px under its middle. null when it is empty. */
function documentMask(bytes: Uint8Array, near: PixelRect, plan: CropPlan): Mask | null {
  const { rect } = plan;
  const content = contentSize(plan);
  const [perX, perY] = [rect.width / content.width, rect.height / content.height];
  const bounds = boundsOf(bytes, near);
  // One px more on each side: the px at the bounds' own edge may have their middle just inside.
  const place =
    bounds &&
    rectBetween(
      Math.max(0, Math.floor((near.x + bounds.x) * perX) - 1),
      Math.max(0, Math.floor((near.y + bounds.y) * perY) - 1),
      Math.min(rect.width, Math.ceil((near.x + bounds.x + bounds.width) * perX) + 1),
      Math.min(rect.height, Math.ceil((near.y + bounds.y + bounds.height) * perY) + 1),
    );
  if (!place) return null;
  const out = new Uint8Array(place.width * place.height);
  for (let y = 0, o = 0; y < place.height; y++) {
    const row = Math.floor((place.y + y + 0.5) / perY) - near.y;
    for (let x = 0; x < place.width; x++, o++) {
      const column = Math.floor((place.x + x + 0.5) / perX) - near.x;
      const inside = row >= 0 && row < near.height && column >= 0 && column < near.width;
      if (inside) out[o] = bytes[row * near.width + column]!;
    }
  }
  return maskFromCoverage(out, { ...place, x: rect.x + place.x, y: rect.y + place.y });
}
