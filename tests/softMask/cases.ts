import type { Size } from '../../src/blend/size.ts';
import { createRandom, type Random } from '../../src/fill/random.ts';
import { pixelRect } from '../../src/geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../../src/raster/coverage.ts';
import { maskSource } from '../../src/raster/mask.ts';
import { growMask } from '../../src/raster/operations/growMask.ts';
import { type HoleKind, hole } from './hole.ts';
import { type Distortion, FAITHFUL } from './softMaskModel.ts';
import { type Trial, wholePlan } from './trial.ts';
import { type TruthKind, truth } from './truth.ts';

export const kinds: readonly TruthKind[] = [
  'texture',
  'edges',
  'text',
  'scene',
  'gradient',
  'faint',
  'sparse',
  'flat',
];
export const holes: readonly HoleKind[] = ['centre', 'border', 'several', 'most'];

/** How far what the user wants gone stays away from the edge of the mask, px: a little more than the ramp. */
const MARGIN = 10;

/** Shifts of ±8 px, scales of 0.97–1.03, colours, noise, loss and repainted parts, each in some of the cases. */
function distortionOf(random: Random, k: number, seed: number): Distortion {
  const scale = random.between(0.97, 1.03);
  const three = () => [random.between(0.9, 1.1), random.between(0.9, 1.1), random.between(0.9, 1.1)] as const;
  const coloured = k % 2 === 0;
  return {
    scaleX: scale,
    scaleY: k % 3 === 2 ? random.between(0.97, 1.03) : scale,
    shiftX: random.between(-8, 8),
    shiftY: random.between(-8, 8),
    gain: coloured ? three() : FAITHFUL.gain,
    gamma: coloured ? three() : FAITHFUL.gamma,
    noise: k % 3 === 1 ? 0 : random.between(0, 3),
    loss: random.below(3) === 0 ? random.between(1, 6) : 0,
    repaint: random.below(3) === 0 ? random.between(0.05, 0.25) : 0,
    seed,
  };
}

/**
 * The picture of a user who wants something gone: the truth, and in the middle of the mask something else. The k-th of
 * as many as are wanted; the same arguments give the same bytes.
 */
export function caseOf(kind: TruthKind, where: HoleKind, k: number): Trial {
  const seed = kinds.indexOf(kind) * 1000 + holes.indexOf(where) * 100 + k + 1;
  const random = createRandom(seed, 9);
  const size: Size = { width: 240 + 16 * random.below(6), height: 240 + 16 * random.below(4) };
  const distortion = distortionOf(random, k, seed);
  const real = truth(kind, size, seed);
  const coverage = hole(where, size, seed);
  const document = withObject(real, coverage, size, seed);
  return { document, truth: real, coverage, size, plan: wholePlan(size), distortion };
}

export function withObject(
  real: Uint8Array,
  coverage: Uint8Array<ArrayBuffer>,
  size: Size,
  seed: number,
): Uint8Array<ArrayBuffer> {
  const frame = pixelRect(0, 0, size.width, size.height);
  const inner = coverageOf(maskSource(growMask(maskFromCoverage(coverage, frame), frame, -MARGIN)), frame);
  const object = truth('texture', size, seed + 500);
  const out = new Uint8Array(real);
  for (let i = 0; i < inner.length; i++) {
    if (inner[i]! > 0) out.set(object.subarray(i * 4, i * 4 + 4), i * 4);
  }
  return out;
}
