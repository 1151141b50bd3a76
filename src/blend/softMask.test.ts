import { expect, test } from 'vitest';
import { caseOf, holes, kinds, withObject } from '../../tests/softMask/cases.ts';
import { type HoleKind, hole } from '../../tests/softMask/hole.ts';
import { changedOutside, gradientEnergy, psnr, seamBand } from '../../tests/softMask/measures.ts';
import { FAITHFUL } from '../../tests/softMask/softMaskModel.ts';
import { accepted, ask, compared, naive, oracle, type Trial, wholePlan } from '../../tests/softMask/trial.ts';
import { type TruthKind, truth } from '../../tests/softMask/truth.ts';
import { pixelRect } from '../geometry/rect.ts';
import { type CropPlan, planCrop } from './cropPlan.ts';
import type { Fit } from './registration.ts';
import type { SizeRule } from './size.ts';

/** Of each kind of picture, with each kind of mask. */
const PER_PLACE = 6;
/** From here on, dB, a difference between two results is one of rounding: less than a level. */
const EXACT = 50;

interface Figures {
  readonly name: string;
  readonly where: HoleKind;
  readonly fit: Fit['kind'];
  /** Within the mask, against the truth, dB. */
  readonly ours: number;
  readonly oracle: number;
  readonly naive: number;
  /** Along the blend mask's edge. */
  readonly energy: { readonly ours: number; readonly truth: number; readonly oracle: number };
  readonly outside: number;
}

function figuresOf(trial: Trial, name: string, where: HoleKind): Figures {
  const { truth: real, coverage, document, size } = trial;
  const asked = ask(trial);
  const comparison = compared(asked);
  const ours = accepted(asked, comparison);
  const best = oracle(asked);
  const band = seamBand(ours.weights, size, 2);
  return {
    name,
    where,
    fit: comparison.fit.kind,
    ours: psnr(ours.pixels, real, coverage),
    oracle: psnr(best.pixels, real, coverage),
    naive: psnr(naive(asked), real, coverage),
    energy: {
      ours: gradientEnergy(ours.pixels, band, size),
      truth: gradientEnergy(real, band, size),
      oracle: gradientEnergy(best.pixels, band, size),
    },
    outside: changedOutside(document, ours.pixels, ours.weights),
  };
}

const known = new Map<TruthKind, readonly Figures[]>();

function figuresOfKind(kind: TruthKind): readonly Figures[] {
  const found = known.get(kind);
  if (found) return found;
  const figures = holes.flatMap((where) =>
    Array.from({ length: PER_PLACE }, (_, k) =>
      figuresOf(caseOf(kind, where, k), `${kind} ${where} ${k}`, where),
    ),
  );
  known.set(kind, figures);
  return figures;
}

const isKnown = ({ fit }: Figures) => fit === 'moved' || fit === 'same';
/** How much worse than with everything known. */
const lossOf = ({ ours, oracle: best }: Figures) => Math.min(best, EXACT) - Math.min(ours, EXACT);
/** In a smooth picture what the model's noise leaves at the seam is more than the picture itself. */
const ruggedness = ({ energy }: Figures) => energy.ours / (Math.max(energy.truth, energy.oracle) + 0.5);

test.each(kinds)('%s: as good as with everything known, and no seam', { timeout: 60_000 }, (kind) => {
  const figures = figuresOfKind(kind);
  expect(figures.filter(({ outside }) => outside > 0)).toEqual([]);
  const sure = figures.filter(isKnown);
  // Nine tenths masked leave a border that is narrower than the shift is wide.
  const worst = (figure: Figures) => (figure.where === 'most' ? 2 : 1);
  expect(sure.filter((figure) => lossOf(figure) > worst(figure))).toEqual([]);
  expect(sure.filter((figure) => ruggedness(figure) > 1.2)).toEqual([]);
  // Where nothing is known for certain, at least nothing is made worse.
  expect(figures.filter(({ ours, naive: pasted }) => ours < pasted - 2)).toEqual([]);
});

test.each(['texture', 'edges', 'text', 'scene'] as const)(
  '%s: the shift is always found where there is a picture around the mask, and the seam is as the truth there',
  { timeout: 60_000 },
  (kind) => {
    const around = figuresOfKind(kind).filter(({ where }) => where !== 'most');
    expect(around.length).toBe(3 * PER_PLACE);
    expect(around.filter((figure) => !isKnown(figure))).toEqual([]);
    expect(around.filter(({ energy }) => energy.ours > 1.2 * energy.truth)).toEqual([]);
  },
);

test('on average 6 dB and more better than pasting', { timeout: 120_000 }, () => {
  const figures = kinds.flatMap(figuresOfKind);
  expect(figures.length).toBe(kinds.length * holes.length * PER_PLACE);
  const gain = figures.reduce((sum, { ours, naive: pasted }) => sum + ours - pasted, 0) / figures.length;
  expect(gain).toBeGreaterThan(6);
  const losses = figures
    .filter(isKnown)
    .map(lossOf)
    .sort((a, b) => a - b);
  expect(losses[losses.length >> 1]).toBeLessThan(0.1);
});

