import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, expand, gapBetween, growInside, intersect, pixelRect } from './rect.ts';

const edge = fc.integer({ min: 1, max: 60 });
const place = fc.integer({ min: -60, max: 60 });
const rect = fc.tuple(place, place, edge, edge).map((values) => pixelRect(...values));

test('grown inside a frame it holds what it held and is as large as the frame lets it', () => {
  fc.assert(
    fc.property(rect, rect, edge, edge, (one, frame, width, height) => {
      const inner = intersect(one, frame);
      if (!inner) return;
      const grown = growInside(inner, width, height, frame);
      expect(contains(grown, inner)).toBe(true);
      expect(contains(frame, grown)).toBe(true);
      expect(grown.width).toBe(Math.min(frame.width, Math.max(width, inner.width)));
      expect(grown.height).toBe(Math.min(frame.height, Math.max(height, inner.height)));
      expect(growInside(grown, width, height, frame)).toEqual(grown);
    }),
  );
});

test('the gap is how far one has to grow to touch the other', () => {
  fc.assert(
    fc.property(rect, rect, (a, b) => {
      const gap = gapBetween(a, b);
      expect(gapBetween(b, a)).toBe(gap);
      expect(intersect(expand(a, gap + 1)!, b)).not.toBeNull();
      if (gap > 0) expect(intersect(expand(a, gap)!, b)).toBeNull();
    }),
  );
});
