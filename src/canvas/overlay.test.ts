import { expect, test } from 'vitest';
import { writeTint } from './overlay.ts';

const WIDTH = 9;
const HEIGHT = 7;
const COLOUR = 0xd05f2b;

/** One value everywhere, with the rim that the painter reads around a rectangle. */
const flat = (value: number, width: number, height: number) =>
  new Uint8Array((width + 2) * (height + 2)).fill(value);

function tinted(value: number, x: number, y: number, width: number, height: number, phase: number) {
  const words = new Uint32Array(WIDTH * HEIGHT);
  writeTint({ words, stride: WIDTH, x, y, width, height }, flat(value, width, height), COLOUR, 2, phase);
  return words;
}

const alphas = (words: Uint32Array) => new Set([...words].map((word) => word >>> 24));

test('a tint is as opaque as the coverage, and never hides the picture', () => {
  expect(alphas(tinted(0, 0, 0, WIDTH, HEIGHT, 0))).toEqual(new Set([0]));
  const full = [...alphas(tinted(255, 0, 0, WIDTH, HEIGHT, 0))].sort((a, b) => a - b);
  const half = [...alphas(tinted(128, 0, 0, WIDTH, HEIGHT, 0))].sort((a, b) => a - b);
  // A ground and a stripe.
  expect(full.length).toBe(2);
  expect(full[1]).toBeLessThan(255);
  expect(half.map((alpha, k) => alpha / full[k]!)).toEqual([
    expect.closeTo(128 / 255, 1),
    expect.closeTo(128 / 255, 1),
  ]);
  for (const word of tinted(255, 0, 0, WIDTH, HEIGHT, 0)) expect(word & 0xffffff).toBe(COLOUR);
});

test('a part painted alone has the stripes of the whole', () => {
  const whole = tinted(200, 0, 0, WIDTH, HEIGHT, 11);
  const part = tinted(200, 3, 2, 4, 3, 11 + 3 + 2);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside = x >= 3 && x < 7 && y >= 2 && y < 5;
      expect(part[y * WIDTH + x]).toBe(inside ? whole[y * WIDTH + x] : 0);
    }
  }
});

test('stripes go on evenly left of the picture’s corner', () => {
  const before = tinted(255, 0, 0, WIDTH, 1, -6);
  const after = tinted(255, 0, 0, WIDTH, 1, 0);
  expect(before.slice(0, WIDTH)).toEqual(after.slice(0, WIDTH));
});