const distortion = {
  ...FAITHFUL,
  scaleX: 1.012,
  scaleY: 1.012,
  shiftX: -3.4,
  shiftY: 2.7,
  gain: [1.06, 0.97, 0.94] as const,
  gamma: [1.04, 1, 0.95] as const,
  noise: 1,
};

function trialOf(plan: (size: Trial['size']) => CropPlan, change: Partial<Trial> = {}): Trial {
  const size = { width: 300, height: 230 };
  const real = truth('scene', size, 4);
  const coverage = hole('centre', size, 4);
  const document = withObject(real, coverage, size, 4);
  return { document, truth: real, coverage, size, plan: plan(size), distortion, ...change };
}

const sixteens: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 64 * 64,
  maxPixels: 640 * 640,
  maxEdge: 1024,
  maxRatio: 3,
  wholeUpTo: 640 * 640,
};
const planned =
  (request: Partial<Parameters<typeof planCrop>[0]>) =>
  ({ width, height }: Trial['size']) =>
    planCrop({
      frame: pixelRect(0, 0, width, height),
      maskBounds: pixelRect(100, 70, 100, 100),
      sizes: sixteens,
      ...request,
    });

test.each([
  ['an answer that is smaller than asked', trialOf(wholePlan, { answer: { width: 240, height: 184 } })],
  ['an answer that is larger than asked', trialOf(wholePlan, { answer: { width: 450, height: 345 } })],
  ['an answer of another shape', trialOf(wholePlan, { answer: { width: 320, height: 320 } })],
  ['a padded picture', trialOf(planned({}))],
  ['a close-up', trialOf(planned({ wish: 'close-up' }))],
  ['a part that is drawn', trialOf(planned({ rect: pixelRect(40, 20, 230, 200) }))],
  [
    'a picture that is sent smaller',
    trialOf(planned({ sizes: { kind: 'fixed', values: ['208x160'] }, wish: 'whole' })),
  ],
  ['a fixed size', trialOf(planned({ sizes: { kind: 'fixed', values: ['256x256', '384x256'] } }))],
] as const)('%s lies as well as one of the picture’s own size', (_, trial) => {
  const figures = figuresOf(trial, 'scene', 'centre');
  expect(figures.fit).toBe('moved');
  expect(figures.outside).toBe(0);
  expect(lossOf(figures)).toBeLessThan(1);
  expect(ruggedness(figures)).toBeLessThan(1.2);
  expect(figures.ours - figures.naive).toBeGreaterThan(6);
});

/** Alpha of every value, most of it opaque, and colours below it that are nobody's business. */
function pierced(trial: Trial): Trial {
  const document = trial.document.slice();
  for (let i = 0; i < trial.coverage.length; i++) {
    const x = i % trial.size.width;
    if (x % 40 > 24) document[i * 4 + 3] = (i * 7) & 255;
  }
  return { ...trial, document };
}

/** Coverage with a soft edge. */
function softened(trial: Trial): Trial {
  const { width } = trial.size;
  const at = (i: number) => trial.coverage[i] ?? 0;
  const coverage = trial.coverage.map(
    (v, i) => (2 * v + at(i - 1) + at(i + 1) + at(i - width) + at(i + width)) / 6,
  );
  return { ...trial, coverage };
}

test.each(['feather', 'gradient'] as const)('outside the blend mask every byte stays: %s', (seam) => {
  const scene = trialOf(wholePlan);
  const flat = { ...caseOf('flat', 'several', 0), distortion };
  const unrelated = { ...scene, truth: truth('text', scene.size, 77) };
  const heavy = { ...scene, distortion: { ...distortion, repaint: 0.8 } };
  for (const trial of [
    scene,
    pierced(scene),
    softened(scene),
    softened(pierced(scene)),
    flat,
    unrelated,
    heavy,
  ]) {
    const asked = ask(trial);
    const { pixels, weights } = accepted(asked, compared(asked), seam);
    expect(changedOutside(trial.document, pixels, weights)).toBe(0);
    // And nothing that was not painted has a weight.
    expect(weights.filter((weight, i) => weight > trial.coverage[i]!).length).toBe(0);
    expect(weights.some((weight) => weight > 0)).toBe(true);
  }
});

test('a picture of something else is not taken for the same, and still nothing changes outside', () => {
  const scene = trialOf(wholePlan);
  const asked = ask(scene);
  const raw = { ...scene.size, data: truth('edges', scene.size, 31) };
  const comparison = compared({ ...asked, raw });
  expect(['reframed', 'unclear']).toContain(comparison.fit.kind);
  expect(comparison.colour).toBeNull();
  const { pixels, weights } = accepted({ ...asked, raw }, comparison);
  expect(changedOutside(scene.document, pixels, weights)).toBe(0);
});
