/** Colours as a mixture of Gaussians: what an object, or what lies around it, consists of. */
export interface ColourModel {
  /** −ln of the density at a colour (the best component's, as GrabCut has it). */
  cost(l: number, a: number, b: number): number;
}

/** What the colour of a pixel may tell at most: one odd pixel does not outvote its neighbours. */
const MOST = 8;

/** How much more likely a pixel's colour makes it that it belongs inside: a difference of costs. `lab` as of `fitColours`. */
export const preferenceFor =
  (inside: ColourModel, outside: ColourModel) =>
  (lab: Float32Array, pixel: number): number => {
    const [l, a, b] = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
    return Math.max(-MOST, Math.min(MOST, outside.cost(l, a, b) - inside.cost(l, a, b)));
  };

/** As in GrabCut. */
const COMPONENTS = 5;
const ROUNDS = 6;
/**
 * Variance that every component has at least, in hundredths of OKLab squared: noise of the picture, and shades that
 * were not among the samples.
 */
const LEAST_VARIANCE = 4;

/**
 * Fits a model to `samples`: L, a, b in hundredths of OKLab, one after the other. Each sample belongs to one component
 * (k-means, begun with the colours that lie farthest apart, so that the same samples give the same model).
 */
export function fitColours(samples: Float32Array): ColourModel {
  const count = samples.length / 3;
  const centres = farthestColours(samples, Math.min(COMPONENTS, count));
  const nearest = new Uint8Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    assign(samples, centres, nearest);
    moveCentres(samples, centres, nearest);
  }
  assign(samples, centres, nearest);
  const parts: Gaussian[] = [];
  for (let k = 0; k < centres.length / 3; k++) {
    const part = gaussianOf(samples, nearest, k, count);
    if (part) parts.push(part);
  }
  return {
    cost(l, a, b) {
      let least = Number.POSITIVE_INFINITY;
      for (const { mean, inverse, constant } of parts) {
        const x = l - mean[0];
        const y = a - mean[1];
        const z = b - mean[2];
        const [xx, xy, xz, yy, yz, zz] = inverse;
        const square = x * (xx * x + 2 * (xy * y + xz * z)) + y * (yy * y + 2 * yz * z) + zz * z * z;
        const cost = constant + square / 2;
        if (cost < least) least = cost;
      }
      return least;
    },
  };
}

function farthestColours(samples: Float32Array, wanted: number): Float32Array {
  const count = samples.length / 3;
  const centres = new Float32Array(wanted * 3);
  const away = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  let next = 0;
  for (let k = 0; k < wanted; k++) {
    centres.set(samples.subarray(next * 3, next * 3 + 3), k * 3);
    next = 0;
    for (let i = 0; i < count; i++) {
      away[i] = Math.min(away[i]!, squared(samples, i, centres, k));
      if (away[i]! > away[next]!) next = i;
    }
  }
  return centres;
}

function squared(samples: Float32Array, i: number, centres: Float32Array, k: number): number {
  const l = samples[i * 3]! - centres[k * 3]!;
  const a = samples[i * 3 + 1]! - centres[k * 3 + 1]!;
  const b = samples[i * 3 + 2]! - centres[k * 3 + 2]!;
  return l * l + a * a + b * b;
}

function assign(samples: Float32Array, centres: Float32Array, nearest: Uint8Array): void {
  for (let i = 0; i < nearest.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < centres.length / 3; k++) {
      const away = squared(samples, i, centres, k);
      if (away >= least) continue;
      least = away;
      nearest[i] = k;
    }
  }
}

function moveCentres(samples: Float32Array, centres: Float32Array, nearest: Uint8Array): void {
  const sums = new Float64Array(centres.length);
  const counts = new Int32Array(centres.length / 3);
  nearest.forEach((k, i) => {
    for (let axis = 0; axis < 3; axis++) sums[k * 3 + axis]! += samples[i * 3 + axis]!;
    counts[k]!++;
  });
  sums.forEach((sum, at) => {
    const members = counts[Math.floor(at / 3)]!;
    if (members > 0) centres[at] = sum / members;
  });
}

interface Gaussian {
  readonly mean: readonly [number, number, number];
  /** Of the covariance: xx, xy, xz, yy, yz, zz. */
  readonly inverse: readonly [number, number, number, number, number, number];
  /** −ln weight + ½ ln det Σ; what all have in common is left out. */
  readonly constant: number;
}

/** null when no sample belongs to it. */
function gaussianOf(samples: Float32Array, nearest: Uint8Array, k: number, count: number): Gaussian | null {
  let members = 0;
  const mean: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (nearest[i] !== k) continue;
    members++;
    for (let axis = 0; axis < 3; axis++) mean[axis]! += samples[i * 3 + axis]!;
  }
  if (members === 0) return null;
  for (let axis = 0; axis < 3; axis++) mean[axis]! /= members;
  let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (nearest[i] !== k) continue;
    const x = samples[i * 3]! - mean[0];
    const y = samples[i * 3 + 1]! - mean[1];
    const z = samples[i * 3 + 2]! - mean[2];
    xx += x * x;
    xy += x * y;
    xz += x * z;
    yy += y * y;
    yz += y * z;
    zz += z * z;
  }
  xx = xx / members + LEAST_VARIANCE;
  yy = yy / members + LEAST_VARIANCE;
  zz = zz / members + LEAST_VARIANCE;
  xy /= members;
  xz /= members;
  yz /= members;
  const a = yy * zz - yz * yz;
  const b = xz * yz - xy * zz;
  const c = xy * yz - xz * yy;
  const determinant = xx * a + xy * b + xz * c;
  return {
    mean,
    inverse: [
      a / determinant,
      b / determinant,
      c / determinant,
      (xx * zz - xz * xz) / determinant,
      (xy * xz - xx * yz) / determinant,
      (xx * yy - xy * xy) / determinant,
    ],
    constant: Math.log(determinant) / 2 - Math.log(members / count),
  };
}
