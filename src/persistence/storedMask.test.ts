import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { denseTile } from '../raster/denseTile.ts';
import { fillMask } from '../raster/invert.ts';
import { type Mask, tileKey } from '../raster/mask.ts';
import { TILE_AREA } from '../raster/tile.ts';
import { readMask, storeMask } from './storedMask.ts';

const contentOf = (mask: Mask) =>
  new Map([...mask.tiles].map(([key, tile]) => [key, typeof tile === 'number' ? tile : tile.bytes()]));

const sizeOf = (mask: Mask) =>
  storeMask(mask).coverage.reduce<number>(
    (sum, stored) => sum + (typeof stored === 'number' ? 1 : stored.length),
    0,
  );

test('a mask comes back as it was, through a structured clone', () => {
  const coordinate = fc.integer({ min: -600, max: 600 });
  const length = fc.integer({ min: 1, max: 700 });
  fc.assert(
    fc.property(coordinate, coordinate, length, length, (x, y, width, height) => {
      const mask = fillMask(pixelRect(x, y, width, height));
      expect(contentOf(readMask(structuredClone(storeMask(mask)), 'm'))).toEqual(contentOf(mask));
    }),
    { numRuns: 30 },
  );
});

test('a painted tile takes far less than its pixels; noise takes no more', () => {
  expect(sizeOf(fillMask(pixelRect(10, 10, 100, 100)))).toBeLessThan(TILE_AREA / 50);
  const noise = Uint8Array.from({ length: TILE_AREA }, (_, k) => (k * 7919) % 251);
  expect(sizeOf({ tiles: new Map([[tileKey(0, 0), denseTile(noise)]]) })).toBe(TILE_AREA);
});

test.each([
  [undefined, 'missing'],
  [{ version: 1 }, 'malformed'],
])('%j is refused', (stored, code) => {
  expect(() => readMask(stored, 'm')).toThrowError(expect.objectContaining({ code }));
});
