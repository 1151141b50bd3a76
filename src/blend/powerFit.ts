import type { ChannelSamples } from './colourSamples.ts';
import { levelOf, linearOf } from './srgbCurve.ts';

/** returned = exp(logGain) · sent^gamma in linear light; `noise` is the spread of what it leaves, in levels. */
export interface PowerFit {
  readonly logGain: number;
  readonly gamma: number;
  readonly noise: number;
}

/** Levels below this are cut by noise on one side. */
const DARKEST = 5;
const GAMMAS = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35];
/** Places among the sorted gains: the middle, and where it would be without outliers on one side. */
const SHARES = [0.35, 0.5, 0.65];
/** Levels beyond which a sample counts as an outlier at first. */
const FIRST_NOISE = 4;
/** Samples that are enough to find where to start from. */
const FIRST_LOOK = 1024;
const ROUNDS = 16;
/** A change of gain or gamma by this much moves no level by more than about 0.01. */
const SETTLED = 5e-5;
/** Where Tukey's weight ends, in standard deviations: 95 % efficiency on plain noise. */
const TUKEY = 3;
/** Levels up to which no sample is an outlier: on clean paper, the few that hold ink still tell gamma. */
const LEAST_CUT = 6;
/** Times the noise: a ring whose values spread by this much is believed half. */
const RIDGE = 2;
/** Spread of ln(light) below which a ring says nothing of gamma however little noise there is. */
const LEAST_SPREAD = 0.02;

/**
 * Robust fit of one channel: Gauss–Newton on levels (where a service's noise is even) with Tukey's weights, iteratively
 * reweighted (P. Holland, R. Welsch, "Robust Regression Using Iteratively Reweighted Least-Squares", 1977), started
 * from the best of a few gammas. Returned is explained by sent, not the other way round: sent is the one without
 * the service's noise, which would flatten the curve. Gamma is held at 1 by a ridge as strong as a ring whose values
 * spread by twice the noise, so that a flat ring gives its level and no slope. Null when too little is usable.
 */
export function powerFit(samples: ChannelSamples): PowerFit | null {
  let fit = firstFit(samples);
  for (let round = 0; fit && round < ROUNDS; round++) {
    const next = refined(samples, fit);
    if (next && isSettled(next, fit)) return next;
    fit = next;
  }
  return fit;
}

const isSettled = (a: PowerFit, b: PowerFit) =>
  Math.max(Math.abs(a.logGain - b.logGain), Math.abs(a.gamma - b.gamma)) < SETTLED &&
  Math.abs(a.noise - b.noise) < SETTLED;

/** Of a few curves, the one that leaves the least (a cost that outliers cannot raise further). */
function firstFit({ sent, returned, spreads, weights, limit }: ChannelSamples): PowerFit | null {
  const stride = Math.max(1, Math.floor(sent.length / FIRST_LOOK));
  const chosen: number[] = [];
  for (let i = 0; i < sent.length; i += stride) {
    if (returned[i]! >= DARKEST && returned[i]! <= limit && sent[i]! >= DARKEST) chosen.push(i);
  }
  if (chosen.length < 8) return null;
  let best: PowerFit | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const gamma of GAMMAS) {
    const gains = Float64Array.from(
      chosen,
      (i) => Math.log(linearOf(returned[i]!)) - gamma * Math.log(linearOf(sent[i]!)),
    ).sort();
    for (const share of SHARES) {
      const fit = { logGain: gains[Math.floor(gains.length * share)]!, gamma, noise: FIRST_NOISE };
      const levels = levelsOf(fit);
      let cost = 0.02 * chosen.length * Math.abs(gamma - 1);
      for (const i of chosen) {
        const error = returned[i]! - over(levels, sent[i]!, spreads[i]!);
        cost += weights[i]! * Math.min(1, (error / FIRST_NOISE) ** 2);
      }
      if (cost >= least) continue;
      least = cost;
      best = fit;
    }
  }
  return best;
}

