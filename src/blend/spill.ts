import { binomial } from './binomial.ts';
import { type BlockDifference, blockDifference } from './blockDifference.ts';
import { nearAsked } from './nearAsked.ts';
import type { Size } from './size.ts';

/** Blocks of the reduced pictures, about; fewer than this are compared in blocks of 2 px. */
const BLOCKS = 400_000;
/** Px between the asked region and a change that still touches it. */
const TOUCH = 3;
/** Changes within this many px of the asked region are the service's own edge, no shadow. */
const EDGE = 4;
/** Px that a change must cover strongly beyond that edge. */
const LEAST_AREA = 48;
/** Gaps of up to twice this many blocks are closed. */
const CLOSING = 2;
/** More of the outside than this is another picture, no spill. */
const MOST_SHARE = 0.5;
/** Levels that count as changed: those that go on from others, and those that start. */
const WEAK = { levels: 2.5, noise: 2.5, texture: 0.4 };
const STRONG = { levels: 5, noise: 4, texture: 0.8 };

/**
 * What the service also changed outside the asked region and that is connected to it: shadows and reflections of
 * what it painted. One byte per px, 255 = part of it (never inside the asked region), or null when there is none
 * worth offering.
 *
 * The mean difference of small blocks, smoothed, is compared with what the picture shows elsewhere (the median) and
 * with how unsteady it is there (misplaced texture changes sign, a shadow does not); changes that touch the asked
 * region are followed by hysteresis (J. Canny, "A Computational Approach to Edge Detection", 1986).
 *
 * @param sent straight RGBA; @param returned the same size, aligned, colours matched; @param asked one byte per px
 */
export function* findSpillSteps(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): Generator<void, Uint8Array | null> {
  const block = Math.max(2, Math.ceil(Math.sqrt((size.width * size.height) / BLOCKS)));
  const difference = blockDifference(sent, returned, asked, size, block);
  yield;
  const strength = strengths(difference);
  yield;
  const hole = askedBlocks(asked, size, difference);
  const found = followed(strength, hole, difference);
  yield;
  if (!found) return null;
  const whole = closed(found, hole, difference);
  const out = new Uint8Array(size.width * size.height);
  for (let y = 0, i = 0; y < size.height; y++) {
    let o = Math.floor(y / block) * difference.width - 1;
    for (let x = 0; x < size.width; x++, i++) {
      if (x % block === 0) o++;
      if (whole[o] === 1 && asked[i] === 0) out[i] = 255;
    }
  }
  return out;
}

/** Per block: 0 unchanged, 1 weakly, 2 strongly changed. */
function strengths(difference: BlockDifference): Uint8Array {
  const { planes, known } = difference;
  const change = new Float32Array(known.length);
  const texture = new Float32Array(known.length);
  const share = binomial(new Float32Array(known), difference);
  for (const plane of planes) {
    const middle = median(plane, known);
    const own = plane.map((value, i) => (known[i] === 1 ? value - middle : 0));
    const mean = binomial(own, difference);
    for (let i = 0; i < own.length; i++) own[i]! **= 2;
    const power = binomial(own, difference);
    for (let i = 0; i < mean.length; i++) {
      if (known[i] === 0) continue;
      const square = (mean[i]! / share[i]!) ** 2;
      change[i]! += square / planes.length;
      texture[i]! += (power[i]! / share[i]! - square) / planes.length;
    }
  }
  for (let i = 0; i < change.length; i++) change[i] = Math.sqrt(change[i]!);
  const noise = median(change, known);
  const out = new Uint8Array(known.length);
  for (let i = 0; i < out.length; i++) {
    const unsteady = Math.sqrt(Math.max(0, texture[i]!));
    if (change[i]! > limitOf(STRONG, noise, unsteady)) out[i] = 2;
    else if (change[i]! > limitOf(WEAK, noise, unsteady)) out[i] = 1;
  }
  return out;
}

const limitOf = (limit: typeof WEAK, noise: number, texture: number) =>
  Math.max(limit.levels, limit.noise * noise) + limit.texture * texture;

/** Of the known blocks' values, or of some thousands evenly taken from them; 0 when there are none. */
function median(values: Float32Array, known: Uint8Array): number {
  // Odd, so that it does not fall on the same columns in every row.
  const stride = Math.floor(values.length / 16_384) | 1;
  const some = new Float32Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let i = 0; i < values.length; i += stride) if (known[i] === 1) some[count++] = values[i]!;
  return some.subarray(0, count).sort()[count >> 1] ?? 0;
}

/** 1 for each block with a pixel that was asked. */
function askedBlocks(asked: Uint8Array, size: Size, { width, height, block }: BlockDifference): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < size.height; y++) {
    let o = Math.floor(y / block) * width - 1;
    for (let x = 0; x < size.width; x++, i++) {
      if (x % block === 0) o++;
      if (asked[i]! > 0) out[o] = 1;
    }
  }
  return out;
}

/** The changed blocks of all parts that touch the hole and are large and strong enough; null when there are none. */
function followed(strength: Uint8Array, hole: Uint8Array, difference: BlockDifference): Uint8Array | null {
  const { width, height, block, known } = difference;
  const touching = nearAsked(hole, difference, Math.ceil(TOUCH / block));
  const edge = nearAsked(hole, difference, Math.ceil(EDGE / block));
  const least = LEAST_AREA / block ** 2;
  const part = new Uint8Array(strength.length);
  const stack = new Int32Array(strength.length);
  let kept = 0;
  for (let start = 0; start < strength.length; start++) {
    if (touching[start] === 0 || strength[start] === 0 || part[start] !== 0) continue;
    // A part is marked 2 while it is followed, and 3 when it is not enough.
    let end = 0;
    let strong = 0;
    part[start] = 2;
    stack[end++] = start;
    for (let next = 0; next < end; next++) {
      const i = stack[next]!;
      if (strength[i] === 2 && edge[i] === 0) strong++;
      const x = i % width;
      const y = (i - x) / width;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const n = ny * width + nx;
          if (strength[n] === 0 || part[n] !== 0) continue;
          part[n] = 2;
          stack[end++] = n;
        }
      }
    }
    const enough = strong >= least;
    for (let i = 0; i < end; i++) part[stack[i]!] = enough ? 1 : 3;
    if (enough) kept += end;
  }
  let outside = 0;
  for (const one of known) outside += one;
  if (kept === 0 || kept > outside * MOST_SHARE) return null;
  return part.map((mark) => (mark === 1 ? 1 : 0));
}

/** Gaps closed, also those towards the hole, and grown by one block. */
function closed(found: Uint8Array, hole: Uint8Array, size: Size): Uint8Array {
  const filled = found.map((value, i) => value | hole[i]!);
  const open = nearAsked(filled, size, CLOSING).map((value) => 1 - value);
  const kept = nearAsked(open, size, CLOSING).map((value, i) => (1 - value) & (hole[i]! ^ 1));
  return nearAsked(
    kept.map((value, i) => value | found[i]!),
    size,
    1,
  );
}
