/** Maps 0 … 1 to linear light 0 … 1; rises. */
export type Curve = (value: number) => number;

/** An RGB colour space of three curves and a matrix. */
export interface RgbSpace {
  readonly curves: readonly [Curve, Curve, Curve];
  /** Linear RGB to CIE XYZ adapted to D50, as ICC profiles have it; row by row. */
  readonly toXyz: Matrix;
}

export type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** IEC 61966-2-1. */
const srgbCurve: Curve = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

/** Colorants adapted to D50 by Bradford, as in the sRGB profile of the ICC. */
export const SRGB: RgbSpace = {
  curves: [srgbCurve, srgbCurve, srgbCurve],
  toXyz: [0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733],
};

/** SMPTE EG 432-1 primaries, D65, with sRGB's curve; adapted to D50. */
export const DISPLAY_P3: RgbSpace = {
  curves: SRGB.curves,
  toXyz: [0.515102, 0.291965, 0.157153, 0.241182, 0.692236, 0.0665819, -0.00104941, 0.0418818, 0.784378],
};

export function multiply(a: Matrix, b: Matrix): Matrix {
  const cell = (row: number, column: number) =>
    a[row * 3]! * b[column]! + a[row * 3 + 1]! * b[column + 3]! + a[row * 3 + 2]! * b[column + 6]!;
  return [
    cell(0, 0),
    cell(0, 1),
    cell(0, 2),
    cell(1, 0),
    cell(1, 1),
    cell(1, 2),
    cell(2, 0),
    cell(2, 1),
    cell(2, 2),
  ];
}

/** By the adjugate; null for a matrix without one. */
export function invert([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | null {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(determinant) < 1e-9) return null;
  const s = 1 / determinant;
  return [
    (e * i - f * h) * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    (f * g - d * i) * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    (d * h - e * g) * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}
