import { createRandom } from '../../src/fill/random.ts';
import type { Planes } from './planes.ts';

export type Colour = readonly [number, number, number];

/**
 * Standard deviation, px, of the Gaussian that each edge is blurred by: steep enough to look sharp, flat enough that
 * the samples hold all of it (3 % is left at the Nyquist frequency), so that a windowed sinc moves it without error.
 */
const EDGE = 0.8;

/** Everything in one colour. */
export function fillAll({ channels }: Planes, colour: Colour): void {
  for (const [c, channel] of channels.entries()) channel.fill(colour[c]!);
}

/**
 * Adds smooth noise: a lattice of random values `cell` px apart under cubic B-splines, which for cells from 3 px has
 * next to nothing (0.2 %) at the Nyquist frequency. The channels share half of it.
 * @param amplitude per channel, greatest deviation
 */
export function addNoise({ size, channels }: Planes, cell: number, amplitude: Colour, seed: number): void {
  const { width, height } = size;
  const across = Math.ceil(width / cell) + 4;
  const down = Math.ceil(height / cell) + 4;
  const random = createRandom(seed, Math.round(cell * 16));
  const common = Float32Array.from({ length: across * down }, () => random.between(-0.5, 0.5));
  for (const [c, channel] of channels.entries()) {
    const lattice = common.map((v) => (v + random.between(-0.5, 0.5)) * amplitude[c]!);
    const rows = new Float32Array(width * down);
    for (let x = 0; x < width; x++) {
      const [at, weights] = spline((x + 0.5) / cell);
      for (let j = 0; j < down; j++) {
        let sum = 0;
        for (let k = 0; k < 4; k++) sum += weights[k]! * lattice[j * across + at + k]!;
        rows[j * width + x] = sum;
      }
    }
    for (let y = 0, i = 0; y < height; y++) {
      const [at, weights] = spline((y + 0.5) / cell);
      for (let x = 0; x < width; x++, i++) {
        for (let k = 0; k < 4; k++) channel[i]! += weights[k]! * rows[(at + k) * width + x]!;
      }
    }
  }
}

/** The first of four lattice points and their weights. */
function spline(place: number): readonly [number, readonly number[]] {
  const at = Math.floor(place);
  const t = place - at;
  const u = 1 - t;
  return [at, [u ** 3 / 6, (3 * t ** 3 - 6 * t * t + 4) / 6, (3 * u ** 3 - 6 * u * u + 4) / 6, t ** 3 / 6]];
}

/**
 * Paints a shape over what is there.
 * @param bounds left, top, right, bottom of the shape, px
 * @param distance signed, px, from a point to the shape's edge; negative inside
 */
function paintShape(
  { size, channels }: Planes,
  [left, top, right, bottom]: readonly [number, number, number, number],
  distance: (x: number, y: number) => number,
  colour: Colour,
): void {
  const reach = 4 * EDGE;
  const endX = Math.min(size.width, Math.ceil(right + reach));
  const endY = Math.min(size.height, Math.ceil(bottom + reach));
  for (let y = Math.max(0, Math.floor(top - reach)); y < endY; y++) {
    for (let x = Math.max(0, Math.floor(left - reach)); x < endX; x++) {
      const share = softStep(-distance(x + 0.5, y + 0.5) / EDGE);
      const i = y * size.width + x;
      for (const [c, channel] of channels.entries()) channel[i]! += share * (colour[c]! - channel[i]!);
    }
  }
}

/** The Gaussian's integral, by its usual logistic approximation (within 0.01). */
function softStep(z: number): number {
  return 1 / (1 + Math.exp(-z * (1.5976 + 0.070566 * z * z)));
}

export function paintDisc(planes: Planes, x: number, y: number, radius: number, colour: Colour): void {
  const bounds = [x - radius, y - radius, x + radius, y + radius] as const;
  paintShape(planes, bounds, (px, py) => Math.hypot(px - x, py - y) - radius, colour);
}

/** A box turned by `angle` radians about its centre. */
export function paintBox(
  planes: Planes,
  [x, y, halfWidth, halfHeight]: readonly [number, number, number, number],
  angle: number,
  colour: Colour,
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.hypot(halfWidth, halfHeight);
  const distance = (px: number, py: number) =>
    Math.max(
      Math.abs((px - x) * cos + (py - y) * sin) - halfWidth,
      Math.abs((py - y) * cos - (px - x) * sin) - halfHeight,
    );
  paintShape(planes, [x - reach, y - reach, x + reach, y + reach], distance, colour);
}

/** A stroke with round ends. */
export function paintStroke(
  planes: Planes,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
  radius: number,
  colour: Colour,
): void {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const squared = dx * dx + dy * dy || 1;
  const bounds = [
    Math.min(fromX, toX) - radius,
    Math.min(fromY, toY) - radius,
    Math.max(fromX, toX) + radius,
    Math.max(fromY, toY) + radius,
  ] as const;
  const distance = (x: number, y: number) => {
    const t = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / squared));
    return Math.hypot(x - fromX - t * dx, y - fromY - t * dy) - radius;
  };
  paintShape(planes, bounds, distance, colour);
}
