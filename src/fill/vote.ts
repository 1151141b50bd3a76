import type { Field } from './field.ts';
import type { AbortSignalLike } from './hooks.ts';
import type { Level } from './level.ts';

/** exp(−x) in fixed point, x in sixteenths. */
const DECAY = Uint16Array.from({ length: 128 }, (_, i) => Math.max(1, Math.round(4096 * Math.exp(-i / 16))));
const SIGMA_PERCENTILE = 0.3;
const SAMPLES = 20_000;

/** The cost below which the best 30 % of the matches lie; at least 1. */
function typicalCost(field: Field): number {
  const { targets, cost } = field;
  const step = Math.ceil(targets.length / SAMPLES);
  const sample = new Int32Array(Math.ceil(targets.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = cost[targets[i * step]!]!;
  sample.sort();
  return Math.max(1, sample[Math.floor(sample.length * SIGMA_PERCENTILE)]!);
}

/**
 * The M step (Wexler et al. 2007): every open pixel becomes the mean of what the patches that cover it propose,
 * weighted by exp(−cost / 2σ). Pixels that no match covers keep their colour. Returns the summed absolute change
 * of all channels.
 */
export function vote(level: Level, field: Field, signal: AbortSignalLike | undefined): number {
  const { width, height, pixels } = level;
  const { radius, source, cost, targets, open } = field;
  const scale = 8 / typicalCost(field);
  const weights = new Uint16Array(source.length);
  for (const centre of targets) {
    if (source[centre]! >= 0) weights[centre] = DECAY[Math.min(127, (cost[centre]! * scale) | 0)]!;
  }
  let change = 0;
  for (let i = 0; i < open.length; i++) {
    if ((i & 0x3fff) === 0) signal?.throwIfAborted();
    const at = open[i]!;
    const y = (at / width) | 0;
    const x = at - y * width;
    const left = Math.max(-radius, -x);
    const right = Math.min(radius, width - 1 - x);
    const bottom = Math.min(radius, height - 1 - y);
    let total = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    let texture = 0;
    for (let dy = Math.max(-radius, -y); dy <= bottom; dy++) {
      const end = dy * width + right;
      for (let shift = dy * width + left; shift <= end; shift++) {
        const weight = weights[at + shift]!;
        if (weight === 0) continue;
        const from = (source[at + shift]! - shift) * 4;
        total += weight;
        red += weight * pixels[from]!;
        green += weight * pixels[from + 1]!;
        blue += weight * pixels[from + 2]!;
        texture += weight * pixels[from + 3]!;
      }
    }
    if (total === 0) continue;
    const half = total >> 1;
    const byte = at * 4;
    const newRed = ((red + half) / total) | 0;
    const newGreen = ((green + half) / total) | 0;
    const newBlue = ((blue + half) / total) | 0;
    change +=
      Math.abs(newRed - pixels[byte]!) +
      Math.abs(newGreen - pixels[byte + 1]!) +
      Math.abs(newBlue - pixels[byte + 2]!);
    pixels[byte] = newRed;
    pixels[byte + 1] = newGreen;
    pixels[byte + 2] = newBlue;
    pixels[byte + 3] = ((texture + half) / total) | 0;
  }
  return change;
}

/**
 * The last vote of a level: each open pixel is copied from one place, as the cheapest patch that covers it says,
 * which keeps grain and edges that a mean would blur. Returns the source pixel of every entry of `field.open`.
 */
export function voteBest(level: Level, field: Field, signal: AbortSignalLike | undefined): Int32Array {
  const { width, height, pixels } = level;
  const { radius, source, cost, open } = field;
  const origin = new Int32Array(open.length);
  for (let i = 0; i < open.length; i++) {
    if ((i & 0x3fff) === 0) signal?.throwIfAborted();
    const at = open[i]!;
    const y = (at / width) | 0;
    const x = at - y * width;
    const left = Math.max(-radius, -x);
    const right = Math.min(radius, width - 1 - x);
    const bottom = Math.min(radius, height - 1 - y);
    let best = Infinity;
    let from = at;
    for (let dy = Math.max(-radius, -y); dy <= bottom; dy++) {
      const end = dy * width + right;
      for (let shift = dy * width + left; shift <= end; shift++) {
        const match = source[at + shift]!;
        if (match >= 0 && cost[at + shift]! < best) {
          best = cost[at + shift]!;
          from = match - shift;
        }
      }
    }
    origin[i] = from;
  }
  for (let i = 0; i < open.length; i++) {
    const byte = open[i]! * 4;
    const from = origin[i]! * 4;
    pixels[byte] = pixels[from]!;
    pixels[byte + 1] = pixels[from + 1]!;
    pixels[byte + 2] = pixels[from + 2]!;
    pixels[byte + 3] = pixels[from + 3]!;
  }
  return origin;
}
