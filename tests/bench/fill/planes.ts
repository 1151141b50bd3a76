/** Filters over one channel of a picture, with the rules of OpenCV and SciPy at its borders. */

export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly data: Float64Array;
}

export const planeOf = (width: number, height: number, data: Float64Array | Uint8Array): Plane => ({
  width,
  height,
  data: new Float64Array(data),
});

/**
 * A border mirrors: "edge" with the outermost pixel twice (SciPy's `reflect`), "inner" once (OpenCV's
 * 101).
 */
export type Border = 'edge' | 'inner';

function mirrored(at: number, length: number, border: Border): number {
  let i = at;
  while (i < 0 || i >= length) {
    if (border === 'edge') i = i < 0 ? -1 - i : 2 * length - 1 - i;
    else if (length === 1) return 0;
    else i = i < 0 ? -i : 2 * length - 2 - i;
  }
  return i;
}

/** Correlation with a kernel that is `across` horizontally and `down` vertically; both of odd length. */
export function filter(plane: Plane, across: Float64Array, down: Float64Array, border: Border): Plane {
  const { width, height, data } = plane;
  const reach = across.length >> 1;
  const line = new Float64Array(width + 2 * reach);
  const rows = new Float64Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let i = 0; i < line.length; i++)
      line[i] =
        data[y * width + (i < reach || i >= width + reach ? mirrored(i - reach, width, border) : i - reach)]!;
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let k = 0; k < across.length; k++) sum += across[k]! * line[x + k]!;
      rows[at] = sum;
    }
  }
  const out = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    for (let k = 0; k < down.length; k++) {
      const weight = down[k]!;
      const from = mirrored(y + k - (down.length >> 1), height, border) * width;
      for (let x = 0, at = y * width; x < width; x++, at++) out[at]! += weight * rows[from + x]!;
    }
  return { width, height, data: out };
}

/** A normalised Gaussian of 2 · `radius` + 1 taps. */
export function gaussian(sigma: number, radius: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

/** Half a length, ties to even: how OpenCV rounds. */
const halfOf = (length: number) => {
  const half = Math.floor(length / 2);
  return length % 2 === 1 && half % 2 === 1 ? half + 1 : half;
};

/** Which pixels a target covers and how much of each, when a target is `scale` pixels long. */
function cover(at: number, scale: number, length: number): { first: number; weights: number[] } {
  const from = at * scale;
  const to = Math.min(length, from + scale);
  const first = Math.floor(from);
  const weights: number[] = [];
  for (let i = first; i < to; i++) weights.push(Math.min(to, i + 1) - Math.max(from, i));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

/** Means over areas (OpenCV's INTER_AREA) of `scaleX` × `scaleY` pixels, as much of each as there is. */
function shrink(plane: Plane, width: number, height: number, scaleX: number, scaleY: number): Plane {
  const data = new Float64Array(width * height);
  const columns = Array.from({ length: width }, (_, x) => cover(x, scaleX, plane.width));
  for (let y = 0, at = 0; y < height; y++) {
    const row = cover(y, scaleY, plane.height);
    for (let x = 0; x < width; x++, at++) {
      const column = columns[x]!;
      let sum = 0;
      row.weights.forEach((down, j) => {
        const from = (row.first + j) * plane.width + column.first;
        column.weights.forEach((across, i) => {
          sum += down * across * plane.data[from + i]!;
        });
      });
      data[at] = sum;
    }
  }
  return { width, height, data };
}

/**
 * Half the size; the last column or row of an odd side is dropped or stands alone, as with OpenCV's
 * `fx=.5`.
 */
export const halve = (plane: Plane): Plane => shrink(plane, halfOf(plane.width), halfOf(plane.height), 2, 2);

/** Made as small as another plane. */
export const shrinkTo = (plane: Plane, { width, height }: Plane): Plane =>
  shrink(plane, width, height, plane.width / width, plane.height / height);

const PYRAMID = Float64Array.of(1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16);

/** One step down a Gaussian pyramid (OpenCV's `pyrDown`); sides are halved and rounded up. */
export function pyramidDown(plane: Plane): Plane {
  const smooth = filter(plane, PYRAMID, PYRAMID, 'inner');
  const width = (plane.width + 1) >> 1;
  const height = (plane.height + 1) >> 1;
  const data = new Float64Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) data[at] = smooth.data[2 * y * plane.width + 2 * x]!;
  return { width, height, data };
}

/** 1 where the plane is above one half. */
export function above({ data }: Plane): Uint8Array {
  const set = new Uint8Array(data.length);
  for (let i = 0; i < set.length; i++) if (data[i]! > 0.5) set[i] = 1;
  return set;
}

/** The least value of the square around each pixel, as far as it lies inside. */
export function erode(set: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = new Uint8Array(set.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let least = 1;
      for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++)
        least &= set[y * width + i]!;
      rows[y * width + x] = least;
    }
  const out = new Uint8Array(set.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let least = 1;
      for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++)
        least &= rows[j * width + x]!;
      out[y * width + x] = least;
    }
  return out;
}

/** The complement of the eroded complement. */
export const dilate = (set: Uint8Array, width: number, height: number, radius: number): Uint8Array =>
  erode(
    set.map((value) => 1 - value),
    width,
    height,
    radius,
  ).map((value) => 1 - value);
