import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../../geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../coverage.ts';
import { fillMask } from '../invert.ts';
import { emptyMask, type Mask, maskSource, tileKey } from '../mask.ts';
import { operateSteps } from './operate.ts';
import type { MaskOperation } from './operation.ts';

function operate(mask: Mask, frame: PixelRect, operation: MaskOperation): Mask {
  const steps = operateSteps(mask, frame, operation);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function applied(bytes: Uint8Array, frame: PixelRect, operation: MaskOperation): Uint8Array {
  return coverageOf(maskSource(operate(maskFromCoverage(bytes, frame), frame, operation)), frame);
}

/** Across the borders of tiles, at negative places too. */
const frames = fc.constantFrom(
  pixelRect(240, 250, 30, 26),
  pixelRect(-14, -9, 28, 25),
  pixelRect(3, 4, 23, 31),
  pixelRect(-270, 500, 33, 21),
);
const levels = fc.constantFrom([0, 255], [0, 1, 90, 255], [0, 0, 0, 255], [0, 128, 129]);

const painted = fc
  .tuple(frames, levels, fc.array(fc.nat(), { minLength: 1023, maxLength: 1023 }))
  .map(([frame, values, noise]) => ({
    frame,
    bytes: Uint8Array.from(
      { length: frame.width * frame.height },
      (_, i) => values[noise[i % noise.length]! % values.length]!,
    ),
  }));

const boxes = fc.array(
  fc.tuple(fc.nat(29), fc.nat(29), fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 })),
  { maxLength: 6 },
);
/** Boxes of some coverage over each other. */
const drawn = fc
  .tuple(frames, boxes, fc.constantFrom(255, 100), fc.boolean())
  .map(([frame, list, level, filled]) => {
    const bytes = new Uint8Array(frame.width * frame.height).fill(filled ? level : 0);
    for (const [k, [x, y, width, height]] of list.entries()) {
      for (let row = y; row < Math.min(frame.height, y + height); row++) {
        for (let i = x; i < Math.min(frame.width, x + width); i++)
          bytes[row * frame.width + i] = k % 2 ? 0 : level;
      }
    }
    return { frame, bytes };
  });
const any = fc.oneof(painted, drawn);

/** The Gaussian of every pixel, of the frame's pixels only. */
function directGaussian(bytes: Uint8Array, { width, height }: PixelRect, sigma: number): Float64Array {
  const weight = (d: number) => Math.exp((-d * d) / (2 * sigma * sigma));
  const pass = (from: ArrayLike<number>, length: number, stride: number, lines: number, step: number) => {
    const out = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let sum = 0;
        let all = 0;
        for (let j = 0; j < length; j++) {
          sum += weight(i - j) * from[line * step + j * stride]!;
          all += weight(i - j);
        }
        out[line * step + i * stride] = sum / all;
      }
    }
    return out;
  };
  return pass(pass(bytes, width, 1, height, width), height, width, width, 1);
}

/** Regions of pixels for which `isIn` holds, by flooding from each. */
function regions(isIn: (i: number) => boolean, { width, height }: PixelRect, corners: boolean): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let start = 0; start < width * height; start++) {
    if (!isIn(start) || seen.has(start)) continue;
    const region = [start];
    seen.add(start);
    for (const i of region) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const x = (i % width) + dx;
          const y = Math.floor(i / width) + dy;
          const next = y * width + x;
          if ((!corners && dx !== 0 && dy !== 0) || x < 0 || y < 0 || x >= width || y >= height) continue;
          if (!isIn(next) || seen.has(next)) continue;
          seen.add(next);
          region.push(next);
        }
      }
    }
    found.push(region);
  }
  return found;
}

