import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf } from './coverage.ts';
import { maskSource } from './mask.ts';
import { MaskReader } from './maskReader.ts';

type Colour = readonly [number, number, number, number];
const grey = (level: number): Colour => [level, level, level, 255];

const foreign = { own: false, lossy: false };

/** Reads a picture in bands of `rows`, as the decoder gives it. */
function read(
  width: number,
  height: number,
  colour: (x: number, y: number) => Colour,
  { own, lossy, rows = 7 } = { ...foreign, rows: 7 },
) {
  const reader = new MaskReader(width, height, true);
  for (let top = 0; top < height; top += rows) {
    const part = pixelRect(0, top, width, Math.min(rows, height - top));
    const rgba = new Uint8Array(part.width * part.height * 4);
    for (let y = 0; y < part.height; y++)
      for (let x = 0; x < width; x++) rgba.set(colour(x, top + y), (y * width + x) * 4);
    reader.add(rgba, part);
  }
  const { mask, ...rest } = reader.finish({ own, lossy });
  return { ...rest, coverage: coverageOf(maskSource(mask), pixelRect(0, 0, width, height)) };
}

const disc = (x: number, y: number) => Math.hypot(x - 30, y - 25) < 14;

test('transparency is coverage, whatever the colours; brightness is it where all is opaque', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      fc.boolean(),
      (width, height, seed, opaque) => {
        const at = (x: number, y: number) => (Math.imul(x + y * width + seed, 2_654_435_761) >>> 13) & 255;
        const clear = (x: number, y: number) => (x === 0 && y === 0 ? 3 : at(x, y));
        const result = read(
          width,
          height,
          (x, y) => [at(x, y), at(x, y), at(x, y), opaque ? 255 : 255 - clear(x, y)],
          { own: true, lossy: false, rows: 3 },
        );
        expect(result.kind).toBe(opaque ? 'grey' : 'alpha');
        const expected = Uint8Array.from({ length: width * height }, (_, i) => {
          const [x, y] = [i % width, Math.floor(i / width)];
          return opaque ? at(x, y) : clear(x, y);
        });
        expect(result.coverage).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});

describe('which of black and white is edited', () => {
  const guess = (colour: (x: number, y: number) => Colour) => read(60, 50, colour).flipped;
  test('what lies at the border is kept', () => {
    expect(guess((x, y) => grey(disc(x, y) ? 255 : 0))).toBe(false);
    expect(guess((x, y) => grey(disc(x, y) ? 0 : 255))).toBe(true);
    // Larger than what is kept, but inside.
    expect(guess((x, y) => grey(x > 1 && y > 1 && x < 58 && y < 48 ? 255 : 0))).toBe(false);
    expect(guess((x, y) => grey(x > 1 && y > 1 && x < 58 && y < 48 ? 0 : 255))).toBe(true);
  });
  test('where the border shows both, the larger part is kept', () => {
    // White from the left edge to the middle at the top and the bottom, and to a quarter between.
    const half = (x: number, y: number) => x < (y === 0 || y === 49 ? 30 : 15);
    expect(guess((x, y) => grey(half(x, y) ? 255 : 0))).toBe(false);
    expect(guess((x, y) => grey(half(x, y) ? 0 : 255))).toBe(true);
  });
  test('one colour, and what Lacuna wrote, are as they say', () => {
    expect(guess(() => grey(255))).toBe(false);
    expect(guess(() => grey(0))).toBe(false);
    const own = read(60, 50, (x, y) => grey(disc(x, y) ? 0 : 255), { own: true, lossy: false, rows: 5 });
    expect(own.flipped).toBe(false);
  });
});

describe('kinds of files', () => {
  test('a photograph is told from a mask, a mask in one colour is not taken for one', () => {
    const photo = read(90, 60, (x, y) => [(x * 5) & 255, (y * 7) & 255, (x * y) & 255, 255]);
    expect(photo.kind).toBe('colour');
    const red = read(60, 50, (x, y) => (disc(x, y) ? [220, 20, 30, 255] : grey(255)));
    expect(red).toMatchObject({ kind: 'grey', flipped: true, cleaned: false });
    expect(new Set(red.coverage)).toEqual(new Set([0, 255]));
  });

  test('labels 0 and 1 are black and white; two greys stay what they are', () => {
    const labels = read(60, 50, (x, y) => grey(disc(x, y) ? 1 : 0));
    expect([...new Set(labels.coverage)].sort()).toEqual([0, 255]);
    const greys = read(60, 50, (x, y) => grey(disc(x, y) ? 128 : 0));
    expect(new Set(greys.coverage)).toEqual(new Set([0, 128]));
  });

  test('noise beside black and white goes, and a soft edge stays soft', () => {
    const level = (x: number, y: number) =>
      Math.min(255, Math.max(0, (x - 20) * 10 + ((x * 7 + y * 13) % 9)));
    const noisy = read(60, 50, (x, y) => grey(level(x, y)), { own: false, lossy: true, rows: 9 });
    expect(noisy.cleaned).toBe(true);
    const row = noisy.coverage.subarray(0, 60);
    expect(row.subarray(0, 20).every((value) => value === 0)).toBe(true);
    expect(row.subarray(46).every((value) => value === 255)).toBe(true);
    expect(new Set(row.subarray(22, 44)).size).toBeGreaterThan(15);
    const exact = read(60, 50, (x, y) => grey(level(x, y)));
    expect(exact).toMatchObject({ cleaned: false, kind: 'grey' });
    expect(exact.coverage[10]).toBe(level(10, 0));
  });
});
