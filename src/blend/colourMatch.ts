import { type ChannelSamples, colourSamples } from './colourSamples.ts';
import { type PowerFit, powerFit } from './powerFit.ts';
import type { Size } from './size.ts';
import { levelOf, linearOf } from './srgbCurve.ts';

/** Per channel, in linear light 0–1: sent = gain · returned^gamma. */
export interface ColourMatch {
  readonly gain: readonly [number, number, number];
  readonly gamma: readonly [number, number, number];
}

/** What is left around the curve, in levels, when the pictures have nothing in common. */
const UNALIKE = 20;
/** A mean correction of fewer levels than this can't be seen. */
const LEAST = 0.5;

/**
 * The map that takes the colours of an aligned result back to those of the picture that was sent, estimated on what
 * surrounds the asked region. Null when there is nothing to mend, or too little to measure on.
 *
 * @param sent straight RGBA, sRGB; @param returned the same size; @param asked one byte per px, above 0 = was to be
 * edited
 */
export function matchColour(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): ColourMatch | null {
  const samples = colourSamples(sent, returned, asked, size);
  const [red, green, blue] = samples.map(powerFit);
  if (!red || !green || !blue) return null;
  const fits = [red, green, blue] as const;
  if (fits.some((fit) => fit.noise > UNALIKE)) return null;
  const gain = (fit: PowerFit) => Math.exp(-fit.logGain / fit.gamma);
  const gamma = (fit: PowerFit) => 1 / fit.gamma;
  const match: ColourMatch = {
    gain: [gain(red), gain(green), gain(blue)],
    gamma: [gamma(red), gamma(green), gamma(blue)],
  };
  const mended = samples.some(
    (channel, i) => meanChange(channel, curve(match.gain[i]!, match.gamma[i]!)) > LEAST,
  );
  return mended ? match : null;
}

/**
 * Applies a match in place to straight RGBA bytes, in part for strengths below 1; alpha stays. By three tables that
 * never fall, so that no two colours change places.
 *
 * @param strength 0–1
 */
export function colourCorrection(match: ColourMatch, strength: number): (pixels: Uint8Array) => void {
  const table = (channel: 0 | 1 | 2) =>
    Uint8Array.from(
      curve(match.gain[channel], match.gamma[channel]),
      (level, v) => v + (level - v) * strength + 0.5,
    );
  const red = table(0);
  const green = table(1);
  const blue = table(2);
  return (pixels) => {
    for (let i = 0; i < pixels.length; i += 4) {
      pixels[i] = red[pixels[i]!]!;
      pixels[i + 1] = green[pixels[i + 1]!]!;
      pixels[i + 2] = blue[pixels[i + 2]!]!;
    }
  };
}

/** The level, not rounded, that each of the 256 becomes. */
const curve = (gain: number, gamma: number) =>
  Float64Array.from({ length: 256 }, (_, level) => levelOf(gain * linearOf(level) ** gamma));

function meanChange({ returned, weights }: ChannelSamples, levels: Float64Array): number {
  let change = 0;
  let sum = 0;
  for (let i = 0; i < returned.length; i++) {
    const level = Math.round(returned[i]!);
    change += weights[i]! * Math.abs(levels[level]! - level);
    sum += weights[i]!;
  }
  return change / sum;
}