/** Level by level: what of the pixels below it can't reach the frame's edge is raised to it. */
function slowlyFilled(bytes: Uint8Array, frame: PixelRect): Uint8Array {
  const { width, height } = frame;
  const out = bytes.slice();
  const atEdge = (i: number) =>
    i % width === 0 || i % width === width - 1 || i < width || i >= width * (height - 1);
  for (const level of [...new Set(bytes)].sort((a, b) => a - b)) {
    for (const region of regions((i) => bytes[i]! < level, frame, false)) {
      if (!region.some(atEdge)) for (const i of region) out[i] = Math.max(out[i]!, level);
    }
  }
  return out;
}

test('feather is the Gaussian to one level, fading nowhere at the frame’s edge', () => {
  fc.assert(
    fc.property(
      any,
      fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(40, 256)),
      ({ frame, bytes }, sigma) => {
        const expected = directGaussian(bytes, frame, sigma);
        const seen = applied(bytes, frame, { kind: 'feather', sigma });
        for (let i = 0; i < seen.length; i++)
          expect(Math.abs(seen[i]! - expected[i]!)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 60 },
  );
});

test('a large feather is the Gaussian to one level across many tiles', () => {
  const frame = pixelRect(-300, 17, 1100, 5);
  for (const sigma of [4, 8, 16, 33, 128]) {
    const bytes = new Uint8Array(frame.width * frame.height);
    for (let i = 0; i < bytes.length; i++) {
      const x = i % frame.width;
      bytes[i] = (x > 90 && x < 400) || x === 700 || x > 1090 ? 255 : 0;
    }
    const expected = directGaussian(bytes, frame, sigma);
    const seen = applied(bytes, frame, { kind: 'feather', sigma });
    for (let i = 0; i < seen.length; i++) expect(Math.abs(seen[i]! - expected[i]!)).toBeLessThanOrEqual(1);
  }
});

test('smooth is the Gaussian cut at half, with an edge of one pixel; a straight edge stays', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 6 }), ({ frame, bytes }, sigma) => {
      const highest = Math.max(...bytes);
      const blurred = directGaussian(bytes, frame, sigma);
      const seen = applied(bytes, frame, { kind: 'smooth', sigma });
      for (let i = 0; i < seen.length; i++) {
        const steep = (blurred[i]! - highest / 2) * sigma * Math.sqrt(2 * Math.PI) + highest / 2;
        // What the Gaussian is off is steepened too.
        expect(Math.abs(seen[i]! - Math.min(highest, Math.max(0, steep)))).toBeLessThanOrEqual(1 + sigma);
      }
    }),
    { numRuns: 40 },
  );
  const frame = pixelRect(0, 0, 300, 80);
  const half = Uint8Array.from({ length: 300 * 80 }, (_, i) => (i % 300 < 150 ? 255 : 0));
  expect(applied(half, frame, { kind: 'smooth', sigma: 8 })).toEqual(half);
});

test('threshold, and border from what growing and shrinking give', () => {
  fc.assert(
    fc.property(
      any,
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 9 }),
      ({ frame, bytes }, level, width) => {
        expect(applied(bytes, frame, { kind: 'threshold', level })).toEqual(
          bytes.map((value) => (value >= level ? 255 : 0)),
        );
        const grown = applied(bytes, frame, { kind: 'grow', radius: width });
        const shrunk = applied(bytes, frame, { kind: 'shrink', radius: width });
        const outside = applied(bytes, frame, { kind: 'border', width, side: 'outside' });
        const inside = applied(bytes, frame, { kind: 'border', width, side: 'inside' });
        expect(outside).toEqual(grown.map((value, i) => value - bytes[i]!));
        expect(inside).toEqual(bytes.map((value, i) => value - shrunk[i]!));
        const both = applied(bytes, frame, { kind: 'border', width: 2 * width, side: 'both' });
        expect(both).toEqual(grown.map((value, i) => value - shrunk[i]!));
      },
    ),
    { numRuns: 60 },
  );
});

