import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf, maskFromCoverage } from './coverage.ts';
import { maskSource } from './mask.ts';
import { scaledMaskSteps } from './scaleMask.ts';

function scaled(...args: Parameters<typeof scaledMaskSteps>) {
  const steps = scaledMaskSteps(...args);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

const edge = fc.integer({ min: 1, max: 300 });
const at = fc.integer({ min: -600, max: 600 });
const rects = fc.tuple(at, at, edge, edge).map(([x, y, width, height]) => pixelRect(x, y, width, height));

test('each pixel is the nearest of the former place, whatever the tiles; nothing lies beyond the new one', () => {
  fc.assert(
    fc.property(rects, rects, (from, to) => {
      const bytes = Uint8Array.from(
        { length: from.width * from.height },
        (_, i) => (i * 37 + (i >> 5)) & 255,
      );
      const mask = scaled(maskFromCoverage(bytes, from), from, to);
      const expected = Uint8Array.from({ length: to.width * to.height }, (_, i) => {
        const x = Math.floor((((i % to.width) + 0.5) * from.width) / to.width);
        const y = Math.floor(((Math.floor(i / to.width) + 0.5) * from.height) / to.height);
        return bytes[y * from.width + x]!;
      });
      expect(coverageOf(maskSource(mask), to)).toEqual(expected);
      expect(coverageAt(mask, to.x - 1, to.y)).toBe(0);
      expect(coverageAt(mask, to.x, to.y + to.height)).toBe(0);
    }),
    { numRuns: 60 },
  );
});
