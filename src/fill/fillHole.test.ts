import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillHole } from './fillHole.ts';
import type { Picture } from './picture.ts';
import { createRandom } from './random.ts';
import { checker, drawPicture, grain, rectHole, slope, stripes } from './testPictures.ts';

/** Decibels between two pictures over the pixels of the hole. */
function psnr(a: Uint8Array, b: Uint8Array, hole: Uint8Array): number {
  let sum = 0;
  let count = 0;
  hole.forEach((value, pixel) => {
    if (value === 0) return;
    for (let channel = 0; channel < 3; channel++) {
      sum += (a[pixel * 4 + channel]! - b[pixel * 4 + channel]!) ** 2;
      count++;
    }
  });
  return 10 * Math.log10(255 ** 2 / (sum / count + 1e-9));
}

/** Mean absolute difference of horizontal neighbours, over pairs that `wanted` picks by the left pixel. */
function roughness({ width, rgba }: Picture, wanted: (pixel: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel + 1 < rgba.length / 4; pixel++) {
    if (pixel % width === width - 1 || !wanted(pixel)) continue;
    sum += Math.abs(rgba[pixel * 4]! - rgba[pixel * 4 + 4]!);
    count++;
  }
  return sum / count;
}

/** The hole's own colours must not show through: they are replaced by a loud one before filling. */
function fillBlind(picture: Picture, hole: Uint8Array, seed = 1): Uint8Array {
  const rgba = picture.rgba.slice();
  hole.forEach((value, pixel) => {
    if (value !== 0) rgba.set([255, 0, 255, 255], pixel * 4);
  });
  return fillHole({ ...picture, rgba, hole, seed });
}

function expectUntouched(before: Uint8Array, after: Uint8Array, hole: Uint8Array): void {
  let changed = 0;
  hole.forEach((value, pixel) => {
    for (let byte = pixel * 4; value === 0 && byte < pixel * 4 + 4; byte++) {
      if (before[byte] !== after[byte]) changed++;
    }
  });
  expect(changed).toBe(0);
}

test.each([
  ['diagonal stripes', stripes(160, 120)],
  ['a checkerboard', checker(160, 120)],
])('%s go on across the hole', (_, picture) => {
  const hole = rectHole(picture, 60, 40, 104, 80);
  const filled = fillBlind(picture, hole);
  expect(psnr(filled, picture.rgba, hole)).toBeGreaterThan(24);
  expectUntouched(picture.rgba, filled, hole);
});

test.each([
  [
    'windows of a facade',
    20,
    (x: number, y: number, noise: number) =>
      x % 50 > 12 && x % 50 < 38 && y % 60 > 14 && y % 60 < 48
        ? ([50 + noise, 60 + noise, 80 + noise + (y >> 3)] as const)
        : ([170 + noise, 120 + noise - (y >> 3), 90 + noise] as const),
  ],
  [
    'bricks',
    21,
    (x: number, y: number, noise: number) => {
      const row = Math.floor(y / 14);
      const mortar = y % 14 < 2 || (x + (row % 2) * 17) % 34 < 2;
      return mortar
        ? ([190 + noise, 185 + noise, 180 + noise] as const)
        : ([150 + noise + ((row * 7) % 20), 70 + noise, 50 + noise] as const);
    },
  ],
  [
    'slanted lines',
    19,
    (x: number, y: number, noise: number) =>
      (2 * x - 3 * y + 3000) % 160 < 14
        ? ([230 + noise, 220 + noise, 60 + noise] as const)
        : ([60 + noise, 70 + noise, 90 + noise + (x >> 2)] as const),
  ],
])('%s go on across a wide hole, where they were (at least %d dB)', (_, least, paint) => {
  const random = createRandom(4);
  const picture = drawPicture(400, 300, (x, y) => paint(x, y, random.below(12)));
  const hole = rectHole(picture, 130, 90, 270, 210);
  expect(psnr(fillBlind(picture, hole), picture.rgba, hole)).toBeGreaterThan(least);
});

test('a gradient is continued without steps', () => {
  const picture = slope(128, 128);
  const hole = rectHole(picture, 48, 48, 80, 80);
  const filled = fillBlind(picture, hole);
  expect(psnr(filled, picture.rgba, hole)).toBeGreaterThan(30);
});

test('grain stays grain: neither smeared inside nor a seam at the border', () => {
  const picture = grain(128, 128);
  const hole = rectHole(picture, 40, 40, 88, 88);
  const result = { ...picture, rgba: fillBlind(picture, hole) };
  const inside = roughness(result, (pixel) => hole[pixel] === 1 && hole[pixel + 1] === 1);
  const outside = roughness(result, (pixel) => hole[pixel] === 0 && hole[pixel + 1] === 0);
  const seam = roughness(result, (pixel) => hole[pixel] !== hole[pixel + 1]);
  expect(inside / outside).toBeGreaterThan(0.7);
  expect(inside / outside).toBeLessThan(1.15);
  expect(seam / outside).toBeGreaterThan(0.6);
  expect(seam / outside).toBeLessThan(1.4);
});

test('nothing of the old content of the hole is used', () => {
  const picture = grain(96, 96);
  const hole = rectHole(picture, 30, 30, 60, 60);
  const filled = fillBlind(picture, hole);
  const other = fillHole({ ...picture, hole, seed: 1 });
  expect(filled).toEqual(other);
});

