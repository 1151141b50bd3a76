import type { Calibration } from '../header/imageInfo.ts';
import { type Curve, invert, type Matrix, multiply, type RgbSpace, SRGB } from './rgbSpace.ts';

/** What the PNG specification (third edition, table 13) has writers of sRGB put into gAMA and cHRM. */
const SRGB_GAMMA = 45_455;
const SRGB_CHROMATICITIES = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000];
/** Writers round differently. */
const near = (a: number, b: number, reach: number) => Math.abs(a - b) <= reach;

/**
 * The space of a PNG's gAMA and cHRM chunks: a pure power, and the primaries of sRGB where none are given. Null when
 * the numbers are sRGB. As in Chromium, chromaticities say nothing without a gamma or when they span no triangle.
 */
export function spaceOfCalibration({ gamma, chromaticities }: Calibration): RgbSpace | null {
  if (gamma === null) return null;
  const own = chromaticities?.some((value, i) => !near(value, SRGB_CHROMATICITIES[i]!, 100));
  if (!own && near(gamma, SRGB_GAMMA, 1)) return null;
  const toXyz = own && chromaticities ? toXyzD50(chromaticities) : SRGB.toXyz;
  if (!toXyz) return null;
  const curve: Curve = (code) => code ** (100_000 / gamma);
  return { curves: [curve, curve, curve], toXyz };
}

type Vector = readonly [number, number, number];

const times = (m: Matrix, [x, y, z]: Vector): Vector => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
];

const diagonal = ([x, y, z]: Vector): Matrix => [x, 0, 0, 0, y, 0, 0, 0, z];

/** To the cones' responses of K. Lam's Bradford transform, in which ICC profiles adapt white points. */
const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
/** The white of ICC's profile connection space. */
const D50: Vector = [0.9642, 1, 0.8249];

/** Linear RGB to XYZ adapted to D50, from x and y of white, red, green, blue; null when they span no triangle. */
function toXyzD50(chromaticities: readonly number[]): Matrix | null {
  const [white, red, green, blue] = [0, 2, 4, 6].map((i) =>
    xyz(chromaticities[i]! / 1e5, chromaticities[i + 1]! / 1e5),
  ) as [Vector, Vector, Vector, Vector];
  const primaries: Matrix = [red[0], green[0], blue[0], red[1], green[1], blue[1], red[2], green[2], blue[2]];
  const toPrimaries = invert(primaries);
  const fromCones = invert(BRADFORD);
  if (!toPrimaries || !fromCones || white[1] === 0) return null;
  // Red, green and blue at full strength are white.
  const native = multiply(primaries, diagonal(times(toPrimaries, white)));
  const [from, to] = [times(BRADFORD, white), times(BRADFORD, D50)];
  const scale = diagonal([to[0] / from[0], to[1] / from[1], to[2] / from[2]]);
  const adapted = multiply(multiply(fromCones, multiply(scale, BRADFORD)), native);
  return invert(adapted) && adapted;
}

/** At luminance 1; y = 0 has none. */
const xyz = (x: number, y: number): Vector => (y === 0 ? [0, 0, 0] : [x / y, 1, (1 - x - y) / y]);
