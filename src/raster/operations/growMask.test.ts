import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../../geometry/rect.ts';
import { maskEquals } from '../compare.ts';
import { coverageAt, coverageOf, maskFromCoverage } from '../coverage.ts';
import { fillMask } from '../invert.ts';
import { emptyMask, type Mask, maskSource, tileKey } from '../mask.ts';
import { growMask } from './growMask.ts';

/** A pixel reaches wholly within the radius and fades out over the next px; the same backwards for shrinking. */
function bruteForce(hard: Uint8Array, rect: PixelRect, radius: number, level: number): Uint8Array {
  const { width, height } = rect;
  return Uint8Array.from(hard, (_, i) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < width * height; j++) {
      if (radius > 0 ? hard[j] !== level : hard[j] !== 0) continue;
      const dy = Math.floor(i / width) - Math.floor(j / width);
      nearest = Math.min(nearest, Math.hypot((i % width) - (j % width), dy));
    }
    const share = radius > 0 ? radius + 1 - nearest : nearest + radius;
    return Math.round(level * Math.min(1, Math.max(0, share)));
  });
}

const side = 26;
const specks = fc.array(
  fc.tuple(
    fc.nat(side - 1),
    fc.nat(side - 1),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
  ),
  { minLength: 1, maxLength: 4 },
);

function drawn(boxes: readonly (readonly [number, number, number, number])[], level: number): Uint8Array {
  const bytes = new Uint8Array(side * side);
  for (const [left, top, width, height] of boxes) {
    for (let y = top; y < Math.min(side, top + height); y++) {
      bytes.fill(level, y * side + left, y * side + Math.min(side, left + width));
    }
  }
  return bytes;
}

test('a hard mask moves exactly by the Euclidean distance, across tile borders, at any coverage', () => {
  const radius = fc.oneof(fc.integer({ min: -8, max: 12 }), fc.double({ min: -8, max: 12, noNaN: true }));
  const place = fc.constantFrom(0, 250, -13);
  fc.assert(
    fc.property(specks, radius, place, fc.constantFrom(255, 255, 102), (boxes, by, at, level) => {
      const rect = pixelRect(at, 245, side, side);
      const bytes = drawn(boxes, level);
      const out = growMask(maskFromCoverage(bytes, rect), rect, by);
      const seen = coverageOf(maskSource(out), rect);
      const expected = by === 0 ? bytes : bruteForce(bytes, rect, by, level);
      for (let i = 0; i < seen.length; i++) expect(Math.abs(seen[i]! - expected[i]!)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('growing never takes, shrinking never gives, a larger radius gives more', () => {
  const rect = pixelRect(-10, 240, 30, 30);
  const bytes = fc.uint8Array({ minLength: 900, maxLength: 900 });
  const sparse = bytes.map((values) => values.map((value) => (value > 200 ? value : 0)));
  const radius = fc.double({ min: -6, max: 6, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(bytes, sparse), radius, radius, (values, one, other) => {
      const mask = maskFromCoverage(values, rect);
      const less = coverageOf(maskSource(growMask(mask, rect, Math.min(one, other))), rect);
      const more = coverageOf(maskSource(growMask(mask, rect, Math.max(one, other))), rect);
      for (let i = 0; i < values.length; i++) {
        expect(more[i]).toBeGreaterThanOrEqual(less[i]!);
        if (Math.min(one, other) >= 0) expect(less[i]).toBeGreaterThanOrEqual(values[i]!);
        if (Math.max(one, other) <= 0) expect(more[i]).toBeLessThanOrEqual(values[i]!);
      }
    }),
    { numRuns: 60 },
  );
});

const frame = pixelRect(0, 0, 1000, 700);

/** A disc whose coverage falls from `top` to 0 over `soft` px. */
function disc(x: number, y: number, radius: number, soft: number, top = 255): Mask {
  const bytes = new Uint8Array(frame.width * frame.height);
  for (let i = 0; i < bytes.length; i++) {
    const far = Math.hypot((i % frame.width) - x, Math.floor(i / frame.width) - y);
    bytes[i] = Math.round(Math.min(1, Math.max(0, (radius - far) / soft)) * top);
  }
  return maskFromCoverage(bytes, frame);
}

test('a soft edge moves out and in with its softness', () => {
  for (const top of [255, 120]) {
    const mask = disc(400, 300, 100, 20, top);
    for (const radius of [30, -30]) {
      const moved = growMask(mask, frame, radius);
      for (let far = 0; far < 200; far++) {
        const ideal = Math.min(1, Math.max(0, (100 + radius - far) / 20)) * top;
        // A quarter of the height is one step.
        expect(Math.abs(coverageAt(moved, 400 + far, 300) - ideal)).toBeLessThanOrEqual(top / 4 + 2);
      }
      expect(coverageAt(moved, 400, 300)).toBe(top);
    }
  }
});

test('an antialiased disc grows into the larger disc', () => {
  for (const radius of [0.5, 3, 40.25, 128]) {
    const moved = growMask(disc(500, 350, 60, 1), frame, radius);
    const larger = disc(500, 350, 60 + radius, 1);
    let worst = 0;
    let off = 0;
    for (let y = 100; y < 600; y++) {
      for (let x = 250; x < 750; x++) {
        const error = Math.abs(coverageAt(moved, x, y) - coverageAt(larger, x, y));
        worst = Math.max(worst, error);
        off += error;
      }
    }
    const edge = 2 * Math.PI * (60 + radius);
    expect(worst).toBeLessThan(140);
    // On average, a place along the edge lies less than 0.3 px away from where it should.
    expect(off / 255 / edge).toBeLessThan(0.3);
  }
});

test('the frame is no border when shrinking, and cuts what grows', () => {
  const half = maskFromCoverage(new Uint8Array(1000 * 300).fill(255), pixelRect(0, 0, 1000, 300));
  const shrunk = growMask(half, frame, -40);
  expect(coverageAt(shrunk, 0, 0)).toBe(255);
  expect(coverageAt(shrunk, 999, 259)).toBe(255);
  expect(coverageAt(shrunk, 500, 260)).toBe(0);
  const grown = growMask(half, pixelRect(0, 0, 900, 320), 40);
  expect(coverageAt(grown, 899, 319)).toBe(255);
  expect(coverageAt(grown, 900, 10)).toBe(0);
  expect(coverageAt(grown, 10, 320)).toBe(0);
  expect(maskEquals(growMask(fillMask(frame), frame, -64), fillMask(frame))).toBe(true);
  expect(growMask(emptyMask, frame, 20).tiles.size).toBe(0);
});

test('tiles that no border can reach are passed on', () => {
  const big = pixelRect(0, 0, 256 * 7, 256 * 7);
  const bytes = new Uint8Array(big.width * big.height).fill(255);
  for (let y = 850; y < 900; y++) bytes.fill(0, y * big.width + 850, y * big.width + 900);
  for (const radius of [20, -20]) {
    const out = growMask(maskFromCoverage(bytes, big), big, radius);
    expect(out.tiles.get(tileKey(1, 1))).toBe(255);
    expect([...out.tiles.values()].filter((tile) => typeof tile !== 'number')).toHaveLength(1);
  }
});
