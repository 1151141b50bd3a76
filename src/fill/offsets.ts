import { type Level, SOURCE } from './level.ts';
import type { Random } from './random.ts';

/** Patches that are asked at most, evenly spread. No more than `PLACES`. */
const MOST_PATCHES = 2000;
/** Orders in which patches are laid beside each other, and how many next ones each is compared with. */
const ORDERS = 3;
const NEXT = 4;
/** Offsets shorter than this share of the longer side say only that a picture is like itself. */
const LEAST_SHARE = 1 / 15;
const MOST_OFFSETS = 24;
/** Offsets closer than this, in px, count as one. */
const APART = 3;
/** Votes that an offset needs: three patches, or a few near by. */
const LEAST_VOTES = 12;
/** A number and its place in a list, sorted as one: the place takes the lower part. */
const PLACES = 4096;

/** A shift from a pixel to where something like it is found, in px. */
export interface Offset {
  readonly x: number;
  readonly y: number;
}

/**
 * The shifts by which a level's known patches find their likes most often (He & Sun 2012, "Statistics of patch offsets
 * and their application to image completion"): the periods of what repeats, the directions of what runs straight. Likes
 * are found by sorting patches along random projections and comparing those that come to lie side by side. At most 24,
 * the most frequent first.
 */
export function dominantOffsets(level: Level, random: Random): readonly Offset[] {
  const { width, height } = level;
  const { centres, xs, ys } = somePatches(level);
  const likes = findLikes(level, centres, xs, ys, random);
  const columns = 2 * width - 1;
  const votes = new Int32Array(columns * (2 * height - 1));
  for (let i = 0; i < centres.length; i++) {
    const like = likes[i]!;
    if (like < 0) continue;
    const dx = xs[like]! - xs[i]!;
    const dy = ys[like]! - ys[i]!;
    // Who is like another, is so the other way round; and a little beside.
    for (let y = dy - 1; y <= dy + 1; y++)
      for (let x = dx - 1; x <= dx + 1; x++) {
        if (Math.abs(x) >= width || Math.abs(y) >= height) continue;
        const weight = (2 - Math.abs(x - dx)) * (2 - Math.abs(y - dy));
        votes[(y + height - 1) * columns + x + width - 1]! += weight;
        votes[(height - 1 - y) * columns + width - 1 - x]! += weight;
      }
  }
  return peaks(votes, columns, width - 1, height - 1);
}

/** Some of the sources: their centres, and these as coordinates. */
function somePatches({ width, kind }: Level) {
  let sources = 0;
  for (let at = 0; at < kind.length; at++) if (kind[at] === SOURCE) sources++;
  const step = Math.max(1, Math.ceil(sources / MOST_PATCHES));
  const centres: number[] = [];
  for (let at = 0, seen = 0; at < kind.length; at++)
    if (kind[at] === SOURCE && seen++ % step === 0) centres.push(at);
  const ys = centres.map((centre) => Math.floor(centre / width));
  return { centres, ys, xs: centres.map((centre, i) => centre - ys[i]! * width) };
}

/** For each patch, which other that is far enough away looks most like it of those that were seen; −1 for none. */
function findLikes(
  { width, height, radius, pixels }: Level,
  centres: readonly number[],
  xs: readonly number[],
  ys: readonly number[],
  random: Random,
): Int32Array {
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
  const costs = new Float64Array(centres.length).fill(Infinity);
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
        const cost = distance(centres[i]!, centres[other]!, Math.max(costs[i]!, costs[other]!));
        if (cost < costs[i]!) {
          costs[i] = cost;
          likes[i] = other;
        }
        if (cost < costs[other]!) {
          costs[other] = cost;
          likes[other] = i;
        }
      }
    }
  }
  return likes;
}

/** The highest places of a plane of votes, as offsets from its middle. */
function peaks(votes: Int32Array, columns: number, middleX: number, middleY: number): Offset[] {
  const high: number[] = [];
  for (let at = 0; at < votes.length; at++) if (votes[at]! >= LEAST_VOTES) high.push(at);
  high.sort((a, b) => votes[b]! - votes[a]! || a - b);
  const found: Offset[] = [];
  for (const at of high) {
    const y = Math.floor(at / columns) - middleY;
    const x = (at % columns) - middleX;
    if (found.some((other) => Math.abs(other.x - x) < APART && Math.abs(other.y - y) < APART)) continue;
    found.push({ x, y });
    if (found.length === MOST_OFFSETS) break;
  }
  return found;
}
