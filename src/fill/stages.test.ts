import { expect, test } from 'vitest';
import { fillHole } from './fillHole.ts';
import { generatePicture } from './generatePicture.ts';
import type { FillHooks } from './hooks.ts';
import { drawPicture, rectHole, slope, stripes } from './testPictures.ts';
import { varyPicture } from './varyPicture.ts';

interface Shown {
  readonly index: number;
  readonly count: number;
  readonly rgba: Uint8Array;
}

/** All stages of some work, and its result. */
function watch<T>(work: (hooks: FillHooks) => T): { stages: Shown[]; result: T } {
  const stages: Shown[] = [];
  const result = work({ stage: (index, count, draw) => stages.push({ index, count, rgba: draw() }) });
  return { stages, result };
}

const numbers = (stages: readonly Shown[]) => stages.map(({ index, count }) => [index, count]);

/** Mean difference of two pictures in the hole, in 8-bit levels per channel. */
function distance(a: Uint8Array, b: Uint8Array, hole: Uint8Array): number {
  let sum = 0;
  let count = 0;
  hole.forEach((value, pixel) => {
    for (let byte = pixel * 4; value !== 0 && byte < pixel * 4 + 3; byte++, count++)
      sum += Math.abs(a[byte]! - b[byte]!);
  });
  return sum / count;
}

test('a fill shows its levels, coarse to fine, with every known pixel in place and nothing of the erased', () => {
  const picture = slope(256, 200);
  const hole = rectHole(picture, 60, 50, 180, 150);
  const rgba = picture.rgba.slice();
  hole.forEach((value, pixel) => {
    if (value !== 0) rgba.set([255, 0, 255, 255], pixel * 4);
  });
  const { stages, result } = watch((hooks) => fillHole({ ...picture, rgba, hole, seed: 1 }, hooks));
  expect(numbers(stages)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  for (const stage of stages) {
    let wrong = 0;
    for (let pixel = 0; pixel < hole.length; pixel++)
      for (let byte = pixel * 4; hole[pixel] === 0 && byte < pixel * 4 + 4; byte++)
        if (stage.rgba[byte] !== rgba[byte]) wrong++;
    expect(wrong).toBe(0);
    expect(distance(stage.rgba, result, hole)).toBeLessThan(20);
  }
});

test('watching the stages changes nothing of the result', () => {
  const picture = stripes(128, 128);
  const hole = rectHole(picture, 40, 40, 90, 80);
  const request = { ...picture, hole, seed: 5 };
  expect(watch((hooks) => fillHole(request, hooks)).result).toEqual(fillHole(request));
  const wish = { width: 96, height: 64, prompt: 'a red sunset over mountains', seed: 3 };
  expect(watch((hooks) => generatePicture(wish, hooks)).result).toEqual(generatePicture(wish));
  const variation = { ...picture, seed: 4, strength: 0.6 };
  expect(watch((hooks) => varyPicture(variation, hooks)).result).toEqual(varyPicture(variation));
});

test('of several holes the largest shows its levels; the smaller ones before it are done', () => {
  const picture = stripes(600, 128);
  const hole = rectHole(picture, 20, 50, 30, 60);
  rectHole(picture, 450, 40, 520, 90).forEach((value, pixel) => {
    if (value !== 0) hole[pixel] = 1;
  });
  const { stages, result } = watch((hooks) => fillHole({ ...picture, hole, seed: 1 }, hooks));
  expect(stages.length).toBeGreaterThan(0);
  expect(numbers(stages)).toEqual(stages.map((_, index) => [index, stages.length]));
  const first = rectHole(picture, 20, 50, 30, 60);
  for (const stage of stages) expect(distance(stage.rgba, result, first)).toBe(0);
});

test('a picture with nothing to copy from shows its sketch only inside the hole', () => {
  const picture = drawPicture(64, 64, (x) => [9, 9, 9, x < 32 ? 0 : 255]);
  const hole = rectHole(picture, 32, 0, 64, 64);
  const { stages } = watch((hooks) => fillHole({ ...picture, hole, seed: 1 }, hooks));
  expect(stages.length).toBeGreaterThan(0);
  for (const { rgba } of stages)
    for (let pixel = 0; pixel < hole.length; pixel++)
      if (hole[pixel] === 0) expect([...rgba.subarray(pixel * 4, pixel * 4 + 4)]).toEqual([9, 9, 9, 0]);
});

test('a sketch shows what is far first, in its final colours', () => {
  const wish = { width: 64, height: 64, prompt: 'red mountains behind a forest and a field', seed: 1 };
  const { stages, result } = watch((hooks) => generatePicture(wish, hooks));
  expect(stages.length).toBeGreaterThan(2);
  expect(numbers(stages)).toEqual(stages.map((_, index) => [index, stages.length]));
  const rows = (rgba: Uint8Array, from: number, to: number) =>
    Buffer.from(rgba.subarray(256 * from, 256 * to));
  for (const { rgba } of stages) expect(rows(rgba, 0, 4)).toEqual(rows(result.rgba, 0, 4));
  expect(rows(stages.at(-1)!.rgba, 32, 64).equals(rows(result.rgba, 32, 64))).toBe(false);
});

test('a picture without layers shows itself in squares, of the colours that it will have', () => {
  const wish = { width: 320, height: 240, prompt: 'abstract', seed: 2 };
  const { stages, result } = watch((hooks) => generatePicture(wish, hooks));
  expect(numbers(stages)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  const all = new Uint8Array(320 * 240).fill(1);
  const [first, second] = stages.map(({ rgba }) => distance(rgba, result.rgba, all));
  expect(second).toBeLessThan(first!);
  expect(first).toBeLessThan(30);
  expect(result).toEqual(generatePicture(wish));
});

test('a variation shows its stages graded as the result is', () => {
  const picture = slope(256, 256);
  const { stages, result } = watch((hooks) => varyPicture({ ...picture, seed: 8, strength: 1 }, hooks));
  expect(stages.length).toBeGreaterThan(0);
  const middle = rectHole(picture, 100, 100, 150, 150);
  for (const { rgba } of stages) expect(distance(rgba, result, middle)).toBe(0);
});
