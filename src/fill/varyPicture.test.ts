import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillHole } from './fillHole.ts';
import type { Picture } from './picture.ts';
import { createRandom } from './random.ts';
import { checker, drawPicture, grain, stripes } from './testPictures.ts';
import { gradeColours } from './variation/grade.ts';
import { planVariation, varyPicture } from './varyPicture.ts';

test('same size, same seed same bytes, another seed another picture, never the picture itself', () => {
  const picture = stripes(90, 60);
  const vary = (seed: number) => varyPicture({ ...picture, seed, strength: 0.6 });
  expect(vary(1).length).toBe(picture.rgba.length);
  expect(vary(1)).toEqual(vary(1));
  expect(vary(1)).not.toEqual(vary(2));
  expect(vary(1)).not.toEqual(picture.rgba);
});

test('hues turn by no more than 15 degrees: red stays red', () => {
  const picture = drawPicture(40, 40, (x) => [180 + (x % 3), 40, 40]);
  for (let seed = 0; seed < 8; seed++) {
    const rgba = varyPicture({ ...picture, seed, strength: 1 });
    for (let at = 0; at < rgba.length; at += 4) {
      expect(rgba[at]!).toBeGreaterThan(rgba[at + 1]! + 60);
      expect(rgba[at]!).toBeGreaterThan(rgba[at + 2]! + 60);
    }
  }
});

test('transparency is kept, moved along with the picture', () => {
  const picture = drawPicture(60, 60, (x, y) => [200, 120, 60, Math.hypot(x - 30, y - 30) < 20 ? 255 : 0]);
  const rgba = varyPicture({ ...picture, seed: 3, strength: 0.6 });
  const opaque = (pixels: Uint8Array) =>
    pixels.filter((value, byte) => byte % 4 === 3 && value === 255).length;
  expect(opaque(rgba)).toBe(opaque(picture.rgba));
});

test('half-transparent pixels stay so, and a border goes on with the alpha of the edge it continues', () => {
  // Every row has an alpha of its own; a copy of a pixel from elsewhere would bring another.
  const picture = drawPicture(60, 60, (x, y) => [200, 120 + (x % 7), 60, 40 + 3 * y]);
  const rgba = varyPicture({ ...picture, seed: 3, strength: 1 });
  const alpha = (x: number, y: number) => rgba[(y * 60 + x) * 4 + 3]!;
  const shift = Array.from({ length: 60 }, (_, y) => (alpha(30, y) - 40) / 3 - y)[30]!;
  expect(shift).not.toBe(0);
  for (let y = 0; y < 60; y++)
    for (let x = 0; x < 60; x++) expect(alpha(x, y)).toBe(40 + 3 * Math.min(59, Math.max(0, y + shift)));
});

test('the picture is moved as a whole, mirrored or not', () => {
  const picture = drawPicture(80, 60, (x, y) => [2 * x, 3 * y, 50]);
  const ways = new Set<number>();
  for (let seed = 0; seed < 8; seed++) {
    const { rgba, hole } = planVariation({ ...picture, seed, strength: 1 }).moved;
    const at = 30 * 80 + 40;
    const way = Math.sign(rgba[at * 4 + 4]! - rgba[at * 4]!);
    ways.add(way);
    for (let pixel = 0; pixel < hole.length; pixel++) {
      if (hole[pixel] !== 0) continue;
      expect(rgba[pixel * 4]).toBe(rgba[at * 4]! + 2 * way * ((pixel % 80) - 40));
      expect(rgba[pixel * 4 + 1]).toBe(rgba[at * 4 + 1]! + 3 * (((pixel / 80) | 0) - 30));
    }
    expect(hole.filter((value) => value !== 0).length).toBeLessThan(0.3 * hole.length);
  }
  expect(ways).toEqual(new Set([-1, 1]));
});

