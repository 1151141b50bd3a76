export const LEVELS = 256;

/** How many pixels there are of each brightness, 0–255. */
export type Levels = Float64Array;

export const levelsUsed = (levels: Levels): number[] =>
  [...levels.keys()].filter((level) => levels[level]! > 0);

export function mappedLevels(levels: Levels, curve: (level: number) => number): Levels {
  const out = new Float64Array(LEVELS);
  levels.forEach((count, level) => {
    out[curve(level)]! += count;
  });
  return out;
}

/** Mean brightness, 0–1. */
function brightness(levels: Levels): number {
  let sum = 0;
  let count = 0;
  levels.forEach((n, level) => {
    sum += n * level;
    count += n;
  });
  return count === 0 ? 0 : sum / (255 * count);
}

/** A border that is brighter or darker than the middle by less than this tells nothing. */
const UNDECIDED = 0.05;

/**
 * Whether black, and not white, is meant to be edited. What lies at a picture's border is mostly what is kept; where
 * the border shows both about equally, the larger part is. Of one brightness, or in doubt, white is edited.
 */
export function darkIsEdited(border: Levels, all: Levels): boolean {
  if (levelsUsed(all).length < 2) return false;
  const atBorder = brightness(border) - 0.5;
  return Math.abs(atBorder) > UNDECIDED ? atBorder > 0 : brightness(all) > 0.5;
}
