import { expect, test } from 'vitest';
import { type Case, figuresOf, verdictOn } from './figures.ts';
import type { Metrics } from './metrics.ts';

const metrics = { psnr: 20, ssim: 0.5, msssim: 0.5, gmsd: 0.2, swd: 10, tswd: 2, sharp: 1, seam: 1 };

const one = (
  method: Case['method'],
  mask: Case['mask'],
  cpuSeconds: number,
  other: Partial<Metrics>,
): Case => ({
  picture: 'meadow',
  mask,
  method,
  metrics: { ...metrics, ...other },
  cpuSeconds,
  wallSeconds: cpuSeconds,
  firstSeconds: method === 'lacuna' ? cpuSeconds / 10 : null,
  cached: false,
});

const cases = [
  one('lacuna', 'hole', 2, { swd: 6, psnr: 21 }),
  one('lacuna-2', 'hole', 1.2, { swd: 6, psnr: 21 }),
  one('gmic', 'hole', 8, {}),
  one('telea', 'hole', 0.1, { tswd: 8 }),
  one('lacuna', 'outpaint-all', 3, { swd: 8, psnr: 19 }),
  one('gmic', 'outpaint-all', 8, {}),
  one('telea', 'outpaint-all', 0.1, { tswd: 8 }),
];

test('figures compare means, and pairs where they count wins', () => {
  const of = (start: string) => figuresOf(cases, 512).find(({ title }) => title.startsWith(start))!;
  expect(of('SWD : G’MIC').value).toBeCloseTo(0.7, 12);
  expect(of('tSWD : Telea').value).toBeCloseTo(0.25, 12);
  expect(of('PSNR −').value).toBeCloseTo(0, 12);
  expect(of('outpainting: share with SWD').value).toBe(1);
  expect(of('outpainting: share with PSNR').value).toBe(0);
  expect(of('hole: CPU time').value).toBeCloseTo(0.25, 12);
  expect(of('hole: wall time').value).toBeCloseTo(0.6, 12);
  expect(of('hole: first').value).toBeCloseTo(0.1, 12);
  expect(verdictOn(of('scribble: PSNR'))).toBe('not measured');
});

test.each([
  [0.8, 'MISSED'],
  [0.75, 'met'],
  [0.65, 'met, further too'],
  [Number.NaN, 'not measured'],
] as const)('at most 0.75, better 0.65: %f is %s', (value, verdict) => {
  expect(verdictOn({ value, bound: 0.75, further: 0.65, sense: 'most' })).toBe(verdict);
});

test('at least, and a range', () => {
  expect(verdictOn({ value: 1.02, bound: 1.03, sense: 'least' })).toBe('MISSED');
  expect(verdictOn({ value: 1.03, bound: 1.03, sense: 'least' })).toBe('met');
  expect(verdictOn({ value: 1.2, bound: 0.75, further: 1.1, sense: 'range' })).toBe('MISSED');
  expect(verdictOn({ value: 0.9, bound: 0.75, further: 1.1, sense: 'range' })).toBe('met');
});
