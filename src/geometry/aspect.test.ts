import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { croppedToAspect, grownToAspect } from './aspect.ts';
import { contains, pixelRect } from './rect.ts';
import type { RectLimits } from './rectEdit.ts';

const limits: RectLimits = { minEdge: 16, maxEdge: 4096, maxArea: 4_000_000, bounds: null };
const rects = fc
  .record({
    x: fc.integer({ min: -3000, max: 3000 }),
    y: fc.integer({ min: -3000, max: 3000 }),
    width: fc.integer({ min: 1, max: 2000 }),
    height: fc.integer({ min: 1, max: 2000 }),
  })
  .map(({ x, y, width, height }) => pixelRect(x, y, width, height));

describe('aspects', () => {
  const ratios = fc.constantFrom(1, 4 / 5, 3 / 2, 4 / 3, 16 / 9, 9 / 16, 3);

  test('growing contains the picture, cropping lies in it, both have the aspect and the centre', () => {
    fc.assert(
      fc.property(rects, ratios, (rect, ratio) => {
        const grown = grownToAspect(rect, ratio, { ...limits, maxEdge: 1e9, maxArea: 1e15 })!;
        const cropped = croppedToAspect(rect, ratio);
        expect(contains(grown, rect)).toBe(true);
        expect(contains(rect, cropped)).toBe(true);
        for (const { x, y, width, height } of [grown, cropped]) {
          expect(Math.abs(2 * x + width - 2 * rect.x - rect.width)).toBeLessThanOrEqual(1);
          expect(Math.abs(2 * y + height - 2 * rect.y - rect.height)).toBeLessThanOrEqual(1);
          const off = Math.min(Math.abs(width - height * ratio), Math.abs(height - width / ratio));
          if (width > 1 && height > 1) expect(off).toBeLessThanOrEqual(0.5 + 1e-9);
        }
        expect([...Object.values(grown), ...Object.values(cropped)].every(Number.isInteger)).toBe(true);
      }),
    );
  });

  test('what would be too large is refused', () => {
    expect(grownToAspect(pixelRect(0, 0, 1900, 1900), 16 / 9, limits)).toBeNull();
    expect(grownToAspect(pixelRect(0, 0, 1600, 900), 1, limits)).toEqual(pixelRect(0, -350, 1600, 1600));
  });
});
