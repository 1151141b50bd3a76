import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { changedTiles, maskEquals } from './compare.ts';
import { coverageOf, maskFromCoverage } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { fillMask } from './invert.ts';
import { emptyMask, maskSource, tileKey, tileRect, tileX, tileY } from './mask.ts';
import { strokeCapsule } from './stroke.ts';

const frame = pixelRect(-200, -200, 500, 480);
const sample = fc.record({
  x: fc.double({ min: -250, max: 350, noNaN: true }),
  y: fc.double({ min: -250, max: 350, noNaN: true }),
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const part = fc.tuple(
  fc.constantFrom<'erase' | 'restore'>('erase', 'restore'),
  fc.record({
    diameter: fc.double({ min: 1, max: 400, noNaN: true }),
    hardness: fc.constantFrom(0, 0.6, 1),
    opacity: fc.constantFrom(0.3, 1),
  }),
  sample,
  sample,
);

const same = (a: Uint8Array, b: Uint8Array) => a.every((value, i) => value === b[i]);

test('a draft never touches its base, and what it commits is what was read from it', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.array(part, { maxLength: 4 }),
      (first, second) => {
        const baseDraft = beginDraft(fillMask(pixelRect(0, 0, 256, 300)), frame);
        for (const [mode, tip, a, b] of first) strokeCapsule(baseDraft, mode, tip, a, b);
        const base = baseDraft.commit();
        for (const tile of base.tiles.values()) if (typeof tile !== 'number') tile.pack();
        const before = coverageOf(maskSource(base), frame);
        const keys = [...base.tiles];

        const draft = beginDraft(base, frame);
        for (const [mode, tip, a, b] of second) strokeCapsule(draft, mode, tip, a, b);
        const live = coverageOf(draft, frame);
        const committed = draft.commit();

        expect(same(coverageOf(maskSource(committed), frame), live)).toBe(true);
        expect(same(coverageOf(maskSource(base), frame), before)).toBe(true);
        expect([...base.tiles]).toEqual(keys);
        expect(committed === base).toBe(maskEquals(committed, base));
        for (const [key, tile] of committed.tiles) {
          expect(tile).not.toBe(0);
          const rect = tileRect(tileX(key), tileY(key));
          const unchanged = same(coverageOf(maskSource(committed), rect), coverageOf(maskSource(base), rect));
          if (unchanged) expect(tile).toBe(base.tiles.get(key));
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('an untouched draft is its base; a restored tile is the base tile again', () => {
  const base = maskFromCoverage(Uint8Array.of(1, 2, 3, 4), pixelRect(10, 10, 2, 2));
  expect(beginDraft(base, frame).commit()).toBe(base);
  const draft = beginDraft(base, frame);
  draft.writable(0, 0).fill(9);
  draft.writable(0, 0).fill(0);
  draft.writable(0, 0).set([1, 2], 2570);
  draft.writable(0, 0).set([3, 4], 2826);
  expect(draft.commit()).toBe(base);
});

test('tiles that became uniform are one number, and none when that is 0', () => {
  const base = fillMask(pixelRect(0, 0, 512, 256));
  const draft = beginDraft(base, frame);
  draft.writable(0, 0).fill(0);
  draft.writable(1, 0).fill(128);
  const mask = draft.commit();
  expect([...mask.tiles]).toEqual([[tileKey(1, 0), 128]]);
  expect(changedTiles(base, mask)).toEqual([tileRect(0, 0), tileRect(1, 0)]);
  expect(() => draft.writable(0, 0)).toThrow('committed');
});

test('the dirty rectangle covers what changed since it was last taken', () => {
  const draft = beginDraft(emptyMask, frame);
  draft.touch(pixelRect(1, 2, 3, 4));
  draft.touch(pixelRect(-10, 0, 1, 1));
  expect(draft.takeDirty()).toEqual(pixelRect(-10, 0, 14, 6));
  expect(draft.takeDirty()).toBeNull();
});
