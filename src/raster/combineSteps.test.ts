import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { combineSteps, type MaskWay } from './combineSteps.ts';
import { coverageOf, maskFromCoverage } from './coverage.ts';
import { emptyMask, type Mask, maskSource } from './mask.ts';
import { patchBetween, patchedMask } from './maskPatch.ts';

/** Parts of four tiles. */
const area = pixelRect(-30, -20, 300, 290);

const mask: fc.Arbitrary<Mask> = fc
  .record({
    x: fc.integer({ min: 0, max: 250 }),
    y: fc.integer({ min: 0, max: 240 }),
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 290 }),
    soft: fc.boolean(),
  })
  .map(({ x, y, width, height, soft }) => {
    const bytes = new Uint8Array(area.width * area.height);
    for (let row = y; row < Math.min(area.height, y + height); row++)
      for (let column = x; column < Math.min(area.width, x + width); column++)
        bytes[row * area.width + column] = soft ? (row * 7 + column * 3) & 255 : 255;
    return maskFromCoverage(bytes, area);
  });
const any = fc.oneof(mask, fc.constant(emptyMask));

const perPixel: Readonly<Record<MaskWay, (base: number, given: number) => number>> = {
  replace: (_, given) => given,
  add: Math.max,
  subtract: (base, given) => Math.round((base * (255 - given)) / 255),
  intersect: Math.min,
};
const ways = Object.keys(perPixel) as MaskWay[];

function combined(...args: Parameters<typeof combineSteps>): Mask {
  const steps = combineSteps(...args);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}
const bytes = (of: Mask) => coverageOf(maskSource(of), area);

test.each(ways)('%s is exact for each pixel, and as a patch too', (way) => {
  fc.assert(
    fc.property(any, any, (base, given) => {
      const result = combined(base, given, way);
      const [left, right] = [bytes(base), bytes(given)];
      expect(bytes(result)).toEqual(left.map((value, i) => perPixel[way](value, right[i]!)));
      expect([...result.tiles.values()].every((tile) => tile !== 0)).toBe(true);
      const patched = patchedMask(base, structuredClone(patchBetween(base, result)));
      expect(bytes(patched)).toEqual(bytes(result));
      expect([...patched.tiles.values()].every((tile) => tile !== 0)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('tiles that end up as they were are the very same objects', () => {
  const base = maskFromCoverage(
    new Uint8Array(area.width * area.height).map((_, i) => i & 255),
    area,
  );
  const corner = maskFromCoverage(new Uint8Array(16).fill(255), pixelRect(-30, -20, 4, 4));
  const patched = patchedMask(base, structuredClone(patchBetween(base, combined(base, corner, 'add'))));
  const kept = [...base.tiles].filter(([key, tile]) => patched.tiles.get(key) === tile);
  expect([kept.length, patched.tiles.size]).toEqual([base.tiles.size - 1, base.tiles.size]);
  expect(patchedMask(base, patchBetween(base, combined(base, base, 'intersect')))).toBe(base);
});
