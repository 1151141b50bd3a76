import { expect, test } from 'vitest';
import { prefillSteps } from './prefill.ts';

const run = (pixels: Uint8Array, hole: Uint8Array, width: number, height: number) => {
  for (const _ of prefillSteps(pixels, hole, { width, height }));
};

test('what is empty under the hole continues its surroundings, opaque; everything else stays', () => {
  const [width, height] = [97, 61];
  const pixels = new Uint8Array(width * height * 4);
  const hole = new Uint8Array(width * height);
  for (let i = 0; i < hole.length; i++) {
    const x = i % width;
    if (x < 40) pixels.set([200, 100, 50, 255], i * 4);
    else if (x < 80) hole[i] = 255;
  }
  const before = pixels.slice();
  run(pixels, hole, width, height);
  for (let i = 0; i < hole.length; i++) {
    const pixel = [...pixels.subarray(i * 4, i * 4 + 4)];
    expect(pixel).toEqual(hole[i] ? [200, 100, 50, 255] : [...before.subarray(i * 4, i * 4 + 4)]);
  }
});

test('between two colours it is a transition', () => {
  const [width, height] = [64, 16];
  const pixels = new Uint8Array(width * height * 4);
  const hole = new Uint8Array(width * height).fill(255);
  for (let i = 0; i < hole.length; i++) {
    const x = i % width;
    if (x < 16) pixels.set([0, 0, 0, 255], i * 4);
    if (x >= 48) pixels.set([240, 240, 240, 255], i * 4);
  }
  run(pixels, hole, width, height);
  const row = Array.from({ length: 32 }, (_, k) => pixels[(8 * width + 16 + k) * 4]!);
  for (let k = 1; k < row.length; k++) expect(row[k]! - row[k - 1]!).toBeGreaterThanOrEqual(-1);
  expect(row[0]).toBeLessThan(60);
  expect(row[31]).toBeGreaterThan(180);
});

test('a picture of which nothing is known is left as it is', () => {
  const pixels = new Uint8Array(16);
  run(pixels, new Uint8Array(4).fill(255), 2, 2);
  expect(pixels).toEqual(new Uint8Array(16));
});
