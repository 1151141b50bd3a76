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
  for (let round = 0; fit && round < ROUNDS; round++) fit = refined(samples, fit);
  return fit;
}

/** Of a few curves, the one that leaves the least (a cost that outliers cannot raise further). */
function firstFit({ sent, returned, weights, limit }: ChannelSamples): PowerFit | null {
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
      const { levels } = curveOf(fit);
      let cost = 0.02 * chosen.length * Math.abs(gamma - 1);
      for (const i of chosen) {
        const error = returned[i]! - between(levels, sent[i]!);
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
  const { sent, returned, weights, limit } = samples;
  const curve = curveOf(fit);
  const noise = spreadAround(curve.levels, samples);
  const cut = Math.max(LEAST_CUT, TUKEY * noise);
  let weight = 0;
  let gain = 0;
  let gainLight = 0;
  let light2 = 0;
  let byGain = 0;
  let byLight = 0;
  for (let i = 0; i < sent.length; i++) {
    const level = between(curve.levels, sent[i]!);
    const error = returned[i]! - level;
    if (Math.abs(error) >= cut || level < DARKEST || level > limit) continue;
    const w = weights[i]! * (1 - (error / cut) ** 2) ** 2;
    const slope = between(curve.slopes, sent[i]!);
    const light = between(LOG_LIGHT, sent[i]!);
    weight += w;
    gain += w * slope * slope;
    gainLight += w * slope * slope * light;
    light2 += w * slope * slope * light * light;
    byGain += w * slope * error;
    byLight += w * slope * error * light;
  }
  if (weight < 4 || gain === 0) return null;
  // Around the mean light, gain and gamma are independent.
  const mean = gainLight / gain;
  const ridge = weight * (RIDGE * noise) ** 2 + gain * LEAST_SPREAD ** 2;
  const turn = (byLight - mean * byGain - ridge * (fit.gamma - 1)) / (light2 - mean * gainLight + ridge);
  const gamma = Math.min(2, Math.max(0.5, fit.gamma + turn));
  const logGain = fit.logGain + byGain / gain - mean * (gamma - fit.gamma);
  return { logGain: Math.min(1.5, Math.max(-1.5, logGain)), gamma, noise };
}

/** Standard deviation of what the curve leaves, from the median, in levels; rounding is the least. */
function spreadAround(levels: Float64Array, { sent, returned, weights, limit }: ChannelSamples): number {
  const perLevel = 8;
  const counts = new Float64Array(256 * perLevel);
  let sum = 0;
  for (let i = 0; i < sent.length; i++) {
    const level = between(levels, sent[i]!);
    if (level < DARKEST || level > limit) continue;
    counts[Math.floor(Math.abs(returned[i]! - level) * perLevel)]! += weights[i]!;
    sum += weights[i]!;
  }
  let at = 0;
  for (let below = counts[0]!; below < sum / 2; below += counts[at]!) at++;
  return Math.max(0.3, (1.4826 * (at + 0.5)) / perLevel);
}

const LOG_LIGHT = Float64Array.from({ length: 257 }, (_, level) => Math.log(linearOf(Math.max(0.5, level))));

/** For each level sent: the level that comes back, and how much that changes per unit of logGain. */
function curveOf({ logGain, gamma }: PowerFit): { levels: Float64Array; slopes: Float64Array } {
  const levels = LOG_LIGHT.map((light) => levelOf(Math.exp(logGain + gamma * light)));
  const slopes = LOG_LIGHT.map((light, i) => {
    const brighter = levelOf(Math.exp(logGain + gamma * light + 0.01));
    return (brighter - levels[i]!) * 100;
  });
  return { levels, slopes };
}

/** The table's value at a level that is not whole. */
function between(table: Float64Array, level: number): number {
  const at = Math.floor(level);
  return table[at]! + (table[at + 1]! - table[at]!) * (level - at);
}
