import { normalFrom, randomFrom } from '../../drawnScene.ts';
import {
  above,
  dilate,
  erode,
  filter,
  gaussian,
  halve,
  type Plane,
  planeOf,
  pyramidDown,
  shrinkTo,
} from './planes.ts';

/** A picture of 3 bytes per pixel: red, green, blue. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** How near a fill comes to what was there, inside the hole. */
export interface Metrics {
  /** dB. Rewards blur, as SSIM does: never to be judged alone. */
  readonly psnr: number;
  /** 0–1, 1 is the same; mean of the structural similarity (Wang et al. 2004). */
  readonly ssim: number;
  /** The same over five scales (Wang et al. 2003). */
  readonly msssim: number;
  /** Deviation of the gradients' similarity (Xue et al. 2014); 0 is the same. */
  readonly gmsd: number;
  /**
   * Sliced Wasserstein distance (Rabin et al. 2011) of 7 × 7 colour patches at three scales, in levels; 0:
   * the same patches, in any order.
   */
  readonly swd: number;
  /** The same of the high-pass: texture only. */
  readonly tswd: number;
  /** Gradients inside the hole over the original's: below 1 is blurred. */
  readonly sharp: number;
  /** Gradients along the hole's border over the original's: above 1 the seam shows. */
  readonly seam: number;
}

export const METRICS = ['psnr', 'ssim', 'msssim', 'gmsd', 'swd', 'tswd', 'sharp', 'seam'] as const;

/**
 * Measures fills of one hole (1 = hole, per pixel, not empty) in one picture. What concerns only the original
 * is computed once. `seed` draws patches and projections. `swd` and `tswd` are NaN where a hole has hardly
 * any pixel.
 */
export function createMeasure(
  original: RgbPicture,
  hole: Uint8Array,
  seed: number,
): (result: RgbPicture) => Metrics {
  const mask = planeOf(original.width, original.height, hole);
  const inside = indicesOf(hole);
  const seamline = seamOf(hole, original.width, original.height);
  const luma = lumaOf(original);
  const slopes = slopesOf(luma);
  const patches = createPatchDistance(channelsOf(original), mask, seed);
  const textures = createPatchDistance(channelsOf(original).map(highPass), mask, seed);
  return (result) => {
    const resultLuma = lumaOf(result);
    const resultSlopes = slopesOf(resultLuma);
    return {
      psnr: psnrOf(original, result, inside),
      ssim: meanAt(similarity(luma, resultLuma).whole, inside),
      msssim: similarityOverScales(luma, resultLuma, mask),
      gmsd: gradientDeviation(luma, resultLuma, mask),
      swd: patches(channelsOf(result)),
      tswd: textures(channelsOf(result).map(highPass)),
      sharp: meanAt(resultSlopes, inside) / Math.max(meanAt(slopes, inside), 1e-6),
      seam: meanAt(resultSlopes, seamline) / Math.max(meanAt(slopes, seamline), 0.5),
    };
  };
}

const indicesOf = (set: Uint8Array): Int32Array => {
  const found: number[] = [];
  for (let i = 0; i < set.length; i++) if (set[i] !== 0) found.push(i);
  return Int32Array.from(found);
};

function meanAt(data: Float64Array, places: Int32Array): number {
  let sum = 0;
  for (const at of places) sum += data[at]!;
  return sum / places.length;
}

function channelsOf({ width, height, rgb }: RgbPicture): Plane[] {
  return [0, 1, 2].map((channel) => {
    const data = new Float64Array(width * height);
    for (let i = 0; i < data.length; i++) data[i] = rgb[i * 3 + channel]!;
    return { width, height, data };
  });
}

function lumaOf({ width, height, rgb }: RgbPicture): Plane {
  const data = new Float64Array(width * height);
  for (let i = 0; i < data.length; i++)
    data[i] = rgb[i * 3]! * 0.299 + rgb[i * 3 + 1]! * 0.587 + rgb[i * 3 + 2]! * 0.114;
  return { width, height, data };
}

