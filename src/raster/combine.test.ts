import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, intersect, pixelRect } from '../geometry/rect.ts';
import { cutMask, eraseFrom, joinMasks, meetMasks, supportOf, tilesNear } from './combine.ts';
import { coverageOf, maskFromCoverage } from './coverage.ts';
import { emptyMask, type Mask, maskSource } from './mask.ts';

/** All masks here lie in it: parts of four tiles. */
const area = pixelRect(-20, -15, 300, 290);

/** A soft blob or a solid rectangle. */
const mask: fc.Arbitrary<Mask> = fc
  .record({
    x: fc.integer({ min: 0, max: 250 }),
    y: fc.integer({ min: 0, max: 240 }),
    width: fc.integer({ min: 1, max: 50 }),
    height: fc.integer({ min: 1, max: 50 }),
    value: fc.integer({ min: 1, max: 255 }),
    soft: fc.boolean(),
  })
  .map(({ x, y, width, height, value, soft }) => {
    const bytes = new Uint8Array(area.width * area.height);
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++)
        bytes[row * area.width + column] = soft ? 1 + ((value * (row + column)) % 255) : value;
    return maskFromCoverage(bytes, area);
  });
const whole: fc.Arbitrary<Mask> = fc.constant({ tiles: new Map([[2147516416, 255]]) });
const any = fc.oneof(mask, whole, fc.constant(emptyMask));

const bytes = (of: Mask) => coverageOf(maskSource(of), area);
/** No mask holds a tile of zeros. */
const sparse = (of: Mask) => [...of.tiles.values()].every((tile) => tile !== 0);

test('joining takes the larger coverage, meeting the smaller', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      const joined = joinMasks(a, b);
      const [left, right] = [bytes(a), bytes(b)];
      expect(bytes(joined)).toEqual(left.map((value, i) => Math.max(value, right[i]!)));
      const met = meetMasks(a, b);
      expect(bytes(met)).toEqual(left.map((value, i) => Math.min(value, right[i]!)));
      expect(sparse(joined) && sparse(met)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('erasing leaves the share that is not erased, and the mask itself where nothing is', () => {
  fc.assert(
    fc.property(any, any, (a, erased) => {
      const rest = eraseFrom(a, erased);
      const [left, gone] = [bytes(a), bytes(erased)];
      expect(bytes(rest)).toEqual(left.map((value, i) => Math.round((value * (255 - gone[i]!)) / 255)));
      expect(sparse(rest)).toBe(true);
      expect(eraseFrom(a, emptyMask)).toBe(a);
    }),
    { numRuns: 30 },
  );
});

test('a cut keeps what lies inside and nothing else', () => {
  const edge = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(any, fc.integer({ min: -20, max: 200 }), edge, edge, (a, at, width, height) => {
      const rect = pixelRect(at, at, width, height);
      const cut = cutMask(a, rect);
      const before = bytes(a);
      const expected = before.map((value, i) => {
        const place = pixelRect(area.x + (i % area.width), area.y + Math.floor(i / area.width), 1, 1);
        return intersect(place, rect) ? value : 0;
      });
      expect(bytes(cut)).toEqual(expected);
      expect(sparse(cut)).toBe(true);
      const inside = intersect(area, rect);
      if (inside) {
        const near = tilesNear(a, rect);
        expect(coverageOf(maskSource(near), inside)).toEqual(coverageOf(maskSource(a), inside));
      }
      expect(tilesNear(a, expand(area, 400) ?? area)).toBe(a);
    }),
    { numRuns: 30 },
  );
});

test('the support is whatever any of them covers', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [left, right] = [bytes(a), bytes(b)];
      expect(bytes(supportOf([a, b]))).toEqual(left.map((v, i) => (v > 0 || right[i]! > 0 ? 255 : 0)));
    }),
    { numRuns: 30 },
  );
});