function refined(samples: ChannelSamples, fit: PowerFit): PowerFit | null {
  const { sent, returned, spreads, weights, limit } = samples;
  const { levels, gains, turns } = curveOf(fit);
  const noise = spreadAround(levels, samples);
  const cut = Math.max(LEAST_CUT, TUKEY * noise);
  let weight = 0;
  let gain2 = 0;
  let gainTurn = 0;
  let turn2 = 0;
  let gainError = 0;
  let turnError = 0;
  for (let i = 0; i < sent.length; i++) {
    const level = over(levels, sent[i]!, spreads[i]!);
    const error = returned[i]! - level;
    if (Math.abs(error) >= cut || level < DARKEST || level > limit) continue;
    const w = weights[i]! * (1 - (error / cut) ** 2) ** 2;
    const gain = over(gains, sent[i]!, spreads[i]!);
    const turn = over(turns, sent[i]!, spreads[i]!);
    weight += w;
    gain2 += w * gain * gain;
    gainTurn += w * gain * turn;
    turn2 += w * turn * turn;
    gainError += w * gain * error;
    turnError += w * turn * error;
  }
  if (weight < 4 || gain2 === 0) return null;
  // Around the mean ln(light), gain and gamma are independent.
  const mean = gainTurn / gain2;
  const ridge = weight * (RIDGE * noise) ** 2 + gain2 * LEAST_SPREAD ** 2;
  const step = (turnError - mean * gainError - ridge * (fit.gamma - 1)) / (turn2 - mean * gainTurn + ridge);
  const gamma = Math.min(2, Math.max(0.5, fit.gamma + step));
  const logGain = fit.logGain + gainError / gain2 - mean * (gamma - fit.gamma);
  return { logGain: Math.min(1.5, Math.max(-1.5, logGain)), gamma, noise };
}

/** Standard deviation of what the curve leaves, from the median, in levels; rounding is the least. */
function spreadAround(
  levels: Float64Array,
  { sent, returned, spreads, weights, limit }: ChannelSamples,
): number {
  const perLevel = 8;
  const counts = new Float64Array(256 * perLevel);
  let sum = 0;
  for (let i = 0; i < sent.length; i++) {
    const level = over(levels, sent[i]!, spreads[i]!);
    if (level < DARKEST || level > limit) continue;
    counts[Math.floor(Math.abs(returned[i]! - level) * perLevel)]! += weights[i]!;
    sum += weights[i]!;
  }
  let at = 0;
  for (let below = counts[0]!; below < sum / 2; below += counts[at]!) at++;
  return Math.max(0.3, (1.4826 * (at + 0.5)) / perLevel);
}

const LOG_LIGHT = Float64Array.from({ length: 257 }, (_, level) => Math.log(linearOf(Math.max(0.5, level))));

interface Curve {
  /** For each level sent, the level that comes back. */
  readonly levels: Float64Array;
  /** How much that changes per unit of logGain, and per unit of gamma. */
  readonly gains: Float64Array;
  readonly turns: Float64Array;
}

/** The sRGB level of linear light, above 255 for light beyond 1: a curve must not end at white, or it would have no slope there. */
const levelBeyond = (light: number) =>
  light <= 1 ? levelOf(light) : 255 * (1.055 * light ** (1 / 2.4) - 0.055);

const levelsOf = ({ logGain, gamma }: PowerFit) =>
  LOG_LIGHT.map((light) => levelBeyond(Math.exp(logGain + gamma * light)));

function curveOf(fit: PowerFit): Curve {
  const { logGain, gamma } = fit;
  const levels = levelsOf(fit);
  const gains = LOG_LIGHT.map((light, i) => {
    const brighter = levelBeyond(Math.exp(logGain + gamma * light + 0.01));
    return (brighter - levels[i]!) * 100;
  });
  return { levels, gains, turns: gains.map((gain, i) => gain * LOG_LIGHT[i]!) };
}

/** Mean of the table over a block's levels, by two places that have the block's mean and standard deviation. */
function over(table: Float64Array, level: number, spread: number): number {
  if (spread < 1) return between(table, level);
  return (between(table, Math.max(0, level - spread)) + between(table, Math.min(255, level + spread))) / 2;
}

/** The table's value at a level that is not whole. */
function between(table: Float64Array, level: number): number {
  const at = Math.floor(level);
  return table[at]! + (table[at + 1]! - table[at]!) * (level - at);
}
