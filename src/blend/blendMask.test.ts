import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf, maskFromCoverage } from '../raster/coverage.ts';
import { distanceTo } from '../raster/distance.ts';
import { maskSource } from '../raster/mask.ts';
import { blendMask } from './blendMask.ts';

const frame = pixelRect(0, 0, 640, 400);
const RAMP = 8;

function filled(rects: readonly PixelRect[]) {
  const coverage = new Uint8Array(frame.width * frame.height);
  for (const rect of rects) {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      coverage.fill(255, y * frame.width + rect.x, y * frame.width + rect.x + rect.width);
    }
  }
  return maskFromCoverage(coverage, frame);
}

test('the distance is exact', () => {
  const size = 23;
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: size * size, maxLength: size * size }), (set) => {
      const distance = distanceTo((i) => set[i]!, size, size);
      for (let i = 0; i < set.length; i += 17) {
        let nearest = Number.POSITIVE_INFINITY;
        for (let j = 0; j < set.length; j++) {
          if (!set[j]) continue;
          const dx = (i % size) - (j % size);
          const dy = Math.floor(i / size) - Math.floor(j / size);
          nearest = Math.min(nearest, Math.hypot(dx, dy));
        }
        expect(distance[i]).toBeCloseTo(nearest, 4);
      }
    }),
    { numRuns: 20 },
  );
});

test('weights never exceed coverage and are 0 exactly where coverage is', () => {
  const coverage = fc.uint8Array({ minLength: 900, maxLength: 900 });
  fc.assert(
    fc.property(coverage, fc.integer({ min: 0, max: 4 }), (bytes, hard) => {
      // Hard masks as well as noise.
      const values = hard ? bytes.map((v) => (v > 50 * hard ? 255 : 0)) : bytes;
      const rect = pixelRect(-10, 240, 30, 30);
      const out = coverageOf(maskSource(blendMask(maskFromCoverage(values, rect), rect, RAMP)), rect);
      for (let i = 0; i < values.length; i++) {
        expect(out[i]).toBeLessThanOrEqual(values[i]!);
        expect(out[i] === 0).toBe(values[i] === 0);
      }
    }),
  );
});

test('the ramp rises inwards over its width, across tile borders', () => {
  const mask = blendMask(filled([pixelRect(100, 100, 400, 200)]), frame, RAMP);
  for (let depth = 1; depth <= 12; depth++) {
    const weight = Math.min(255, Math.round((depth / RAMP) * 255));
    expect(coverageAt(mask, 99 + depth, 200)).toBe(weight);
    expect(coverageAt(mask, 256, 99 + depth)).toBe(weight);
    expect(coverageAt(mask, 500 - depth, 256)).toBe(weight);
  }
});

test('the middle of thin strokes is healed fully', () => {
  for (const thickness of [1, 2, 3, 5, 7, 12]) {
    const mask = blendMask(filled([pixelRect(50, 100, 300, thickness)]), frame, RAMP);
    expect(coverageAt(mask, 200, 100 + (thickness >> 1)), `${thickness} px`).toBe(255);
  }
});

test('a thin stroke keeps its middle where it runs into a blob', () => {
  const mask = blendMask(filled([pixelRect(50, 200, 200, 3), pixelRect(250, 150, 100, 100)]), frame, RAMP);
  for (let x = 60; x < 300; x++) expect(coverageAt(mask, x, 201), `at ${x}`).toBeGreaterThan(140);
});

test('the frame is no border', () => {
  const mask = blendMask(filled([pixelRect(0, 0, 640, 100)]), frame, RAMP);
  expect(coverageAt(mask, 0, 0)).toBe(255);
  expect(coverageAt(mask, 639, 50)).toBe(255);
  expect(coverageAt(mask, 320, 99)).toBeLessThan(64);
  expect(coverageAt(blendMask(filled([frame]), frame, RAMP), 639, 399)).toBe(255);
});
