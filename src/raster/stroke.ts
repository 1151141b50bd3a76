import type { Draft } from './draft.ts';
import { roundSweep } from './roundSweep.ts';
import { squareSweep } from './squareSweep.ts';
import { type Disc, paintSweep } from './sweep.ts';

export interface BrushTip {
  /** Document px, 1–1000, fractional. Of the square: its edge. */
  readonly diameter: number;
  /** Solid share of the radius, 0–1; a square is always hard. */
  readonly hardness: number;
  /** 0–1, of the whole stroke: overlapping parts do not add up. */
  readonly opacity: number;
  /** Round when it is not said. The square's edges are those of the picture. */
  readonly shape?: TipShape;
}

export type TipShape = 'round' | 'square';

export type StrokeMode = 'erase' | 'restore';

export interface StrokeSample {
  /** Image space, fractional: the centre of pixel i is i + 0.5. */
  readonly x: number;
  readonly y: number;
  /** 0–1, scales the diameter; 1 for a mouse. */
  readonly pressure: number;
  /** 0–1, scales the opacity; 1 when it is not said. */
  readonly strength?: number;
}

/** The lightest touch of a pen still draws a line one pixel wide. */
const SMALLEST_RADIUS = 0.5;
/** Where the strength changes, it does in steps of at most so many levels of coverage, … */
const STEP_LEVELS = 2;
/** … but a leap, as when a pen is put down, in no more than so many steps, each of which costs a sweep. */
const MOST_STEPS = 16;

const discOf = (tip: BrushTip, { x, y, pressure }: StrokeSample): Disc => ({
  x,
  y,
  radius: Math.max(SMALLEST_RADIUS, (tip.diameter / 2) * pressure),
});

const between = (a: Disc, b: Disc, t: number): Disc => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
  radius: a.radius + (b.radius - a.radius) * t,
});

/**
 * Paints what the brush sweeps between two samples (the same sample twice: a dab) into the draft. Coverage s is 1
 * in the solid core and falls to 0 over the rim. Round: linearly over one pixel across the radius when the rim is no
 * wider (antialiasing), as a smoothstep from hardness · radius to radius otherwise; where the radius varies, each
 * pixel takes the disc of the sweep that it lies deepest in. Square: the share of the pixel that the sweep covers.
 *
 * erase: max(old, round(255 · opacity · s)); restore: min(old, 255 − round(255 · opacity · s)). Maximum and minimum
 * do not depend on order or repetition, so writing each part straight into the draft gives the same mask as
 * collecting the whole stroke first: a stroke that crosses itself does not build up. For the same reason a part whose
 * strength changes on its way is a row of parts of one strength each, the greater of their ends.
 *
 * `continues` says that the part painted before this one ended at `from`: what lies behind that sample is painted
 * already and its soft rim need not be evaluated again, which is half of the work of a large soft brush.
 */
export function strokeCapsule(
  draft: Draft,
  mode: StrokeMode,
  tip: BrushTip,
  from: StrokeSample,
  to: StrokeSample,
  continues = false,
): void {
  const first = discOf(tip, from);
  const last = discOf(tip, to);
  const opacity = tip.opacity * (from.strength ?? 1);
  const change = tip.opacity * (to.strength ?? 1) - opacity;
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.ceil((Math.abs(change) * 255) / STEP_LEVELS)));
  for (let k = 0; k < steps; k++) {
    const start = k === 0 ? first : between(first, last, k / steps);
    const end = k === steps - 1 ? last : between(first, last, (k + 1) / steps);
    // What lies behind was painted at least as strongly, unless the strength grows.
    const behindIsDone = (continues || k > 0) && change <= 0;
    const sweep =
      tip.shape === 'square' ? squareSweep(start, end) : roundSweep(start, end, tip.hardness, behindIsDone);
    paintSweep(draft, mode === 'erase', opacity + (change * (change > 0 ? k + 1 : k)) / steps, sweep);
  }
}
