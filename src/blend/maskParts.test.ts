import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, gapBetween, intersect, type PixelRect, pixelRect, union } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import { fillMask } from '../raster/invert.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { maskParts, planRequests, worthSplitting } from './maskParts.ts';
import type { SizeRule } from './size.ts';

const service: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  wholeUpTo: 3_686_400,
};

/** Rectangles as one mask. */
const masked = (rects: readonly PixelRect[]): Mask => {
  const all = rects.reduce<PixelRect | null>(union, null);
  if (!all) return emptyMask;
  const bytes = new Uint8Array(all.width * all.height);
  for (const { x, y, width, height } of rects)
    for (let row = y - all.y; row < y - all.y + height; row++)
      bytes.fill(9, row * all.width + x - all.x, row * all.width + x - all.x + width);
  return maskFromCoverage(bytes, all);
};

const rects = fc.array(
  fc
    .tuple(
      fc.integer({ min: -900, max: 1500 }),
      fc.integer({ min: -900, max: 1500 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
    )
    .map(([x, y, width, height]) => pixelRect(x, y, width, height)),
  { minLength: 1, maxLength: 9 },
);

test('parts hold everything, lie apart, and each is as small as what it holds', () => {
  fc.assert(
    fc.property(rects, (painted) => {
      const mask = masked(painted);
      const frame = maskBounds(mask)!;
      const parts = maskParts(mask, frame);
      // Every rectangle lies in just one part, and each part is made of them alone.
      for (const rect of painted) expect(parts.filter((part) => contains(part, rect))).toHaveLength(1);
      for (const part of parts) {
        const held = painted.filter((rect) => contains(part, rect));
        expect(held.reduce<PixelRect | null>(union, null)).toEqual(part);
      }
      for (const [i, part] of parts.entries())
        for (const other of parts.slice(i + 1)) {
          const edge = Math.max(part.width, part.height, other.width, other.height);
          expect(gapBetween(part, other)).toBeGreaterThanOrEqual(Math.max(128, edge / 2));
        }
    }),
    { numRuns: 100 },
  );
});

test('near strokes are one part, far ones are several, and the frame cuts them', () => {
  const near = masked([pixelRect(0, 0, 40, 40), pixelRect(160, 0, 40, 40)]);
  const frame = pixelRect(-500, -500, 3000, 3000);
  expect(maskParts(near, frame)).toEqual([pixelRect(0, 0, 200, 40)]);
  const far = [pixelRect(-400, -400, 40, 40), pixelRect(1000, -300, 600, 600), pixelRect(10, 2000, 33, 900)];
  expect(maskParts(masked(far), frame)).toEqual([far[0], far[1], pixelRect(10, 2000, 33, 500)]);
  // The gap of 290 px is nothing beside a part of 600.
  const beside = masked([pixelRect(0, 0, 600, 600), pixelRect(890, 0, 20, 20)]);
  expect(maskParts(beside, frame)).toHaveLength(1);
  expect(maskParts(fillMask(pixelRect(0, 0, 1024, 512)), frame)).toEqual([pixelRect(0, 0, 1024, 512)]);
  expect(maskParts(emptyMask, frame)).toEqual([]);
});

test('one request for all, or one per part', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const corners = [pixelRect(100, 100, 200, 200), pixelRect(7800, 7700, 300, 300)];
  const request = { frame, sizes: service, mask: masked(corners) };
  const split = planRequests({ ...request, split: true });
  expect(split.map(({ part }) => part)).toEqual(corners);
  for (const { part, plan } of split) {
    expect(plan.scale).toBe(1);
    expect(contains(plan.rect, part)).toBe(true);
  }
  const [one, ...others] = planRequests({ ...request, split: false });
  expect(others).toEqual([]);
  expect(one?.part).toEqual(pixelRect(100, 100, 8000, 7900));
  expect(one?.plan.scale).toBeLessThan(0.4);
  expect(worthSplitting(request)).toBe(true);
  const drawn = planRequests({ ...request, split: false, rect: frame });
  expect(drawn[0]?.plan.rect).toEqual(frame);
});

test('splitting is worth it for few parts that gain by it', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const request = { frame, sizes: service };
  const at = (x: number, y: number) => pixelRect(x, y, 50, 50);
  // Near enough for one crop at full resolution.
  expect(worthSplitting({ ...request, mask: masked([at(1000, 1000), at(1400, 1000)]) })).toBe(false);
  expect(worthSplitting({ ...request, mask: masked([at(1000, 1000)]) })).toBe(false);
  expect(worthSplitting({ ...request, mask: emptyMask })).toBe(false);
  const many = Array.from({ length: 9 }, (_, i) => at(100 + 800 * i, (i % 3) * 3000));
  expect(worthSplitting({ ...request, mask: masked(many) })).toBe(false);
  expect(worthSplitting({ ...request, mask: masked(many.slice(1)) })).toBe(true);
});

test('a mask without coverage asks for the whole frame', () => {
  const frame = pixelRect(-10, -10, 1000, 900);
  for (const split of [true, false]) {
    const [only, ...others] = planRequests({ frame, sizes: service, mask: emptyMask, split });
    expect(others).toEqual([]);
    expect(only?.part).toEqual(frame);
    expect(intersect(only!.plan.rect, frame)).toEqual(frame);
  }
});