describe('what is filled again', () => {
  const SIZE = 192;
  const SEEDS = [1, 2, 3, 4, 5, 6];

  /** Hole pixels that aren't in the border that the move uncovered, as a share of the picture. */
  function blobShare(picture: Picture, seed: number, strength = 1): number {
    const { moved } = planVariation({ ...picture, seed, strength });
    const at = (x: number, y: number) => moved.hole[y * picture.width + x] !== 0;
    const xs = Array.from({ length: picture.width }, (_, x) => x);
    const ys = Array.from({ length: picture.height }, (_, y) => y);
    const newColumns = xs.filter((x) => ys.every((y) => at(x, y))).length;
    const newRows = ys.filter((y) => xs.every((x) => at(x, y))).length;
    const border = picture.width * picture.height - (picture.width - newColumns) * (picture.height - newRows);
    const all = moved.hole.reduce((sum, value) => sum + value, 0);
    return (all - border) / (picture.width * picture.height);
  }

  /** Rows of marks like letters: upright, level, slanted and round strokes on paper with a little noise. */
  function writing(width: number, height: number): Picture {
    const random = createRandom(5);
    const letters = Array.from({ length: 4096 }, () => random.below(5));
    return drawPicture(width, height, (x, y) => {
      const letter = letters[((x / 9) | 0) + 64 * ((y / 14) | 0)]!;
      const u = x % 9;
      const v = y % 14;
      const ink =
        v < 10 &&
        u < 7 &&
        [
          u < 2,
          v < 2 || u > 4,
          Math.abs(u - v * 0.6) < 1.2,
          Math.abs(Math.hypot(u - 3, v - 5) - 3) < 1,
          false,
        ][letter];
      const paper = 235 + random.below(6);
      return ink ? [25, 25, 30] : [paper, paper, paper - 8];
    });
  }

  const noisy = (picture: Picture) => {
    const random = createRandom(8);
    return { ...picture, rgba: picture.rgba.map((v, i) => (i % 4 === 3 ? v : v + random.below(12) - 6)) };
  };
  const dots = drawPicture(SIZE, SIZE, (x, y) =>
    Math.hypot((x % 10) - 5, (y % 10) - 5) < 3.5 ? [220, 90, 90] : [60, 70, 90],
  );
  const small = drawPicture(SIZE, SIZE, (x, y) =>
    ((x >> 1) + (y >> 1)) % 2 ? [210, 210, 200] : [60, 70, 50],
  );
  const face = drawPicture(SIZE, SIZE, (x, y) => {
    if (Math.hypot(x - 70, y - 80) < 9 || Math.hypot(x - 122, y - 80) < 9) return [30, 25, 20];
    if (Math.hypot((x - 96) / 2, y - 130) < 9) return [150, 50, 50];
    return Math.hypot(x - 96, y - 96) < 70 ? [224 - y / 6, 180 - y / 6, 150] : [90, 110, 130];
  });

  test.each([
    ['stripes', stripes(SIZE, SIZE)],
    ['checker', checker(SIZE, SIZE)],
    ['fine checker', small],
    ['dots', noisy(dots)],
    ['writing', writing(SIZE, SIZE)],
    ['a face', noisy(face)],
    ['plain ground', drawPicture(SIZE, SIZE, () => [90, 140, 200])],
  ])('%s: no blob', (_, picture) => {
    for (const seed of SEEDS) expect(blobShare(picture, seed)).toBe(0);
  });

  test('grain: blobs of 3 to 8 % each, more and bigger the stronger', () => {
    const picture = grain(SIZE, SIZE);
    for (const seed of SEEDS) {
      expect(blobShare(picture, seed, 0)).toBe(0);
      const one = blobShare(picture, seed, 1 / 3);
      expect(one).toBeGreaterThan(0.025);
      expect(one).toBeLessThan(0.085);
      const most = blobShare(picture, seed, 1);
      expect(most).toBeGreaterThan(0.05);
      expect(most).toBeLessThan(0.25);
    }
  });

  test('a blob lies in the grain alone when there is a checker beside it', () => {
    const left = grain(SIZE, SIZE);
    const right = checker(SIZE, SIZE);
    const pick = (x: number, y: number, picture: Picture): [number, number, number] => {
      const [red, green, blue] = picture.rgba.subarray((y * SIZE + x) * 4);
      return [red!, green!, blue!];
    };
    const picture = drawPicture(SIZE, SIZE, (x, y) => pick(x, y, x < 120 ? left : right));
    let blobs = 0;
    for (const seed of SEEDS) {
      const { moved } = planVariation({ ...picture, seed, strength: 1 });
      if (blobShare(picture, seed) > 0) blobs++;
      for (let y = 40; y < SIZE - 40; y++)
        for (let x = 40; x < SIZE - 40; x++) {
          const at = y * SIZE + x;
          // The checker has colours that grain hasn't.
          if (moved.hole[at] !== 0) expect(moved.rgba[at * 4]! >= 90 && moved.rgba[at * 4]! < 170).toBe(true);
        }
    }
    expect(blobs).toBeGreaterThan(SEEDS.length / 2);
  });

  test('grain with half-transparent pixels all over: no blob', () => {
    const picture = grain(SIZE, SIZE);
    const veiled = { ...picture, rgba: picture.rgba.map((v, i) => (i % 64 === 3 ? 128 : v)) };
    for (const seed of SEEDS) expect(blobShare(veiled, seed)).toBe(0);
  });

  test('a blob is filled with something else that looks the same', () => {
    const picture = grain(SIZE, SIZE);
    const { moved } = planVariation({ ...picture, seed: 1, strength: 1 });
    const filled = fillHole(moved);
    const inside = Array.from(moved.hole.keys()).filter((at) => {
      const x = at % SIZE;
      const y = (at / SIZE) | 0;
      return moved.hole[at] !== 0 && x > 30 && x < SIZE - 30 && y > 30 && y < SIZE - 30;
    });
    const changed = inside.filter((at) => filled[at * 4] !== moved.rgba[at * 4]);
    const mean = inside.reduce((sum, at) => sum + filled[at * 4]!, 0) / inside.length;
    expect(inside.length).toBeGreaterThan(500);
    expect(changed.length).toBeGreaterThan(0.9 * inside.length);
    expect(Math.abs(mean - 129.5)).toBeLessThan(6);
  });
});

