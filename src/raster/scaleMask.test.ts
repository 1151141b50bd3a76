import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf, maskFromCoverage } from './coverage.ts';
import { fillMask } from './invert.ts';
import { maskSource } from './mask.ts';
import { scaledMaskSteps } from './scaleMask.ts';

function scaled(...args: Parameters<typeof scaledMaskSteps>) {
  const steps = scaledMaskSteps(...args);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

const edge = fc.integer({ min: 1, max: 120 });
const at = fc.integer({ min: -600, max: 600 });
const rects = fc.tuple(at, at, edge, edge).map(([x, y, width, height]) => pixelRect(x, y, width, height));

const patterned = ({ width, height }: PixelRect) =>
  Uint8Array.from({ length: width * height }, (_, i) => ((i * 37 + (i >> 5)) & 255) * (i % 7 > 2 ? 1 : 0));

/** Each target pixel on its own: all source pixels, weighted by a triangle around its centre in both axes. */
function reference(bytes: Uint8Array, from: PixelRect, to: PixelRect): number[] {
  const weight = (i: number, at: number, length: number, fromLength: number) => {
    const step = fromLength / length;
    return Math.max(0, 1 - Math.abs(i + 0.5 - (at + 0.5) * step) / Math.max(1, step));
  };
  const out: number[] = [];
  for (let y = 0; y < to.height; y++) {
    const rows = Array.from({ length: from.height }, (_, i) => weight(i, y, to.height, from.height));
    for (let x = 0; x < to.width; x++) {
      let sum = 0;
      let total = 0;
      for (let j = 0; j < from.height; j++) {
        if (rows[j] === 0) continue;
        for (let i = 0; i < from.width; i++) {
          const share = rows[j]! * weight(i, x, to.width, from.width);
          sum += share * bytes[j * from.width + i]!;
          total += share;
        }
      }
      out.push(sum / total);
    }
  }
  return out;
}

const small = fc
  .tuple(at, at, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .map(([x, y, width, height]) => pixelRect(x, y, width, height));

test('scaled, each pixel is what lies around its centre, whatever the tiles; nothing lies beyond', () => {
  fc.assert(
    fc.property(small, small, (from, to) => {
      const bytes = patterned(from);
      const mask = scaled(maskFromCoverage(bytes, from), from, to);
      const expected = reference(bytes, from, to);
      const worst = Math.max(
        ...coverageOf(maskSource(mask), to).map((value, i) => Math.abs(value - expected[i]!)),
      );
      expect(worst).toBeLessThanOrEqual(0.51);
      expect(coverageAt(mask, to.x - 1, to.y)).toBe(0);
      expect(coverageAt(mask, to.x, to.y + to.height)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('only moved, it is the same to the bit', () => {
  fc.assert(
    fc.property(rects, at, at, (from, x, y) => {
      const bytes = patterned(from);
      const to = { ...from, x, y };
      expect(coverageOf(maskSource(scaled(maskFromCoverage(bytes, from), from, to)), to)).toEqual(bytes);
    }),
    { numRuns: 40 },
  );
});

test('what is covered throughout stays so, over tiles that are one number too', () => {
  const from = pixelRect(0, 0, 700, 600);
  for (const to of [pixelRect(-30, 10, 333, 1200), pixelRect(5, 5, 1500, 90)]) {
    const mask = scaled(fillMask(from), from, to);
    expect(coverageOf(maskSource(mask), to).every((value) => value === 255)).toBe(true);
  }
});
