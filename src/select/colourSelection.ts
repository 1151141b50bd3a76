import { contains, intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
import { distanceFrom, LEVELS_PER_UNIT, meanColour } from './colourDistance.ts';
import { floodSteps } from './colourFlood.ts';
import { DistanceField, type ReadPixels } from './distanceField.ts';
import type { ToOklab } from './oklab.ts';
import { selectedMaskSteps } from './selectedMask.ts';

/** Where a magic wand touches, and what it takes for the chosen colour. */
export interface ColourSeed {
  /** Document px. */
  readonly x: number;
  readonly y: number;
  /** The chosen colour is the mean of so many px across and down: 1, 3 or 5. */
  readonly sample: number;
  /** Only what hangs together with the seed; otherwise the whole frame. */
  readonly contiguous: boolean;
}

/** How much of it is taken; changing it measures nothing anew. */
export interface ColourReach {
  /** 0–100: the distance in OKLab, in hundredths, up to which a colour is taken. */
  readonly tolerance: number;
  readonly antialias: boolean;
}

/**
 * A magic wand's touch, for as many tolerances as are asked for: distances are measured once. Holds one byte per pixel
 * of the frame, and another while it floods: 134 MB at 67 megapixels.
 */
export class ColourSelection {
  readonly #field: DistanceField;
  /** Index of the seed; null takes the whole frame. */
  readonly #from: number | null;

  /** The seed lies in the frame. */
  constructor(frame: PixelRect, seed: ColourSeed, read: ReadPixels, lab: ToOklab) {
    const half = seed.sample >> 1;
    const sampled = intersect(frame, pixelRect(seed.x - half, seed.y - half, seed.sample, seed.sample));
    if (!sampled || !contains(frame, pixelRect(seed.x, seed.y, 1, 1))) {
      throw new RangeError('The seed lies outside the frame');
    }
    this.#field = new DistanceField(frame, read, distanceFrom(meanColour(read(sampled), lab), lab));
    this.#from = seed.contiguous ? (seed.y - frame.y) * frame.width + seed.x - frame.x : null;
  }

  /** May be left at any step, and another be begun: what was measured stays. */
  *maskSteps({ tolerance, antialias }: ColourReach): Generator<void, Mask> {
    const level = Math.round(tolerance * LEVELS_PER_UNIT);
    const field = this.#field;
    if (this.#from !== null) {
      const flood = yield* floodSteps(field, this.#from, level);
      return yield* selectedMaskSteps({ field, ...flood }, level, antialias);
    }
    yield* field.all();
    const whole = { field, levels: field.levels, top: 0, bottom: field.frame.height };
    return yield* selectedMaskSteps(whole, level, antialias);
  }
}
