import { HOLE, KNOWN, type Level } from './level.ts';
import type { Likes } from './likes.ts';

/** What a difference of one level to the nearest like counts, as steps of roughness (`guide.ts`): 0.35 to 0.9 are better than none. */
const STEPS = 0.58;
/** Red, green, blue and texture. */
const CHANNELS = 4;

/** Whether a whole side of the level is to be filled: the picture is extended beyond what it shows. */
function isExtension({ width, height, state }: Level): boolean {
  const isHole = (from: number, step: number, count: number) => {
    for (let i = 0, at = from; i < count; i++, at += step) if (state[at] !== HOLE) return false;
    return true;
  };
  return (
    isHole(0, 1, width) ||
    isHole((height - 1) * width, 1, width) ||
    isHole(0, width, height) ||
    isHole(width - 1, width, height)
  );
}

/**
 * Where a picture is extended: how much rougher each pixel counts as a source, in steps of roughness (`guide.ts`), because
 * its surroundings are unlike anything else in the level. What a picture shows once, it would hardly show again beyond its
 * border; copied there, it would be the things that the border cuts off, again and again. 0 for what differs from its like
 * no more than the mean, and everywhere where nothing is extended.
 */
export function soleness(level: Level, { xs, ys, differences }: Likes): Float64Array {
  const { width, height, state, radius } = level;
  const sole = new Float64Array(width * height);
  if (!isExtension(level)) return sole;
  const values = (2 * radius + 1) ** 2 * CHANNELS;
  /** About four patches each. */
  const side = Math.max(4, Math.round(2 * Math.sqrt((width * height) / xs.length)));
  const columns = Math.ceil(width / side);
  const rows = Math.ceil(height / side);
  const sums = new Float64Array(columns * rows);
  const counts = new Int32Array(columns * rows);
  for (let i = 0; i < xs.length; i++) {
    // A patch that met no other far enough away is like nothing and unlike nothing: those around it tell.
    if (differences[i] === Infinity) continue;
    const cell = Math.floor(ys[i]! / side) * columns + Math.floor(xs[i]! / side);
    counts[cell]!++;
    sums[cell]! += Math.sqrt(differences[i]! / values);
  }
  /** Of the four cells around a pixel, weighed by their nearness; 0 where none has a patch. */
  const differenceAt = (x: number, y: number) => {
    const across = (x + 0.5) / side - 0.5;
    const down = (y + 0.5) / side - 0.5;
    let sum = 0;
    let weights = 0;
    for (let row = Math.floor(down); row <= down + 1; row++)
      for (let column = Math.floor(across); column <= across + 1; column++) {
        if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
        const cell = row * columns + column;
        if (counts[cell] === 0) continue;
        const weight = (1 - Math.abs(column - across)) * (1 - Math.abs(row - down));
        sum += (weight * sums[cell]!) / counts[cell]!;
        weights += weight;
      }
    return weights > 0 ? sum / weights : 0;
  };
  let sum = 0;
  let known = 0;
  for (let at = 0; at < sole.length; at++) {
    if (state[at] !== KNOWN) continue;
    sole[at] = differenceAt(at % width, Math.floor(at / width));
    sum += sole[at]!;
    known++;
  }
  const mean = sum / known;
  return sole.map((difference) => Math.max(0, STEPS * (difference - mean)));
}
