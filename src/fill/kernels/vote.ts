import type { Level } from '../level.ts';
import { DECAY_AT } from '../memory.ts';
import type { Kernel } from './kernel.ts';

/** Writes what each match counts in a vote, exp(−cost / 2σ), where `a` is σ, the cost of a good match; at least 1. */
export const weigh: Kernel = (level, from, to, typical) => {
  const { source, cost, weight, targets, targetStart } = level;
  const decay = new Uint16Array(level.memory.buffer, DECAY_AT, 128);
  for (let i = targetStart[from]!; i < targetStart[to]!; i++) {
    const centre = targets[i]!;
    weight[centre] = source[centre]! < 0 ? 0 : decay[Math.min(127, ((cost[centre]! << 3) / typical) | 0)]!;
  }
  return 0;
};

/** Left, right, top and bottom of the patch centres that cover a pixel, as shifts from it, inside the picture. */
const covering = ({ width, height, radius }: Level, x: number, y: number) => ({
  left: Math.max(-radius, -x),
  right: Math.min(radius, width - 1 - x),
  top: Math.max(-radius, -y),
  bottom: Math.min(radius, height - 1 - y),
});

/**
 * The M step (Wexler et al. 2007): every open pixel becomes the mean of what the patches that cover it propose, by
 * their weights. Pixels that no match covers keep their colour. Returns the summed absolute change of R, G and B.
 */
export const vote: Kernel = (level, from, to) => {
  const { width, pixels, source, weight, open, openStart } = level;
  let change = 0;
  for (let y = from; y < to; y++)
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const at = open[i]!;
      const { left, right, top, bottom } = covering(level, at - y * width, y);
      let total = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let texture = 0;
      for (let dy = top; dy <= bottom; dy++) {
        const end = dy * width + right;
        for (let shift = dy * width + left; shift <= end; shift++) {
          const part = weight[at + shift]!;
          if (part === 0) continue;
          const copied = (source[at + shift]! - shift) * 4;
          total += part;
          red += part * pixels[copied]!;
          green += part * pixels[copied + 1]!;
          blue += part * pixels[copied + 2]!;
          texture += part * pixels[copied + 3]!;
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
};

/**
 * The last vote of a level: each open pixel is copied from one place, as the cheapest patch that covers it says,
 * which keeps grain and edges that a mean would blur. Writes `origin`.
 */
export const voteBest: Kernel = (level, from, to) => {
  const { width, pixels, source, cost, open, openStart, origin } = level;
  for (let y = from; y < to; y++)
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const at = open[i]!;
      const { left, right, top, bottom } = covering(level, at - y * width, y);
      let best = 0x7fffffff;
      let copied = at;
      for (let dy = top; dy <= bottom; dy++) {
        const end = dy * width + right;
        for (let shift = dy * width + left; shift <= end; shift++) {
          const match = source[at + shift]!;
          if (match >= 0 && cost[at + shift]! < best) {
            best = cost[at + shift]!;
            copied = match - shift;
          }
        }
      }
      origin[i] = copied;
      for (let channel = 0; channel < 4; channel++) pixels[at * 4 + channel] = pixels[copied * 4 + channel]!;
    }
  return 0;
};
