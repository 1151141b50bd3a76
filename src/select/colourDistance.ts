import type { ToOklab } from './oklab.ts';

/** Levels per unit of tolerance. One unit is a distance of 0.01 in OKLab: black and white lie 100 apart. */
export const LEVELS_PER_UNIT = 2;
/** Of the largest tolerance: everything. */
export const MAX_LEVEL = 100 * LEVELS_PER_UNIT;
/** Below this share of a level a distance counts as the level before: rounding of the same colour. */
const ROUNDING = 0.01;

/**
 * OKLab under alpha, with alpha as a fourth axis: αL, αa, αb, α. Opaque colours lie as far apart as in OKLab, and all
 * that is fully transparent is one colour.
 */
export type Colour = readonly [number, number, number, number];

/** The mean colour of straight RGBA pixels. */
export function meanColour(rgba: Uint8Array, lab: ToOklab): Colour {
  const out = new Float32Array(3);
  const sum = [0, 0, 0, 0] as [number, number, number, number];
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]! / 255;
    lab(rgba, i, out, 0);
    for (let axis = 0; axis < 3; axis++) sum[axis]! += out[axis]! * alpha;
    sum[3] += alpha;
  }
  const count = rgba.length / 4;
  return [sum[0] / count, sum[1] / count, sum[2] / count, sum[3] / count];
}

/** Writes how far each pixel's colour is from `colour`, in levels, rounded up; MAX_LEVEL for all beyond. */
export type MeasureColours = (rgba: Uint8Array, levels: Uint8Array) => void;

export function distanceFrom([l, a, b, alpha]: Colour, lab: ToOklab): MeasureColours {
  const out = new Float32Array(3);
  const scale = 100 * LEVELS_PER_UNIT;
  return (rgba, levels) => {
    const words = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
    let last = 0;
    let level = -1;
    for (let i = 0; i < words.length; i++) {
      // Neighbours are often of the same colour.
      if (words[i] !== last || level < 0) {
        last = words[i]!;
        lab(rgba, i * 4, out, 0);
        const opacity = rgba[i * 4 + 3]! / 255;
        const dl = out[0]! * opacity - l;
        const da = out[1]! * opacity - a;
        const db = out[2]! * opacity - b;
        const dAlpha = opacity - alpha;
        const distance = Math.sqrt(dl * dl + da * da + db * db + dAlpha * dAlpha) * scale;
        level = Math.min(MAX_LEVEL, Math.ceil(distance - ROUNDING));
      }
      levels[i] = level;
    }
  };
}
