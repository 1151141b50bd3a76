import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridLines } from './pixelGrid.ts';

test('a line lies on the first device px that shows the next document px', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -40, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 8.001, max: 64, noNaN: true }),
      fc.integer({ min: -2000, max: 2000 }),
      (start, count, zoom, origin) => {
        // The obvious way: which document px is each device px's centre in?
        const seen = (device: number) => Math.floor((device + 0.5 - origin) / zoom);
        const first = Math.floor(start * zoom + origin) - 2;
        const last = Math.ceil((start + count) * zoom + origin) + 2;
        const expected: number[] = [];
        for (let device = first; device <= last; device++) {
          const px = seen(device);
          if (px !== seen(device - 1) && px > start && px < start + count) expected.push(device);
        }
        // Not −0.
        const lines = gridLines(start, start + count, zoom, origin).map((line) => line + 0);
        expect(lines).toEqual(expected);
      },
    ),
  );
});

test('a picture of one px has no lines inside', () => {
  expect(gridLines(0, 1, 12, 5)).toEqual([]);
});
