import { createField, type Field, randomSource } from './field.ts';
import type { AbortSignalLike } from './hooks.ts';
import { HOLE, halve, type Level } from './level.ts';
import { onionPeel } from './onionPeel.ts';
import { patchMatchPass, refreshCosts } from './patchMatch.ts';
import { createRandom, mixSeed } from './random.ts';
import { vote, voteBest } from './vote.ts';

const PATCH_RADIUS = 3;
/** The pyramid ends when the short side falls below this, in px … */
const COARSE_SIDE = 192;
/** … but has at least so many levels, as long as the short side keeps … */
const LEAST_LEVELS = 3;
/** … enough px for patches to differ. */
const LEAST_SIDE = 24;
/** The coarsest level and those whose long side is below this, in px, search everywhere; others near the match. */
const GLOBAL_SEARCH_SIDE = 256;
const LOCAL_REACH = 16;
/** Matches of pixels that no coarser level saw start within this distance, in px. */
const NEARBY = 24;
/** Mean change of an open pixel, in summed 8-bit levels, below which a level has settled. */
const SETTLED = 0.6;
/** Coarsest levels of long thin pictures are large: from so many targets on they get fewer rounds. */
const SMALL_START = 40_000;
/** Above so many targets a level gets one round of one pass: the coarser ones have decided. */
const MANY_TARGETS = 700_000;

export interface Solution {
  /** Pixels that were solved; holes, and void pixels beside them. */
  readonly open: Int32Array;
  /** For each, the known pixel that it should be copied from. */
  readonly origin: Int32Array;
}

function buildPyramid(finest: Level): Level[] {
  const levels = [finest];
  for (let level = finest; ; ) {
    const short = Math.min(level.width, level.height);
    if (levels.length >= LEAST_LEVELS ? short < COARSE_SIDE : short < 2 * LEAST_SIDE) return levels;
    level = halve(level);
    if (!level.state.includes(HOLE) || createField(level, PATCH_RADIUS) === null) return levels;
    levels.push(level);
  }
}

/** The largest patches of which at least one is wholly known; null when nothing is known at all. */
function largestField(level: Level): Field | null {
  for (let radius = PATCH_RADIUS; radius >= 0; radius--) {
    const field = createField(level, radius);
    if (field) return field;
  }
  return null;
}

/** Starts a level from the one below it: colours doubled, matches doubled, then one vote. */
function refine(fine: Level, field: Field, coarse: Level, coarseField: Field, seed: number): void {
  const random = createRandom(seed);
  for (const at of field.open) {
    const x = at % fine.width;
    const y = (at - x) / fine.width;
    const parent = ((y >> 1) * coarse.width + (x >> 1)) * 4;
    for (let channel = 0; channel < 4; channel++) {
      fine.pixels[at * 4 + channel] = coarse.pixels[parent + channel]!;
    }
  }
  const inside = (value: number, size: number) =>
    Math.min(Math.max(value, coarseField.radius), size - 1 - coarseField.radius);
  const orphans: number[] = [];
  for (const centre of field.targets) {
    const x = centre % fine.width;
    const y = (centre - x) / fine.width;
    const parentX = inside(x >> 1, coarse.width);
    const parentY = inside(y >> 1, coarse.height);
    const parent = parentY * coarse.width + parentX;
    const match = coarseField.source[parent]!;
    if (match < 0) {
      orphans.push(centre);
      continue;
    }
    const matchX = match % coarse.width;
    const matchY = (match - matchX) / coarse.width;
    const doubledX = Math.min(Math.max(2 * (matchX - parentX) + x, 0), fine.width - 1);
    const doubledY = Math.min(Math.max(2 * (matchY - parentY) + y, 0), fine.height - 1);
    const doubled = doubledY * fine.width + doubledX;
    field.source[centre] =
      field.isSource[doubled] === 1 ? doubled : randomSource(fine, field, doubled, 2, random);
    field.cost[centre] = coarseField.cost[parent]!;
  }
  if (orphans.length < field.targets.length) vote(fine, field, undefined);
  for (const centre of orphans) field.source[centre] = randomSource(fine, field, centre, NEARBY, random);
}

/** Rounds of expectation (match) and maximisation (vote) on one level, until it settles. */
function iterate(
  level: Level,
  field: Field,
  plan: { readonly rounds: number; readonly passes: number; readonly reach: number; readonly seed: number },
  hooks: { readonly signal: AbortSignalLike | undefined; readonly afterRound: (share: number) => void },
): Int32Array {
  const { reach } = plan;
  for (let round = 0; round < plan.rounds; round++) {
    refreshCosts(level, field);
    for (let pass = 0; pass < plan.passes; pass++) {
      const seed = mixSeed(plan.seed, round, pass);
      patchMatchPass(level, field, { reverse: (pass & 1) === 1, reach, seed }, hooks.signal);
    }
    hooks.afterRound((round + 1) / plan.rounds);
    if (round === plan.rounds - 1) break;
    if (vote(level, field, hooks.signal) < SETTLED * field.open.length) break;
  }
  return voteBest(level, field, hooks.signal);
}

/**
 * Coarse-to-fine completion of the level's hole (Wexler et al. 2007 with PatchMatch). Writes colours into the
 * level and returns where each came from; null when nothing is known to copy from. `progress` is 0..1; `levelDone` is
 * told of each level but the finest, whose pixels are 2 ^ `depth` px wide, `depth` from `coarsest` down to 1.
 */
export function solve(
  finest: Level,
  seed: number,
  signal: AbortSignalLike | undefined,
  progress: (share: number) => void,
  levelDone: (level: Level, depth: number, coarsest: number) => void,
): Solution | null {
  const levels = buildPyramid(finest);
  const costOf = (level: Level) => level.width * level.height;
  const total = levels.reduce((sum, level) => sum + costOf(level), 0);
  let done = 0;
  let previous: { level: Level; field: Field } | null = null;
  let solution: Solution | null = null;
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    const level = levels[depth]!;
    const field = largestField(level);
    if (!field) return null;
    const levelSeed = mixSeed(seed, depth);
    const side = Math.max(level.width, level.height);
    const small = field.targets.length < SMALL_START;
    let rounds = small ? 16 : 5;
    let passes = small ? 8 : 4;
    if (previous) {
      refine(level, field, previous.level, previous.field, levelSeed);
      const rise = levels.length > 2 ? (levels.length - 2 - depth) / (levels.length - 2) : 1;
      const many = field.targets.length > MANY_TARGETS;
      rounds = many ? 1 : Math.round(6 - 4 * rise);
      passes = many ? 1 : Math.round(4 - 2 * rise);
    } else onionPeel(level, field, createRandom(levelSeed), signal);
    const reach = !previous || side < GLOBAL_SEARCH_SIDE ? side : LOCAL_REACH;
    const share = costOf(level) / total;
    const origin = iterate(
      level,
      field,
      { rounds, passes, reach, seed: levelSeed },
      {
        signal,
        afterRound: (part) => progress(done + share * part),
      },
    );
    done += share;
    if (depth > 0) levelDone(level, depth, levels.length - 1);
    previous = { level, field };
    solution = { open: field.open, origin };
  }
  return solution;
}
