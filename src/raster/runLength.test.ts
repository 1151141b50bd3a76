import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactTile, denseTile } from './denseTile.ts';
import { packRuns, runsLength, unpackRuns } from './runLength.ts';
import { TILE_AREA } from './tile.ts';

/** Bytes as masks have them: runs of very different lengths between noise; a multiple of four long. */
const runnyBytes = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 70_000 }))),
    {
      maxLength: 12,
    },
  )
  .map((runs) => {
    const bytes = runs.flatMap(([value, count]) => new Array<number>(count).fill(value));
    return Uint8Array.from([...bytes, ...new Array<number>((4 - (bytes.length % 4)) % 4).fill(9)]);
  });

test('what is packed unpacks to the same bytes and is smaller', () => {
  fc.assert(
    fc.property(runnyBytes, (bytes) => {
      const runs = packRuns(bytes);
      if (!runs) return;
      expect(runs.length).toBeLessThan(bytes.length);
      expect(runsLength(runs)).toBe(bytes.length);
      expect(unpackRuns(runs, bytes.length)).toEqual(bytes);
    }),
    { numRuns: 60 },
  );
});

test('noise is not packed, a disc shrinks to a few bytes per row', () => {
  expect(packRuns(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) & 255))).toBeNull();
  const disc = Uint8Array.from({ length: TILE_AREA }, (_, i) =>
    Math.hypot((i & 255) - 128, (i >> 8) - 128) < 100 ? 255 : 0,
  );
  expect(packRuns(disc)!.length).toBeLessThan(256 * 9);
});

test('data that stands for another length is refused', () => {
  const runs = packRuns(new Uint8Array(1000).fill(3))!;
  expect(() => unpackRuns(runs, 999)).toThrow(RangeError);
  expect(() => unpackRuns(runs.subarray(0, runs.length - 1), 1000)).toThrow(RangeError);
});

test('a tile keeps its content while its storage changes', () => {
  const bytes = new Uint8Array(TILE_AREA).fill(255, 1000, 30_000);
  const tile = denseTile(bytes.slice());
  expect(tile.byteLength()).toBe(TILE_AREA);
  tile.pack();
  expect(tile.byteLength()).toBeLessThan(20);
  expect(tile.bytes()).toEqual(bytes);
  tile.pack();
  expect(tile.byteLength()).toBeLessThan(20);
});

test('a tile of equal bytes becomes a number, other sizes are refused', () => {
  expect(compactTile(new Uint8Array(TILE_AREA).fill(7))).toBe(7);
  expect(typeof compactTile(new Uint8Array(TILE_AREA).fill(7, 0, TILE_AREA - 1))).toBe('object');
  expect(() => denseTile(new Uint8Array(100))).toThrow(RangeError);
});
