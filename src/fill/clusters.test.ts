import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterRegions } from './clusters.ts';

test('every hole pixel lies in exactly one region, and distant holes in different ones', () => {
  const width = 900;
  const height = 400;
  const spot = fc.tuple(fc.nat(width - 20), fc.nat(height - 20), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(spot, { minLength: 1, maxLength: 5 }), (spots) => {
      const hole = new Uint8Array(width * height);
      for (const [x, y, size] of spots) {
        for (let row = y; row < y + size; row++) hole.fill(1, row * width + x, row * width + x + size);
      }
      const regions = clusterRegions(hole, width, height);
      for (let pixel = 0; pixel < hole.length; pixel++) {
        if (hole[pixel] === 0) continue;
        const x = pixel % width;
        const y = (pixel - x) / width;
        const holders = regions.filter((r) => x >= r.left && x < r.right && y >= r.top && y < r.bottom);
        if (holders.length !== 1) throw new Error(`pixel ${x}, ${y} is in ${holders.length} regions`);
      }
    }),
    { numRuns: 25 },
  );
});

test('a small hole in a large picture costs its surroundings only', () => {
  const hole = new Uint8Array(2000 * 1000);
  hole[500 * 2000 + 1000] = 1;
  expect(clusterRegions(hole, 2000, 1000)).toEqual([{ left: 872, top: 372, right: 1129, bottom: 629 }]);
});