test('specks go and the largest pieces stay, corners counting as touching', () => {
  fc.assert(
    fc.property(
      any,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      ({ frame, bytes }, area, count) => {
        const pieces = regions((i) => bytes[i]! > 0, frame, true);
        const only = (kept: number[][]) => {
          const out = new Uint8Array(bytes.length);
          for (const i of kept.flat()) out[i] = bytes[i]!;
          return out;
        };
        expect(applied(bytes, frame, { kind: 'specks', area })).toEqual(
          only(pieces.filter(({ length }) => length >= area)),
        );
        const largest = pieces.toSorted((a, b) => b.length - a.length).slice(0, count);
        expect(applied(bytes, frame, { kind: 'largest', count })).toEqual(only(largest));
      },
    ),
    { numRuns: 100 },
  );
});

test('holes are filled up to their rim, small ones only when so asked', () => {
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 30 }), ({ frame, bytes }, area) => {
      const filled = slowlyFilled(bytes, frame);
      expect(applied(bytes, frame, { kind: 'holes', area: null })).toEqual(filled);
      const some = bytes.slice();
      for (const hole of regions((i) => filled[i]! > bytes[i]!, frame, false)) {
        if (hole.length <= area) for (const i of hole) some[i] = filled[i]!;
      }
      expect(applied(bytes, frame, { kind: 'holes', area })).toEqual(some);
    }),
    { numRuns: 100 },
  );
});

const all: readonly MaskOperation[] = [
  { kind: 'grow', radius: 20 },
  { kind: 'shrink', radius: 20 },
  { kind: 'feather', sigma: 6 },
  { kind: 'smooth', sigma: 6 },
  { kind: 'border', width: 10, side: 'both' },
  { kind: 'threshold', level: 128 },
  { kind: 'largest', count: 1 },
  { kind: 'specks', area: 50 },
  { kind: 'holes', area: null },
  { kind: 'holes', area: 100 },
];

test.each(all)('$kind twice, and of nothing and everything', (operation) => {
  const frame = pixelRect(-20, 5, 700, 300);
  expect(operate(emptyMask, frame, operation)).toBe(emptyMask);
  const full = fillMask(frame);
  if (operation.kind === 'border') expect(operate(full, frame, operation).tiles.size).toBe(0);
  else expect(operate(full, frame, operation)).toBe(full);
  if (!['threshold', 'largest', 'specks', 'holes'].includes(operation.kind)) return;
  fc.assert(
    fc.property(any, ({ frame: small, bytes }) => {
      const once = operate(maskFromCoverage(bytes, small), small, operation);
      expect(operate(once, small, operation)).toBe(once);
    }),
    { numRuns: 30 },
  );
});

test.each(all)('$kind leaves tiles alone that it does not change, and cuts to the frame', (operation) => {
  const frame = pixelRect(0, 0, 256 * 8, 256 * 8 - 20);
  const bytes = new Uint8Array(frame.width * frame.height);
  // A large piece with a soft rim and a hole, and a speck far from it.
  for (let y = 300; y < 900; y++) bytes.fill(255, y * frame.width + 300, y * frame.width + 900);
  for (let y = 310; y < 320; y++) bytes.fill(0, y * frame.width + 400, y * frame.width + 406);
  for (let x = 300; x < 900; x++) bytes[899 * frame.width + x] = 100;
  bytes[1700 * frame.width + 1700] = 200;
  // Beyond all that any of them changes: a wide soft plateau would be cut by a threshold only.
  const mask = maskFromCoverage(bytes, frame);
  const out = operate(mask, frame, operation);
  expect(out).not.toBe(mask);
  const untouched = [...mask.tiles].filter(([key, tile]) => out.tiles.get(key) === tile);
  const inside = tileKey(2, 2);
  if (operation.kind !== 'border') expect(untouched.map(([key]) => key)).toContain(inside);
  const cut = operate(mask, pixelRect(0, 0, 500, 500), operation);
  const beyond = coverageOf(maskSource(cut), pixelRect(500, 0, 700, 900));
  expect(beyond.every((value) => value === 0)).toBe(true);
});