test('any picture: what is neither border nor blob is the picture moved, graded; alpha is as planned', () => {
  const picture = fc
    .record({
      width: fc.integer({ min: 1, max: 120 }),
      height: fc.integer({ min: 1, max: 120 }),
      kind: fc.nat(3),
      salt: fc.nat(),
    })
    .map(({ width, height, kind, salt }) => {
      const random = createRandom(salt);
      return drawPicture(width, height, (x, y) => [
        kind === 0 ? 2 * x : 60 + random.below(100),
        kind === 1 ? 2 * y : random.below(120),
        random.below(256),
        kind < 2 ? 255 : kind === 2 ? random.below(256) : Math.min(255, 4 * x),
      ]);
    });
  const strengths = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(picture, fc.nat(), strengths, (drawn, seed, strength) => {
      const { width, height } = drawn;
      const before = Uint8Array.from(drawn.rgba);
      const result = varyPicture({ ...drawn, seed, strength });
      expect(drawn.rgba).toEqual(before);
      expect(result.length).toBe(4 * width * height);
      expect(varyPicture({ ...drawn, seed, strength })).toEqual(result);
      const { moved, grade } = planVariation({ ...drawn, seed, strength });
      const graded = Uint8Array.from(moved.rgba);
      gradeColours(graded, grade);
      for (let at = 0; at < moved.hole.length; at++) {
        expect(result[at * 4 + 3]).toBe(moved.rgba[at * 4 + 3]);
        if (moved.hole[at] === 0)
          expect(result.subarray(at * 4, at * 4 + 4)).toEqual(graded.subarray(at * 4, at * 4 + 4));
      }
    }),
    { numRuns: 40 },
  );
});
