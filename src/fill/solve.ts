import type { AbortSignalLike } from './abortSignal.ts';
import { evenBands, listBands } from './bands.ts';
import { writeGuide } from './guide.ts';
import {
  BYTES_FIXED,
  BYTES_PER_PIXEL,
  BYTES_PER_ROW,
  createLevel,
  type Level,
  openLevel,
  SAMPLES,
  SOURCE,
  setWords,
  takeCorrections,
  takeGuide,
  takeLists,
} from './level.ts';
import { findLikes } from './likes.ts';
import type { Arena } from './memory.ts';
import { dominantOffsets } from './offsets.ts';
import { onionPeel } from './onionPeel.ts';
import { smoothOver } from './pullPush.ts';
import { createRandom, mixSeed } from './random.ts';
import { soleness } from './soleness.ts';
import type { Team } from './team.ts';

const PATCH_RADIUS = 3;
/**
 * The pyramid ends when the short side falls below this, in px: the first guess is better the more it sees (170 to 256 px
 * beat half of that in every figure) …
 */
const COARSE_SIDE = 320;
/** … but has at least so many levels, as long as the short side keeps … */
const LEAST_LEVELS = 2;
/** … enough px for patches to differ. */
const LEAST_SIDE = 24;
/** The coarsest level and those whose long side is below this, in px, search everywhere; others near the match. */
const GLOBAL_SEARCH_SIDE = 256;
const LOCAL_REACH = 16;
/** Mean change of an open pixel, in summed 8-bit levels, below which a level has settled. */
const SETTLED = 0.6;
/** Coarsest levels of long thin pictures are large: from so many targets on they get fewer rounds. */
const SMALL_START = 40_000;
/** Above so many targets a level gets one round of one pass: the coarser ones have decided. */
const MANY_TARGETS = 700_000;
/** Sweeps of the Poisson finish. */
const SWEEPS = 60;

/** Price of a displacement of one pixel, in 1/256 of a cost unit: straight up or down costs more than sideways. */
const VERTICAL_PRICE = 100;
const HORIZONTAL_PRICE = 30;
const PRICE_SIDE = 700;
/** Price of a squared step of roughness. */
const GUIDE_PRICE = 38;

/** Bytes that a region of this size may take. */
export const bytesFor = (width: number, height: number) =>
  width * height * BYTES_PER_PIXEL + (width + height) * BYTES_PER_ROW + BYTES_FIXED;

export interface SolveHooks {
  /** 0..1 */
  readonly progress: (share: number) => void;
  /**
   * What can be seen so far, `index` from 0 to `count` − 1: a level whose pixels are 2 ^ `depth` px wide, the coarsest
   * first smoothly drawn over. Makes the level only when it is called.
   */
  readonly stage: (index: number, count: number, depth: number, draw: () => Level) => void;
}

/** Classifies patches of a radius and returns the level that knows it; null when none is wholly known. */
function classify(team: Team, level: Level, radius: number): Level | null {
  setWords(level, { radius });
  const { kind } = level;
  const sources = team.run('classify', level, evenBands(level.width, level.height));
  if (sources === 0) return null;
  const count = Math.min(SAMPLES, sources);
  const samples = new Int32Array(level.memory.buffer, level.samples.byteOffset, count);
  for (let at = 0, seen = 0, taken = 0; taken < count; at++) {
    if (kind[at] !== SOURCE) continue;
    if (Math.floor((taken * sources) / count) === seen++) samples[taken++] = at;
  }
  setWords(level, { sampleCount: count });
  return openLevel(level.memory, level.at);
}

function accumulate(start: Int32Array): void {
  start[0] = 0;
  for (let row = 1; row < start.length; row++) start[row]! += start[row - 1]!;
}

/** Classifies the largest patches of which at least one is wholly known; null when there is none from `least` on. */
function classifyLargest(team: Team, level: Level, least: number): Level | null {
  for (let radius = PATCH_RADIUS; radius >= least; radius--) {
    const classified = classify(team, level, radius);
    if (classified) return classified;
  }
  return null;
}

/** Lists targets and open pixels of a level; null when nothing is known at all. */
function prepareField(team: Team, arena: Arena, bare: Level): Level | null {
  const level = bare.radius > 0 ? bare : classifyLargest(team, bare, 0);
  if (!level) return null;
  const rows = evenBands(level.width, level.height);
  team.run('findOpen', level, rows);
  accumulate(level.targetStart);
  accumulate(level.openStart);
  const scale = Math.round((PRICE_SIDE * 256) / Math.max(level.width, level.height));
  setWords(level, { verticalPrice: VERTICAL_PRICE * scale, horizontalPrice: HORIZONTAL_PRICE * scale });
  const listed = takeLists(arena, level);
  team.run('list', listed, rows);
  return listed;
}

