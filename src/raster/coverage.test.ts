import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { maskEquals } from './compare.ts';
import { coverageAt, coverageOf, maskFromCoverage } from './coverage.ts';
import { fillMask, invertMask } from './invert.ts';
import { emptyMask, type Mask, maskSource } from './mask.ts';
import { coverageSum, coveredShare, maskBounds, maskBytes } from './measure.ts';
import { packMask, unpackMask } from './packedMask.ts';

const rect = fc
  .tuple(
    fc.integer({ min: -600, max: 300 }),
    fc.integer({ min: -600, max: 300 }),
    fc.integer({ min: 1, max: 600 }),
    fc.integer({ min: 1, max: 600 }),
  )
  .map(([x, y, width, height]) => pixelRect(x, y, width, height));

/** A few filled boxes in a rectangle: uniform tiles, edges, noise. */
const painted = fc
  .tuple(rect, fc.array(fc.tuple(rect, fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), fc.boolean())
  .map(([frame, boxes, noisy]) => {
    const bytes = new Uint8Array(frame.width * frame.height);
    for (const [box, value] of boxes) {
      for (let i = 0; i < bytes.length; i++) {
        const x = frame.x + (i % frame.width);
        const y = frame.y + Math.floor(i / frame.width);
        const inside = x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
        if (inside) bytes[i] = noisy ? (value + i * 7) & 255 : value;
      }
    }
    return { frame, bytes, mask: maskFromCoverage(bytes, frame) };
  });

test('coverage written is coverage read', () => {
  fc.assert(
    fc.property(painted, rect, ({ frame, bytes, mask }, other) => {
      expect(coverageOf(maskSource(mask), frame)).toEqual(bytes);
      const view = coverageOf(maskSource(mask), other);
      for (let i = 0; i < view.length; i += 977) {
        const x = other.x + (i % other.width);
        const y = other.y + Math.floor(i / other.width);
        expect(view[i]).toBe(coverageAt(mask, x, y));
      }
    }),
    { numRuns: 40 },
  );
});

function boundsByPixel(frame: PixelRect, bytes: Uint8Array): PixelRect | null {
  const covered = [...bytes.keys()].filter((i) => bytes[i]! > 0);
  if (covered.length === 0) return null;
  const xs = covered.map((i) => i % frame.width);
  const left = xs.reduce((a, b) => Math.min(a, b));
  const right = xs.reduce((a, b) => Math.max(a, b));
  const top = Math.floor(covered[0]! / frame.width);
  const end = Math.floor(covered[covered.length - 1]! / frame.width);
  return pixelRect(frame.x + left, frame.y + top, right - left + 1, end - top + 1);
}

test('bounds, sum and share agree with counting pixels', () => {
  fc.assert(
    fc.property(painted, rect, ({ frame, bytes, mask }, other) => {
      expect(maskBounds(mask)).toEqual(boundsByPixel(frame, bytes));
      const sum = bytes.reduce((a, b) => a + b, 0);
      expect(coverageSum(mask, frame)).toBe(sum);
      expect(coveredShare(mask, frame)).toBeCloseTo(sum / 255 / bytes.length, 12);
      expect(coverageSum(mask, other)).toBe(coverageOf(maskSource(mask), other).reduce((a, b) => a + b, 0));
    }),
    { numRuns: 40 },
  );
});

test('inverting twice is the identity inside the frame; the frame itself can be cut anywhere', () => {
  fc.assert(
    fc.property(painted, rect, ({ frame, bytes, mask }, other) => {
      const inverted = invertMask(mask, frame);
      expect(coverageOf(maskSource(inverted), frame)).toEqual(bytes.map((value) => 255 - value));
      expect(maskEquals(invertMask(inverted, frame), mask)).toBe(true);
      const twice = invertMask(invertMask(mask, other), other);
      expect(coverageOf(maskSource(twice), other)).toEqual(coverageOf(maskSource(mask), other));
      const outside = pixelRect(frame.x - 3, frame.y - 3, frame.width + 6, 3);
      expect(coverageOf(maskSource(inverted), outside).every((value) => value === 0)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a filled frame is covered whole and nothing beyond it is', () => {
  const frame = pixelRect(-5, -5, 600, 300);
  const mask = fillMask(frame);
  expect(coveredShare(mask, frame)).toBe(1);
  expect(maskBounds(mask)).toEqual(frame);
  expect(maskBytes(fillMask(pixelRect(0, 0, 8192, 8192)))).toBe(0);
  expect(maskBounds(emptyMask)).toBeNull();
});

test('a mask that is packed, cloned and unpacked is the same mask', () => {
  fc.assert(
    fc.property(painted, fc.boolean(), ({ mask }, cold) => {
      if (cold) for (const tile of mask.tiles.values()) if (typeof tile !== 'number') tile.pack();
      expect(maskEquals(unpackMask(structuredClone(packMask(mask))), mask)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('malformed packed masks are refused', () => {
  const whole = new Uint8Array(65_536);
  const bad: unknown[] = [
    null,
    'mask',
    {},
    { version: 2, places: new Int16Array(0), coverage: [] },
    { version: 1, places: [0, 0], coverage: [1] },
    { version: 1, places: new Int16Array(2), coverage: [] },
    { version: 1, places: new Int16Array(2), coverage: [0] },
    { version: 1, places: new Int16Array(2), coverage: [1.5] },
    { version: 1, places: new Int16Array(2), coverage: [256] },
    { version: 1, places: new Int16Array(2), coverage: ['1'] },
    { version: 1, places: new Int16Array(2), coverage: [new Uint8Array(65_537)] },
    { version: 1, places: new Int16Array(2), coverage: [Uint8Array.of(255, 255)] },
    { version: 1, places: new Int16Array(4), coverage: [whole, whole] },
  ];
  for (const packed of bad) expect(() => unpackMask(packed)).toThrow(RangeError);
});

test('masks differ when one pixel does, and not by the way they are stored', () => {
  const box = pixelRect(250, 250, 20, 20);
  const bytes = new Uint8Array(400).fill(77);
  const a: Mask = maskFromCoverage(bytes, box);
  const b = maskFromCoverage(bytes, box);
  for (const tile of b.tiles.values()) if (typeof tile !== 'number') tile.pack();
  expect(maskEquals(a, b)).toBe(true);
  bytes[399] = 78;
  expect(maskEquals(a, maskFromCoverage(bytes, box))).toBe(false);
  expect(maskEquals(a, emptyMask)).toBe(false);
});