test('colour under alpha 0 is never read, and stays', () => {
  const picture = drawPicture(96, 96, (x, y) =>
    x > 56 ? [255, 0, 255, 0] : [90 + ((x * 7 + y * 3) % 20), 120, 80],
  );
  const hole = rectHole(picture, 30, 30, 64, 60);
  const filled = fillHole({ ...picture, hole, seed: 5 });
  expectUntouched(picture.rgba, filled, hole);
  hole.forEach((value, pixel) => {
    if (value === 0) return;
    expect(filled[pixel * 4 + 1]).toBeGreaterThan(60);
    expect(filled[pixel * 4 + 3]).toBe(255);
  });
});

test('a half-transparent picture is filled half-transparently', () => {
  const picture = drawPicture(64, 64, (x, y) => [100 + ((x + y) % 9), 90, 80, 128]);
  const hole = rectHole(picture, 20, 20, 40, 40);
  const filled = fillHole({ ...picture, hole, seed: 5 });
  hole.forEach((value, pixel) => {
    if (value !== 0) expect(filled[pixel * 4 + 3]).toBe(128);
  });
});

test('outpainting: a hole at the border of more than half the picture', () => {
  const picture = stripes(160, 80);
  const hole = rectHole(picture, 64, 0, 160, 80);
  const filled = fillBlind(picture, hole);
  expect(psnr(filled, picture.rgba, hole)).toBeGreaterThan(15);
  expectUntouched(picture.rgba, filled, hole);
});

test('the same seed gives the same bytes, another seed another fill', () => {
  const picture = grain(96, 64);
  const hole = rectHole(picture, 30, 20, 60, 50);
  expect(fillBlind(picture, hole, 7)).toEqual(fillBlind(picture, hole, 7));
  expect(fillBlind(picture, hole, 7)).not.toEqual(fillBlind(picture, hole, 8));
});

test('two distant holes are filled independently', () => {
  const picture = stripes(420, 60);
  const left = rectHole(picture, 20, 20, 40, 40);
  const both = rectHole(picture, 380, 20, 400, 40);
  left.forEach((value, pixel) => {
    if (value !== 0) both[pixel] = 1;
  });
  const alone = fillBlind(picture, left);
  const together = fillBlind(picture, both);
  left.forEach((value, pixel) => {
    if (value !== 0)
      expect(together.subarray(pixel * 4, pixel * 4 + 4)).toEqual(alone.subarray(pixel * 4, pixel * 4 + 4));
  });
  expect(psnr(together, picture.rgba, both)).toBeGreaterThan(20);
});

test('a picture that is all hole becomes an opaque sketch', () => {
  const picture = drawPicture(40, 30, () => [255, 0, 255]);
  const filled = fillHole({ ...picture, hole: new Uint8Array(1200).fill(255), seed: 1 });
  expect(new Set(filled).size).toBeGreaterThan(10);
  expect(filled.every((value, byte) => byte % 4 !== 3 || value === 255)).toBe(true);
});

test('an empty hole gives the picture back', () => {
  const picture = grain(20, 20);
  expect(fillHole({ ...picture, hole: new Uint8Array(400), seed: 1 })).toEqual(picture.rgba);
});

test('any size, any hole: the size is kept, what is outside is untouched', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.nat(1600), { maxLength: 6 }),
      fc.boolean(),
      fc.nat(),
      ([width, height], spots, most, seed) => {
        const picture = drawPicture(width, height, (x, y) => [
          x * 6,
          y * 6,
          128,
          (x * y) % 11 === 10 ? 0 : 255,
        ]);
        const hole = new Uint8Array(width * height).fill(most ? 1 : 0);
        for (const spot of spots) hole[spot % hole.length]! ^= 1;
        const filled = fillHole({ ...picture, hole, seed });
        expect(filled.length).toBe(width * height * 4);
        expectUntouched(picture.rgba, filled, hole);
      },
    ),
    { numRuns: 60 },
  );
});

test('a hole is a hole whatever its mask says, and an order of holes changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(500), fc.nat(60)), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (spots, seed) => {
        const picture = stripes(520, 80);
        const draw = (order: typeof spots, value: number) => {
          const hole = new Uint8Array(520 * 80);
          for (const [left, top] of order)
            for (let y = top; y < top + 18; y++) hole.fill(value, y * 520 + left, y * 520 + left + 18);
          return fillHole({ ...picture, hole, seed });
        };
        expect(draw(spots.toReversed(), 255)).toEqual(draw(spots, 1));
      },
    ),
    { numRuns: 20 },
  );
});

test('a long thin picture', () => {
  const picture = stripes(600, 5);
  const hole = rectHole(picture, 250, 0, 300, 5);
  const filled = fillBlind(picture, hole);
  expectUntouched(picture.rgba, filled, hole);
});

test('an aborted signal stops the fill with its own error', () => {
  const picture = grain(128, 128);
  const hole = rectHole(picture, 20, 20, 100, 100);
  let asked = 0;
  const signal = {
    aborted: false,
    throwIfAborted() {
      asked++;
      if (asked === 5) throw new Error('enough');
    },
  };
  expect(() => fillHole({ ...picture, hole, seed: 1 }, { signal })).toThrow('enough');
  expect(asked).toBe(5);
});

test('progress rises to 1', () => {
  const picture = grain(128, 96);
  const seen: number[] = [];
  const hole = rectHole(picture, 30, 30, 70, 70);
  fillHole({ ...picture, hole, seed: 1 }, { progress: (share) => seen.push(share) });
  expect(seen.length).toBeGreaterThan(3);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
});
