import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf, maskFromCoverage } from './coverage.ts';
import { emptyMask, maskSource } from './mask.ts';
import { reaches } from './measure.ts';

test('a mask reaches a value when any pixel does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 1, max: 255 }),
      (values, value) => {
        // Over a corner of four tiles.
        const rect = pixelRect(-1, -1, 3, 2);
        const mask = maskFromCoverage(Uint8Array.from(values), rect);
        const most = Math.max(...coverageOf(maskSource(mask), rect));
        expect(reaches(mask, value)).toBe(most >= value);
      },
    ),
  );
  expect(reaches(emptyMask, 1)).toBe(false);
});
