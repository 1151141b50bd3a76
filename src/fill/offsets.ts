import type { Level } from './level.ts';
import type { Likes } from './likes.ts';

const MOST_OFFSETS = 24;
/** Offsets closer than this, in px, count as one. */
const APART = 3;
/** Votes that an offset needs: three patches, or a few near by. */
const LEAST_VOTES = 12;

/** A shift from a pixel to where something like it is found, in px. */
export interface Offset {
  readonly x: number;
  readonly y: number;
}

/**
 * The shifts by which a level's known patches find their likes most often (He & Sun 2012, "Statistics of patch offsets
 * and their application to image completion"): the periods of what repeats, the directions of what runs straight. At
 * most 24, the most frequent first.
 */
export function dominantOffsets(
  { width, height }: Pick<Level, 'width' | 'height'>,
  { xs, ys, likes }: Likes,
): readonly Offset[] {
  const columns = 2 * width - 1;
  const votes = new Int32Array(columns * (2 * height - 1));
  for (let i = 0; i < likes.length; i++) {
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
