import { contains, intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
import { distanceFrom, LEVELS_PER_UNIT, meanColour } from './colourDistance.ts';
import { ColourFlood } from './colourFlood.ts';
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
 * A magic wand's touch, for as many tolerances as are asked for. Holds one byte per pixel of the frame, two when
 * contiguous: 134 MB at 67 megapixels.
 */
export class ColourSelection {
  readonly #field: DistanceField;
  readonly #flood: ColourFlood | null;

  /** The seed lies in the frame. */
  constructor(frame: PixelRect, seed: ColourSeed, read: ReadPixels, lab: ToOklab) {
    const half = seed.sample >> 1;
    const sampled = intersect(frame, pixelRect(seed.x - half, seed.y - half, seed.sample, seed.sample));
    if (!sampled || !contains(frame, pixelRect(seed.x, seed.y, 1, 1))) {
      throw new RangeError('The seed lies outside the frame');
    }
    this.#field = new DistanceField(frame, read, distanceFrom(meanColour(read(sampled), lab), lab));
    this.#flood = seed.contiguous
      ? new ColourFlood(this.#field, (seed.y - frame.y) * frame.width + seed.x - frame.x)
      : null;
  }

  /** May be left at any step, and another be begun: what was measured stays. */
  *maskSteps({ tolerance, antialias }: ColourReach): Generator<void, Mask> {
    const level = Math.round(tolerance * LEVELS_PER_UNIT);
    const field = this.#field;
    if (this.#flood) {
      yield* this.#flood.reach(level);
      const { levels: reached, rows } = this.#flood;
      return yield* selectedMaskSteps({ field, reached, rows }, level, antialias);
    }
    yield* field.all();
    const rows = { top: 0, bottom: field.frame.height };
    return yield* selectedMaskSteps({ field, reached: field.levels, rows }, level, antialias);
  }
}
