import { RIM } from './membraneGrid.ts';

/** Pixels around a rim pixel that are looked at: enough for noise to average out. */
const WINDOW = 4;
/** A value this many standard deviations from the rim's middle, and this many levels, is somebody else's edge. */
const LIMIT = { deviations: 4, levels: 8 };

/** The part of the frame that is worked on, and the pictures in the frame. */
export interface SeamPictures {
  /** Straight RGBA. */
  readonly result: Uint8Array;
  readonly below: Uint8Array;
  /** One byte per px. */
  readonly weights: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * How much below differs from the result at each rim pixel, three channels: the mean of the middle half of what
 * surrounds it outside (weight 0, both opaque), limited where it lies far from all others. So neither noise nor a
 * misplaced edge is carried inwards as a streak.
 *
 * @param values three per pixel of the part, written at rim pixels
 */
export function* measureRim(
  pictures: SeamPictures,
  part: { readonly x: number; readonly y: number; readonly width: number },
  kind: Uint8Array,
  values: Float32Array,
): Generator<void, void> {
  const rim: number[] = [];
  for (let i = 0; i < kind.length; i++) if (kind[i] === RIM) rim.push(i);
  const around = [0, 1, 2].map(() => new Int16Array((2 * WINDOW + 1) ** 2));
  for (const [n, i] of rim.entries()) {
    const x = part.x + (i % part.width);
    const y = part.y + Math.floor(i / part.width);
    const count = differencesAround(pictures, x, y, around);
    for (let c = 0; c < 3; c++) values[i * 3 + c] = middleMean(around[c]!, count);
    if (n % 1024 === 1023) yield;
  }
  for (let c = 0; c < 3; c++) limit(rim, values, c);
}

function differencesAround(
  { result, below, weights, width, height }: SeamPictures,
  x: number,
  y: number,
  out: readonly Int16Array[],
): number {
  const [red, green, blue] = out as readonly [Int16Array, Int16Array, Int16Array];
  const fromX = Math.max(0, x - WINDOW);
  const endX = Math.min(width, x + WINDOW + 1);
  const endY = Math.min(height, y + WINDOW + 1);
  let count = 0;
  for (let ny = Math.max(0, y - WINDOW); ny < endY; ny++) {
    for (let i = ny * width + fromX, end = ny * width + endX; i < end; i++) {
      const at = i * 4;
      if (weights[i] !== 0 || result[at + 3] !== 255 || below[at + 3] !== 255) continue;
      red[count] = below[at]! - result[at]!;
      green[count] = below[at + 1]! - result[at + 1]!;
      blue[count++] = below[at + 2]! - result[at + 2]!;
    }
  }
  return count;
}

/** Mean of the second and third quarter of the first `count` numbers, which it sorts. */
function middleMean(numbers: Int16Array, count: number): number {
  for (let i = 1; i < count; i++) {
    const number = numbers[i]!;
    let at = i;
    for (; at > 0 && numbers[at - 1]! > number; at--) numbers[at] = numbers[at - 1]!;
    numbers[at] = number;
  }
  const skip = count >> 2;
  let sum = 0;
  for (let i = skip; i < count - skip; i++) sum += numbers[i]!;
  return sum / (count - 2 * skip);
}

function limit(rim: readonly number[], values: Float32Array, c: number): void {
  if (rim.length === 0) return;
  const sorted = Float32Array.from(rim, (i) => values[i * 3 + c]!).sort();
  const middle = sorted[sorted.length >> 1]!;
  const off = sorted.map((value) => Math.abs(value - middle)).sort();
  const reach = LIMIT.deviations * 1.4826 * off[off.length >> 1]! + LIMIT.levels;
  for (const i of rim) {
    values[i * 3 + c] = Math.min(middle + reach, Math.max(middle - reach, values[i * 3 + c]!));
  }
}
