import { type Level, SOURCE } from './level.ts';
import type { Random } from './random.ts';

/** Patches that are asked at most, evenly spread. No more than `PLACES`. */
const MOST_PATCHES = 2000;
/** Orders in which patches are laid beside each other, and how many next ones each is compared with. */
const ORDERS = 3;
const NEXT = 4;
/** What is nearer than this share of the longer side says only that a picture is like itself. */
const LEAST_SHARE = 1 / 15;
/** A number and its place in a list, sorted as one: the place takes the lower part. */
const PLACES = 4096;

/** Some known patches of a level, and their likes. */
export interface Likes {
  /** Of each patch. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** Of each patch, which other looks most like it of those that were seen far enough away; −1 for none. */
  readonly likes: Int32Array;
  /** The squared differences of the two, summed over their pixels and four channels; infinite where there is none. */
  readonly differences: Float64Array;
}

/**
 * Asks known patches of a classified level, evenly spread, for their likes: found by sorting them along random projections
 * and comparing those that come to lie side by side.
 */
export function findLikes(level: Level, random: Random): Likes {
  const { width, height, radius, pixels } = level;
  const centres = somePatches(level);
  const ys = centres.map((centre) => Math.floor(centre / width));
  const xs = centres.map((centre, i) => centre - ys[i]! * width);
  const distance = (a: number, b: number, limit: number): number => {
    let sum = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      const last = (dy * width + radius) * 4 + 3;
      for (let i = (dy * width - radius) * 4; i <= last; i++) {
        const difference = pixels[a * 4 + i]! - pixels[b * 4 + i]!;
        sum += difference * difference;
      }
      if (sum >= limit) return limit;
    }
    return sum;
  };
  const least = (Math.max(width, height) * LEAST_SHARE) ** 2;
  const differences = new Float64Array(centres.length).fill(Infinity);
  const likes = new Int32Array(centres.length).fill(-1);
  const keys = new Float64Array(centres.length);
  for (let order = 0; order < ORDERS; order++) {
    keys.fill(0);
    // What a projection looks at: the corners and the middle of a patch.
    for (let dy = -radius; dy <= radius; dy += Math.max(1, radius))
      for (let dx = -radius; dx <= radius; dx += Math.max(1, radius))
        for (let channel = 0; channel < 3; channel++) {
          const weight = random.between(-1, 1);
          const look = (dy * width + dx) * 4 + channel;
          for (let i = 0; i < keys.length; i++) keys[i]! += weight * pixels[centres[i]! * 4 + look]!;
        }
    for (let i = 0; i < keys.length; i++) keys[i] = Math.round(keys[i]!) * PLACES + i;
    keys.sort();
    const placed = Int32Array.from(keys, (key) => key - Math.floor(key / PLACES) * PLACES);
    for (let place = 0; place < placed.length; place++) {
      const i = placed[place]!;
      const last = Math.min(placed.length - 1, place + NEXT);
      for (let next = place + 1; next <= last; next++) {
        const other = placed[next]!;
        if ((xs[i]! - xs[other]!) ** 2 + (ys[i]! - ys[other]!) ** 2 < least) continue;
        const cost = distance(centres[i]!, centres[other]!, Math.max(differences[i]!, differences[other]!));
        if (cost < differences[i]!) {
          differences[i] = cost;
          likes[i] = other;
        }
        if (cost < differences[other]!) {
          differences[other] = cost;
          likes[other] = i;
        }
      }
    }
  }
  return { xs, ys, likes, differences };
}

/** The centres of some of the sources. */
function somePatches({ kind }: Level): number[] {
  let sources = 0;
  for (let at = 0; at < kind.length; at++) if (kind[at] === SOURCE) sources++;
  const step = Math.max(1, Math.ceil(sources / MOST_PATCHES));
  const centres: number[] = [];
  for (let at = 0, seen = 0; at < kind.length; at++)
    if (kind[at] === SOURCE && seen++ % step === 0) centres.push(at);
  return centres;
}
