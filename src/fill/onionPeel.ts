import type { AbortSignalLike } from './abortSignal.ts';
import { priceOf } from './kernels/patchMatch.ts';
import { KNOWN, type Level, SOURCE } from './level.ts';
import type { Offset } from './offsets.ts';
import type { Random } from './random.ts';

/** Sources drawn at random that each pixel is offered. */
const SAMPLED_SOURCES = 8;

/**
 * First guess on the coarsest level, from the hole's edge inwards: each ring takes, pixel by pixel, the source
 * patch that agrees best with what is already there; candidates are the continued matches of the neighbours,
 * what lies one of the offsets away, which costs nothing unless it is `sole` (`soleness.ts`), and sources drawn at random.
 * Writes colours and a match for every target.
 */
export function onionPeel(
  level: Level,
  offsets: readonly Offset[],
  sole: Float64Array,
  random: Random,
  signal: AbortSignalLike | undefined,
): void {
  const { width, height, pixels, state, radius, source, kind, targets, open, samples, guidePrice } = level;
  const patchArea = (2 * radius + 1) ** 2;
  const anySource = () => samples[random.below(samples.length)]!;
  const filled = new Uint8Array(state.length);
  for (let at = 0; at < filled.length; at++) filled[at] = state[at] === KNOWN ? 1 : 0;
  /** Where the colour of a pixel was copied from; −1 for known and unvisited pixels. */
  const origin = new Int32Array(state.length).fill(-1);

  const agreement = (centre: number, candidate: number, limit: number): number => {
    let sum = 0;
    let count = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let shift = dy * width - radius; shift <= dy * width + radius; shift++) {
        if (filled[centre + shift] !== 1) continue;
        const a = (centre + shift) * 4;
        const b = (candidate + shift) * 4;
        for (let channel = 0; channel < 4; channel++)
          sum += (pixels[a + channel]! - pixels[b + channel]!) ** 2;
        count++;
      }
      if (count > 0 && sum > limit * patchArea) return Infinity;
    }
    return count > 0 ? sum / count : 0;
  };

  /** The match for the pixel, as the source pixel it should be copied from. */
  const bestOrigin = (at: number): number => {
    const x = at % width;
    const y = (at - x) / width;
    const centreX = Math.min(Math.max(x, radius), width - 1 - radius);
    const centreY = Math.min(Math.max(y, radius), height - 1 - radius);
    const centre = centreY * width + centreX;
    let best = Infinity;
    let found = -1;
    const offer = (candidate: number, price: number) => {
      const cost = price / patchArea + agreement(centre, candidate, best);
      if (cost < best || found < 0) {
        best = cost;
        found = candidate + at - centre;
      }
    };
    const offerAtPrice = (candidate: number) => {
      if (kind[candidate] !== SOURCE) return;
      const candidateY = Math.floor(candidate / width);
      offer(
        candidate,
        priceOf(level, centre, candidate, (candidate % width) - centreX, candidateY - centreY),
      );
    };
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const near = at + dy * width + dx;
        const from = origin[near];
        if (from !== undefined && from >= 0) offerAtPrice(from - near + centre);
      }
    }
    for (const offset of offsets) {
      if (!isInside(centreX + offset.x, width) || !isInside(centreY + offset.y, height)) continue;
      const candidate = centre + offset.y * width + offset.x;
      if (kind[candidate] === SOURCE) offer(candidate, sole[candidate]! ** 2 * guidePrice);
    }
    for (let i = 0; i < SAMPLED_SOURCES; i++) offerAtPrice(anySource());
    return found;
  };

  const isOpen = new Uint8Array(state.length);
  for (const at of open) isOpen[at] = 1;
  /** The unfilled open pixels beside one, each told once. */
  const neighbours = (at: number, found: number[]) => {
    const x = at % width;
    const visit = (near: number) => {
      if (isOpen[near] !== 1) return;
      isOpen[near] = 0;
      found.push(near);
    };
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    visit(at - width);
    visit(at + width);
  };
  const touchesFilled = (at: number) => {
    const x = at % width;
    return (
      (x > 0 && filled[at - 1] === 1) ||
      (x < width - 1 && filled[at + 1] === 1) ||
      filled[at - width] === 1 ||
      filled[at + width] === 1
    );
  };
  const fill = (ring: readonly number[]) => {
    ring.forEach((at, i) => {
      if ((i & 0xff) === 0) signal?.throwIfAborted();
      const from = bestOrigin(at);
      origin[at] = from;
      for (let channel = 0; channel < 4; channel++) pixels[at * 4 + channel] = pixels[from * 4 + channel]!;
    });
    for (const at of ring) filled[at] = 1;
  };
  let ring = Array.from(open).filter(touchesFilled);
  for (const at of ring) isOpen[at] = 0;
  while (ring.length > 0) {
    fill(ring);
    const next: number[] = [];
    for (const at of ring) neighbours(at, next);
    ring = next.sort((a, b) => a - b);
  }
  // Islands in what is transparent touch nothing that is known.
  fill(Array.from(open).filter((at) => isOpen[at] === 1));
  for (const centre of targets) {
    const from = origin[centre]!;
    source[centre] = kind[from] === SOURCE ? from : anySource();
  }
}

const isInside = (at: number, size: number) => at >= 0 && at < size;
