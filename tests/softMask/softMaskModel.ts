import type { Placement } from '../../src/blend/placement.ts';
import type { Size } from '../../src/blend/size.ts';
import { createRandom } from '../../src/fill/random.ts';
import { blockLoss } from './blockLoss.ts';
import { bytesOf, type Planes, planesOf } from './planes.ts';
import { truth } from './truth.ts';
import { warp } from './warp.ts';

/** What the service does to a picture besides what it was asked for. */
export interface Distortion extends Placement {
  /** Per channel: value = 255 · gain · (value / 255) ^ gamma. */
  readonly gain: readonly [number, number, number];
  readonly gamma: readonly [number, number, number];
  /** Standard deviation of white noise per channel, in levels. */
  readonly noise: number;
  /** JPEG-like loss: the quantiser's step, see `blockLoss`; 0 is none. */
  readonly loss: number;
  /** Share of the pixels outside the mask that are painted anew, 0–1, in blobs. */
  readonly repaint: number;
  readonly seed: number;
}

/** A service that keeps its hands off: what it returns is what was sent, the hole filled. */
export const FAITHFUL: Distortion = {
  scaleX: 1,
  scaleY: 1,
  shiftX: 0,
  shiftY: 0,
  gain: [1, 1, 1],
  gamma: [1, 1, 1],
  noise: 0,
  loss: 0,
  repaint: 0,
  seed: 1,
};

/**
 * What a service that takes a mask as a hint returns: opaque RGBA of the same size. In this order: the hole is filled
 * with `content`, blobs outside it are painted anew, all of it is moved and scaled, then come gain and gamma, noise
 * and loss. Outside the hole the picture as it was sent counts as the truth. The same arguments give the same bytes.
 * @param sent RGBA of `size`, alpha ignored
 * @param asked one byte per px; more than 0 is the hole
 * @param content RGBA of `size`, used in the hole
 */
export function softMaskReply(
  sent: Uint8Array,
  asked: Uint8Array,
  size: Size,
  content: Uint8Array,
  distortion: Distortion,
): Uint8Array<ArrayBuffer> {
  const painted = new Uint8Array(sent);
  for (let i = 0; i < asked.length; i++) {
    if (asked[i]! > 0) painted.set(content.subarray(i * 4, i * 4 + 4), i * 4);
  }
  if (distortion.repaint > 0) repaint(painted, asked, size, distortion);
  let planes = planesOf(painted, size);
  if (isMoved(distortion)) planes = warp(planes, distortion);
  develop(planes, distortion);
  if (distortion.loss > 0) planes = blockLoss(planes, distortion.loss);
  return bytesOf(planes);
}

function isMoved({ scaleX, scaleY, shiftX, shiftY }: Placement): boolean {
  return scaleX !== 1 || scaleY !== 1 || shiftX !== 0 || shiftY !== 0;
}

/** Discs of another picture, until the share is reached. */
function repaint(pixels: Uint8Array, asked: Uint8Array, size: Size, { repaint: share, seed }: Distortion) {
  const random = createRandom(seed, 31);
  const other = truth('texture', size, seed + 1000);
  const edge = Math.min(size.width, size.height);
  const isNew = new Uint8Array(asked.length);
  let left = share * asked.reduce((count, v) => count + (v === 0 ? 1 : 0), 0);
  // Bounded, should hardly anything lie outside the mask.
  for (let tries = 0; left > 0 && tries < 1000; tries++) {
    const x = random.between(0, size.width);
    const y = random.between(0, size.height);
    const radius = edge * random.between(0.04, 0.12);
    for (let j = Math.max(0, Math.floor(y - radius)); j < Math.min(size.height, y + radius); j++) {
      for (let i = Math.max(0, Math.floor(x - radius)); i < Math.min(size.width, x + radius); i++) {
        const at = j * size.width + i;
        if (asked[at]! > 0 || isNew[at] === 1 || Math.hypot(i - x, j - y) > radius) continue;
        pixels.set(other.subarray(at * 4, at * 4 + 4), at * 4);
        isNew[at] = 1;
        left--;
      }
    }
  }
}

/** Gain, gamma and noise, in place. */
function develop({ channels }: Planes, { gain, gamma, noise, seed }: Distortion): void {
  const random = createRandom(seed, 47);
  for (const [c, channel] of channels.entries()) {
    for (let i = 0; i < channel.length; i++) {
      const value = Math.max(0, channel[i]!) / 255;
      channel[i] = 255 * gain[c]! * (gamma[c] === 1 ? value : value ** gamma[c]!);
      if (noise > 0) {
        // Four uniform numbers are normal enough; their variance is 4 / 12.
        const sum = random.unit() + random.unit() + random.unit() + random.unit() - 2;
        channel[i]! += noise * sum * Math.sqrt(3);
      }
    }
  }
}