/** Smaller and smaller levels, as long as there is a hole, and a patch to fill it from. */
function buildPyramid(team: Team, arena: Arena, finest: Level): Level[] {
  const levels = [finest];
  for (let level = finest; ; ) {
    const short = Math.min(level.width, level.height);
    if (levels.length >= LEAST_LEVELS ? short < COARSE_SIDE : short < 2 * LEAST_SIDE) return levels;
    const half = createLevel(arena, (level.width + 1) >> 1, (level.height + 1) >> 1, level);
    const holes = team.run('halve', half, evenBands(half.width, half.height));
    const classified = holes > 0 ? classifyLargest(team, half, 1) : null;
    if (!classified) return levels;
    levels.push(classified);
    level = classified;
  }
}

const SIGMA_PERCENTILE = 0.02;
const COST_SAMPLES = 20_000;

/** The cost below which the best 2 % of the matches lie; at least 1. */
function typicalCost({ targets, cost }: Level): number {
  const step = Math.ceil(targets.length / COST_SAMPLES);
  const sample = new Int32Array(Math.ceil(targets.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = cost[targets[i * step]!]!;
  sample.sort();
  return Math.max(1, sample[Math.floor(sample.length * SIGMA_PERCENTILE)]!);
}

/** The M step; returns the summed change. */
function vote(team: Team, level: Level): number {
  team.run('weigh', level, listBands(level.targetStart), typicalCost(level));
  return team.run('vote', level, listBands(level.openStart));
}

interface Plan {
  readonly rounds: number;
  readonly passes: number;
  readonly reach: number;
  readonly seed: number;
}

/** Rounds of expectation (match) and maximisation (vote) on one level, until it settles. */
function iterate(team: Team, level: Level, plan: Plan, afterRound: (share: number) => void): void {
  for (let round = 0; round < plan.rounds; round++) {
    team.run('refreshCosts', level, listBands(level.targetStart));
    for (let pass = 0; pass < plan.passes; pass++) {
      const backwards = pass & 1;
      const seed = mixSeed(plan.seed, round, pass) | 0;
      team.run('search', level, listBands(level.targetStart, backwards === 1), backwards, plan.reach, seed);
    }
    afterRound((round + 1) / plan.rounds);
    if (round === plan.rounds - 1) break;
    if (vote(team, level) < SETTLED * level.open.length) break;
  }
  team.run('voteBest', level, listBands(level.openStart));
}

/**
 * Coarse-to-fine completion of the level's hole (Wexler et al. 2007 with PatchMatch). Writes colours into the
 * level and where each came from, and returns it, with its lists; null when nothing is known to copy from.
 */
export function solve(
  team: Team,
  arena: Arena,
  finest: Level,
  seed: number,
  signal: AbortSignalLike | undefined,
  hooks: SolveHooks,
): Level | null {
  const rows = evenBands(finest.width, finest.height);
  team.run('measureGradient', finest, rows);
  team.run('writeTexture', finest, rows);
  const levels = buildPyramid(team, arena, finest);
  const costOf = (level: Level) => level.width * level.height;
  const total = levels.reduce((sum, level) => sum + costOf(level), 0);
  let done = 0;
  const coarsest = levels.length - 1;
  for (let depth = coarsest; ; depth--) {
    let level = prepareField(team, arena, levels[depth]!);
    if (!level) return null;
    const levelSeed = mixSeed(seed, depth) | 0;
    const side = Math.max(level.width, level.height);
    const small = level.targets.length < SMALL_START;
    let rounds = small ? 3 : 2;
    let passes = 4;
    if (depth < coarsest) {
      team.run('refine', level, listBands(level.targetStart), levelSeed);
      const rise = levels.length > 2 ? (levels.length - 2 - depth) / (levels.length - 2) : 1;
      const many = level.targets.length > MANY_TARGETS;
      rounds = many ? 1 : Math.round(6 - 4 * rise);
      passes = many ? 1 : Math.round(4 - 2 * rise);
    } else {
      const empty = level;
      hooks.stage(0, coarsest + 1, depth, () => smoothOver(empty));
      level = takeGuide(arena, level, GUIDE_PRICE);
      const random = createRandom(levelSeed);
      const likes = findLikes(level, random);
      const sole = soleness(level, likes);
      writeGuide(level, sole, signal);
      onionPeel(level, dominantOffsets(level, likes), sole, random, signal);
    }
    const reach = depth === coarsest || side < GLOBAL_SEARCH_SIDE ? side : LOCAL_REACH;
    const share = costOf(level) / total;
    iterate(team, level, { rounds, passes, reach, seed: levelSeed }, (part) =>
      hooks.progress(done + share * part),
    );
    done += share;
    if (depth === 0) return level;
    const solved = level;
    hooks.stage(coarsest + 1 - depth, coarsest + 1, depth, () => solved);
  }
}

/** Takes seams and steps of brightness out of a solved level, and returns it with its corrections. */
export function blendCopies(team: Team, arena: Arena, solved: Level): Level {
  const level = takeCorrections(arena, solved);
  const bands = listBands(level.openStart);
  team.run('prepareCorrection', level, bands);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    team.run('relax', level, bands, 0);
    team.run('relax', level, bands, 1);
  }
  team.run('correct', level, bands);
  return level;
}
