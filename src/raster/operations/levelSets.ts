/** Steps that soft coverage is cut into; a mask without soft edges needs one only. */
const STEPS = 4;

/** The pixels that reach a level (when shrinking: that don't exceed one). */
export interface LevelSet {
  /** By value 0–255: 0 when pixels of this value are in the set, else 0xffff. */
  readonly isOut: Uint16Array;
  /** What the set gives to the coverage; when shrinking it takes, and this is below 0. */
  readonly weight: number;
}

/**
 * Between 0 and `highest`. Growing takes what reaches a level's upper bound, shrinking what doesn't exceed its lower
 * one, so that neither can take from the plateaus of the mask itself. `seen`: by value, whether any pixel has it; sets
 * that no pixel tells apart are one.
 */
export function levelSets(highest: number, seen: readonly boolean[], grows: boolean): LevelSet[] {
  const sets: LevelSet[] = [];
  let lower = 0;
  for (let step = 1; step <= STEPS; step++) {
    const upper = Math.round((highest * step) / STEPS);
    const next = Math.round((highest * (step + 1)) / STEPS);
    const apart = grows ? seen.slice(upper, next) : seen.slice(lower + 1, upper + 1);
    if (step < STEPS && !apart.includes(true)) continue;
    const [from, end] = grows ? [upper, 256] : [0, lower + 1];
    sets.push({
      isOut: new Uint16Array(256).fill(0xffff).fill(0, from, end),
      weight: grows ? upper - lower : lower - upper,
    });
    lower = upper;
  }
  return sets;
}

/** By value 0–255: `start`, and the weights of all sets that pixels of this value are in. */
export function stillSums(sets: readonly LevelSet[], start: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) =>
    sets.reduce((sum, { isOut, weight }) => (isOut[value] === 0 ? sum + weight : sum), start),
  );
}