function psnrOf(original: RgbPicture, result: RgbPicture, inside: Int32Array): number {
  let sum = 0;
  for (const at of inside)
    for (let i = at * 3; i < at * 3 + 3; i++) sum += (original.rgb[i]! - result.rgb[i]!) ** 2;
  return 10 * Math.log10(65025 / Math.max(sum / (inside.length * 3), 1e-9));
}

const combine = (a: Plane, b: Plane, of: (a: number, b: number) => number): Plane => ({
  ...a,
  data: a.data.map((value, i) => of(value, b.data[i]!)),
});

/** SciPy cuts at 3.5 sigma. */
const WINDOW = gaussian(1.5, 5);
const windowed = (plane: Plane) => filter(plane, WINDOW, WINDOW, 'edge');
const times = (a: number, b: number) => a * b;

/** The map of structural similarity, and that of contrast and structure alone. */
function similarity(a: Plane, b: Plane): { whole: Float64Array; structure: Float64Array } {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const meanA = windowed(a).data;
  const meanB = windowed(b).data;
  const squareA = windowed(combine(a, a, times)).data;
  const squareB = windowed(combine(b, b, times)).data;
  const product = windowed(combine(a, b, times)).data;
  const structure = new Float64Array(meanA.length);
  const whole = new Float64Array(meanA.length);
  for (let i = 0; i < whole.length; i++) {
    const [ma, mb] = [meanA[i]!, meanB[i]!];
    const variances = squareA[i]! - ma * ma + squareB[i]! - mb * mb;
    structure[i] = (2 * (product[i]! - ma * mb) + c2) / (variances + c2);
    whole[i] = (structure[i]! * (2 * ma * mb + c1)) / (ma * ma + mb * mb + c1);
  }
  return { whole, structure };
}

const SCALE_WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

function similarityOverScales(original: Plane, result: Plane, hole: Plane): number {
  let [a, b, mask] = [original, result, hole];
  let value = 1;
  for (const [scale, weight] of SCALE_WEIGHTS.entries()) {
    const inside = indicesOf(above(mask));
    if (inside.length === 0) break;
    const { whole, structure } = similarity(a, b);
    value *= Math.max(meanAt(scale === 4 ? whole : structure, inside), 1e-3) ** weight;
    [a, b] = [halve(a), halve(b)];
    mask = shrinkTo(mask, a);
  }
  return value;
}

function gradientDeviation(original: Plane, result: Plane, hole: Plane): number {
  const [a, b] = [halve(original), halve(result)];
  const ramp = Float64Array.of(1, 0, -1);
  const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
  const strength = (plane: Plane) =>
    combine(filter(plane, ramp, third, 'inner'), filter(plane, third, ramp, 'inner'), Math.hypot);
  const alike = combine(strength(a), strength(b), (x, y) => (2 * x * y + 170) / (x * x + y * y + 170));
  const inside = indicesOf(above(shrinkTo(hole, a)));
  const mean = meanAt(alike.data, inside);
  return Math.sqrt(
    meanAt(
      alike.data.map((value) => (value - mean) ** 2),
      inside,
    ),
  );
}

/** Differences to the left and upper neighbours, added. */
function slopesOf({ width, height, data }: Plane): Float64Array {
  const slopes = new Float64Array(data.length);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const across = x === 0 ? 0 : Math.abs(data[at]! - data[at - 1]!);
      const down = y === 0 ? 0 : Math.abs(data[at]! - data[at - width]!);
      slopes[at] = across + down;
    }
  return slopes;
}

/** The pixels on both sides of the hole's border; the picture's own border is none. */
function seamOf(hole: Uint8Array, width: number, height: number): Int32Array {
  const inner = erode(hole, width, height, 1);
  return indicesOf(dilate(hole, width, height, 1).map((value, i) => value - inner[i]!));
}

/** OpenCV's kernel for sigma 4 and real numbers has 33 taps. */
const BROAD = gaussian(4, 16);

const highPass = (plane: Plane): Plane =>
  combine(plane, filter(plane, BROAD, BROAD, 'inner'), (value, smooth) => value - smooth);

const SIDE = 7;
const REACH = SIDE >> 1;
const LENGTH = SIDE * SIDE * 3;
const PROJECTIONS = 96;
const MOST_PATCHES = 6000;

