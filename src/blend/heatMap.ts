import type { Size } from './size.ts';

export interface HeatStop {
  /** Levels by which a pixel's most changed channel differs, 1–255. */
  readonly difference: number;
  /** sRGB, 0–255. */
  readonly colour: readonly [number, number, number];
  /** 0–1. */
  readonly alpha: number;
}

/**
 * Colours of the heat map, for its legend; linear between, the last one beyond. Lightness falls from L* 74 to 46 all
 * the way and blue turns to yellow (CIELAB b* rises), so that the order can be told in grey and without red and green;
 * none is so light or dark that it would be lost on white or black. Differences double: what the eye sees is ratios.
 */
export const HEAT_STOPS: readonly HeatStop[] = [
  { difference: 3, colour: [95, 192, 255], alpha: 0.4 },
  { difference: 12, colour: [205, 140, 205], alpha: 0.6 },
  { difference: 32, colour: [235, 85, 115], alpha: 0.8 },
  { difference: 96, colour: [212, 40, 16], alpha: 0.95 },
];

/**
 * What a result changed outside the asked region, as straight RGBA to lie over the picture: transparent where nothing
 * changed by more than rounding and inside the asked region, coloured by `HEAT_STOPS` elsewhere.
 *
 * @param sent straight RGBA; @param returned the same size, aligned; @param asked one byte per px, 0 = compare
 */
export function heatMap(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): Uint8Array<ArrayBuffer> {
  const out = new Uint32Array(size.width * size.height);
  for (let i = 0, at = 0; i < out.length; i++, at += 4) {
    if (asked[i] !== 0) continue;
    const alpha = sent[at + 3]!;
    const alphaNow = returned[at + 3]!;
    // A transparent pixel's hidden colour is not seen.
    if (alpha === 0 && alphaNow === 0) continue;
    const difference = Math.max(
      Math.abs(sent[at]! - returned[at]!),
      Math.abs(sent[at + 1]! - returned[at + 1]!),
      Math.abs(sent[at + 2]! - returned[at + 2]!),
      Math.abs(alpha - alphaNow),
    );
    out[i] = HEAT[difference]!;
  }
  return new Uint8Array(out.buffer);
}

/** For each difference the four bytes of its colour as one number. */
const HEAT = new Uint32Array(
  Uint8Array.from({ length: 256 * 4 }, (_, i) => Math.round(heatOf(i >> 2)[i & 3]!)).buffer,
);

/** Straight RGBA, 0–255, not rounded. */
function heatOf(difference: number): readonly number[] {
  const next = HEAT_STOPS.findIndex((stop) => stop.difference > difference);
  if (next === 0) return [0, 0, 0, 0];
  const to = HEAT_STOPS.at(next)!;
  const from = next < 0 ? to : HEAT_STOPS[next - 1]!;
  const share = next < 0 ? 0 : (difference - from.difference) / (to.difference - from.difference);
  const mix = (a: number, b: number) => a + (b - a) * share;
  const [r, g, b] = from.colour;
  return [mix(r, to.colour[0]), mix(g, to.colour[1]), mix(b, to.colour[2]), 255 * mix(from.alpha, to.alpha)];
}
