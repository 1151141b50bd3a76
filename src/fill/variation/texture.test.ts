import { expect, test } from 'vitest';
import type { Picture } from '../picture.ts';
import { createRandom } from '../random.ts';
import { drawPicture, grain } from '../testPictures.ts';
import { mapTexture, repeats } from './texture.ts';

const SIZE = 160;

/** A table of random values 0..1, read at any place; it comes round after `period`. */
function noise(period = 512) {
  const random = createRandom(7);
  const values = Float32Array.from({ length: period * period }, () => random.unit());
  return (x: number, y: number) => values[(y % period) * period + (x % period)]!;
}

const mapOf = (picture: Picture) =>
  mapTexture({ ...picture, hole: new Uint8Array(picture.width * picture.height) });

/** Share of cells that are stochastic, of those whose centre is where `inside` says. */
function share(picture: Picture, inside: (x: number, y: number) => boolean = () => true): number {
  const { columns, rows, side, stochastic } = mapOf(picture);
  let all = 0;
  let marked = 0;
  for (let cell = 0; cell < columns * rows; cell++) {
    if (!inside(((cell % columns) + 0.5) * side, (((cell / columns) | 0) + 0.5) * side)) continue;
    all++;
    marked += stochastic[cell]!;
  }
  return marked / all;
}

const grey = (paint: (x: number, y: number) => number, size = SIZE) =>
  drawPicture(size, size, (x, y) => {
    const value = paint(x, y);
    return [value, value, value];
  });

test('grain is stochastic, whatever its size', () => {
  expect(share(grain(SIZE, SIZE))).toBe(1);
  expect(share(grain(1100, 700))).toBe(1);
  expect(share(grain(39, 7))).toBeNaN();
});

// Each of these is grain in all respects but one.

test('streaks are not: they have a direction', () => {
  const at = noise();
  const streaks = grey((x, y) => 80 + 15 * [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + at(x, y + i), 0));
  expect(share(streaks)).toBe(0);
});

test('a weave is not: it has two directions at right angles', () => {
  const at = noise();
  const level = (x: number, y: number) => ((x >> 3) + (y >> 3)) % 2 === 0;
  const weave = grey((x, y) => 80 + 80 * (level(x, y) ? at(x >> 3, y) : at(x, 200 + (y >> 3))));
  expect(share(weave)).toBe(0);
});

test('specks on plain ground are not: nearly all of it is plain', () => {
  const at = noise();
  expect(share(grey((x, y) => (at(x >> 1, y >> 1) > 0.93 ? 180 : 90)))).toBe(0);
});

test('nothing to be seen is not', () => {
  const at = noise();
  expect(share(grey((x, y) => 120 + 4 * at(x, y)))).toBe(0);
});

test('where lively grain meets quiet grain is not, away from there both are', () => {
  const at = noise();
  const picture = grey((x, y) => 120 + (x < SIZE / 2 ? 20 : 80) * (at(x, y) - 0.5));
  expect(share(picture, (x) => Math.abs(x - SIZE / 2) < 8)).toBe(0);
  expect(share(picture, (x) => Math.abs(x - SIZE / 2) > 32)).toBe(1);
});

test('where one colour meets another of the same luma is not, away from there both are', () => {
  const at = noise();
  const picture = drawPicture(SIZE, SIZE, (x, y) => {
    const value = 110 + 30 * at(x, y);
    return x < SIZE / 2 ? [value + 70, value - 35.65, value] : [value - 70, value + 35.65, value];
  });
  expect(share(picture, (x) => Math.abs(x - SIZE / 2) < 8)).toBe(0);
  expect(share(picture, (x) => Math.abs(x - SIZE / 2) > 32)).toBe(1);
});

test('never where a pixel is hole or not opaque', () => {
  const picture = grain(SIZE, SIZE);
  const hole = new Uint8Array(SIZE * SIZE);
  hole[20 * SIZE + 20] = 1;
  picture.rgba[(100 * SIZE + 60) * 4 + 3] = 254;
  const { stochastic, columns } = mapTexture({ ...picture, hole });
  expect(stochastic[2 * columns + 2]).toBe(0);
  expect(stochastic[12 * columns + 7]).toBe(0);
});

test('grain that comes back every 13 px is a pattern, grain that does not is none', () => {
  const [once, often] = [noise(), noise(13)];
  const cells = Array.from({ length: 64 }, (_, i) => 20 * (4 + (i >> 3)) + 4 + (i & 7));
  expect(repeats(mapOf(grey((x, y) => 80 + 80 * once(x, y))), cells)).toBe(false);
  expect(repeats(mapOf(grey((x, y) => 80 + 80 * often(x, y))), cells)).toBe(true);
});