/** Mean distance of the sorted projections of patches in the hole, of two pictures of three channels. */
function createPatchDistance(
  original: readonly Plane[],
  hole: Plane,
  seed: number,
): (result: readonly Plane[]) => number {
  const random = randomFrom(seed);
  const scales: { places: Int32Array; directions: Float64Array; sorted: Float32Array[] }[] = [];
  let channels = original;
  let mask = hole;
  for (let scale = 0; scale < 3; scale++) {
    const places = chosen(patchesIn(mask), MOST_PATCHES, random);
    if (places.length === 0) break;
    const directions = directionsFrom(random);
    scales.push({ places, directions, sorted: project(channels, places, directions) });
    channels = channels.map(pyramidDown);
    mask = shrinkTo(mask, channels[0]!);
  }
  return (result) => {
    let reduced = result;
    let sum = 0;
    for (const { places, directions, sorted } of scales) {
      const others = project(reduced, places, directions);
      let distance = 0;
      sorted.forEach((values, k) => {
        for (let i = 0; i < values.length; i++) distance += Math.abs(values[i]! - others[k]![i]!);
      });
      sum += distance / (PROJECTIONS * places.length);
      reduced = reduced.map(pyramidDown);
    }
    return sum / scales.length;
  };
}

/**
 * Centres of patches wholly in the hole; of a thin one, those with their centre in it; none where these
 * are few.
 */
function patchesIn(mask: Plane): Int32Array {
  const { width, height } = mask;
  const hole = above(mask);
  const inPicture = (set: Uint8Array) =>
    indicesOf(set).filter((at) => {
      const x = at % width;
      const y = (at - x) / width;
      return x >= REACH && x < width - REACH && y >= REACH && y < height - REACH;
    });
  const whole = inPicture(erode(hole, width, height, REACH));
  if (whole.length >= 60) return whole;
  const touching = inPicture(hole);
  return touching.length >= 20 ? touching : new Int32Array();
}

/** At most `count` of the values, each at most once. */
function chosen(values: Int32Array, count: number, random: () => number): Int32Array {
  const left = values.slice();
  const taken = Math.min(count, left.length);
  for (let i = 0; i < taken; i++) {
    const other = i + Math.floor(random() * (left.length - i));
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return left.subarray(0, taken);
}

/** Unit vectors, evenly spread over the sphere, one after the other. */
function directionsFrom(random: () => number): Float64Array {
  const normal = normalFrom(random);
  const all = new Float64Array(PROJECTIONS * LENGTH);
  for (let k = 0; k < PROJECTIONS; k++) {
    const one = all.subarray(k * LENGTH, (k + 1) * LENGTH);
    for (let i = 0; i < LENGTH; i++) one[i] = normal();
    const length = Math.hypot(...one);
    for (let i = 0; i < LENGTH; i++) one[i]! /= length;
  }
  return all;
}

/** Per direction, the projections of the patches at these places, in rising order. */
function project(channels: readonly Plane[], places: Int32Array, directions: Float64Array): Float32Array[] {
  const { width } = channels[0]!;
  const projected = Array.from({ length: PROJECTIONS }, () => new Float32Array(places.length));
  const patch = new Float64Array(LENGTH);
  for (let p = 0; p < places.length; p++) {
    let to = 0;
    for (const { data } of channels)
      for (let dy = -REACH; dy <= REACH; dy++)
        for (let dx = -REACH; dx <= REACH; dx++) patch[to++] = data[places[p]! + dy * width + dx]!;
    // Four at once: one sum would wait for itself.
    for (let k = 0, from = 0; k < PROJECTIONS; k += 4, from += 4 * LENGTH) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < LENGTH; i++) {
        const value = patch[i]!;
        a += value * directions[from + i]!;
        b += value * directions[from + LENGTH + i]!;
        c += value * directions[from + 2 * LENGTH + i]!;
        d += value * directions[from + 3 * LENGTH + i]!;
      }
      projected[k]![p] = a;
      projected[k + 1]![p] = b;
      projected[k + 2]![p] = c;
      projected[k + 3]![p] = d;
    }
  }
  return projected.map((values) => values.sort());
}
