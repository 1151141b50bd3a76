import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cubicAt } from './cubic.ts';
import { localContrast } from './localContrast.ts';
import { displacement, rescaled } from './placement.ts';
import { spread } from './spread.ts';
import { congruent, inverseOf, times } from './symmetricMatrix.ts';
import { halved, workLevelSteps } from './workLevel.ts';

const unit = fc.double({ min: -1, max: 1, noNaN: true });

test('a positive definite matrix times its inverse is 1; one that is not definite has none', () => {
  const n = 5;
  fc.assert(
    fc.property(fc.array(unit, { minLength: n * n, maxLength: n * n }), (values) => {
      const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
      const matrix = congruent(identity, n, Float64Array.from(values), n).map((v, i) => v + identity[i]!);
      const inverse = inverseOf(matrix, n)!;
      for (let column = 0; column < n; column++) {
        const own = Float64Array.from({ length: n }, (_, i) => inverse[i * n + column]!);
        for (const [i, v] of times(matrix, own).entries()) expect(v).toBeCloseTo(i === column ? 1 : 0, 8);
      }
    }),
  );
  expect(inverseOf(Float64Array.of(1, 2, 2, 4), 2)).toBeNull();
});

test('interpolation is exact for quadratics, and NaN where pixels are missing', () => {
  const f = (x: number, y: number) => 3 + 2 * x - y + 0.3 * x * x - 0.2 * x * y + 0.1 * y * y;
  const plane = Float32Array.from({ length: 12 * 10 }, (_, i) => f((i % 12) + 0.5, Math.floor(i / 12) + 0.5));
  fc.assert(
    fc.property(
      fc.double({ min: 1.5, max: 10, noNaN: true }),
      fc.double({ min: 1.5, max: 8, noNaN: true }),
      (x, y) => {
        expect(cubicAt(plane, 12, 10, x, y)).toBeCloseTo(f(x, y), 3);
      },
    ),
  );
  for (const [x, y] of [
    [1.4, 5],
    [10.6, 5],
    [5, 1.4],
    [5, 8.6],
    [Number.NaN, 5],
  ] as const) {
    expect(cubicAt(plane, 12, 10, x, y)).toBeNaN();
  }
});

test('chosen pixels are as many as asked for, from all tiles, the heaviest of each', () => {
  const [width, height] = [64, 48];
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 3000 }), fc.integer({ min: 1, max: 1000 }), (count, seed) => {
      const weight = Float32Array.from({ length: width * height }, (_, i) => ((i * 7919 + seed) % 997) / 997);
      const chosen = spread(weight, width, height, count, 1);
      expect(chosen.length).toBeLessThanOrEqual(count);
      expect(chosen.length).toBeGreaterThan(count * 0.75 - 64);
      expect(new Set(chosen).size).toBe(chosen.length);
      const isIn = new Set(chosen);
      // The first of 8 × 8 tiles has 8 × 6 px.
      const first = [...weight.keys()].filter((i) => i % width < 8 && i < 6 * width);
      const taken = first.filter((i) => isIn.has(i)).map((i) => weight[i]!);
      const left = first.filter((i) => !isIn.has(i)).map((i) => weight[i]!);
      expect(Math.min(...taken, 1)).toBeGreaterThan(Math.max(...left, 0) - 2 / 64);
    }),
  );
});

test('local contrast forgets brightness and gain, and what is not valid', () => {
  const [width, height] = [40, 30];
  const plane = Float32Array.from({ length: width * height }, (_, i) => 120 + 60 * Math.sin(i * i));
  const valid = new Uint8Array(plane.length).fill(1).fill(0, 600, 700);
  const own = localContrast(plane, valid, width, height);
  const other = localContrast(
    plane.map((v, i) => (valid[i] === 1 ? 0.8 * v + 30 : 255)),
    valid,
    width,
    height,
  );
  for (const [i, v] of own.entries()) {
    if (valid[i] === 0) expect(v).toBe(0);
    expect(other[i]).toBeCloseTo(v, 0);
  }
  expect(Math.max(...own)).toBeGreaterThan(1);
});

test('a work level is bounded, and valid only away from what was asked for or is not opaque', () => {
  const size = { width: 2100, height: 1100 };
  const sent = new Uint8Array(size.width * size.height * 4).fill(255);
  const asked = new Uint8Array(size.width * size.height);
  asked[500 * size.width + 1000] = 255;
  sent[(301 * size.width + 41) * 4 + 3] = 254;
  const steps = workLevelSteps(sent, sent, asked, size);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const level = step.value;
  expect([level.width, level.height, level.step]).toEqual([1050, 550, 2]);
  // Of each spot one pixel and three around it.
  expect(level.valid.reduce((sum, v) => sum + v, 0)).toBe(level.valid.length - 2 * 49);
  for (const [x, y] of [
    [497, 247],
    [503, 253],
    [17, 147],
    [23, 153],
  ] as const) {
    expect(level.valid[y * level.width + x]).toBe(0);
  }
  const half = halved(level);
  expect([half.width, half.height, half.step]).toEqual([525, 275, 4]);
  expect(half.valid[125 * 525 + 250]).toBe(0);
});

test('another scale leaves a place where it went', () => {
  const scale = fc.double({ min: 0.9, max: 1.1, noNaN: true });
  const px = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(
    fc.property(scale, scale, scale, px, px, px, (scaleX, scaleY, other, shiftX, shiftY, x) => {
      const placement = { scaleX, scaleY, shiftX, shiftY };
      const changed = rescaled(placement, other, other, [x, 7]);
      expect(changed.scaleX).toBe(other);
      expect(displacement(changed, [x, 7])).toBeCloseTo(displacement(placement, [x, 7]), 9);
    }),
  );
});
