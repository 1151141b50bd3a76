import { expect, test } from 'vitest';
import { fillHole } from './fillHole.ts';
import { seedOf } from './random.ts';
import { editTask, isFilledUnder, performTask, variationTask } from './task.ts';
import { varyPicture } from './varyPicture.ts';

const width = 40;
const height = 30;
const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 251));
const picture = { width, height, rgba };
const square = Uint8Array.from({ length: width * height }, (_, i) =>
  i % width < 9 && i < width * 9 ? 1 : 0,
);
const ask = (hole: Uint8Array | null) => editTask(picture, hole, 'sea', 5);
const quiet = { partials: 0, deliver: () => undefined };

test('an edit is a fill, a sketch where nothing is kept, and a variation where no hole is named', () => {
  expect(ask(square)).toEqual({ kind: 'fill', ...picture, hole: square, seed: 5 });
  const everything = new Uint8Array(width * height).fill(1);
  expect(ask(everything)).toEqual({ kind: 'generate', prompt: 'sea', seed: 5, width, height });
  expect(ask(null)).toEqual(variationTask(picture, 5));
});

test('only what a mask keeps wholly is kept', () => {
  expect([0, 1, 254, 255].map(isFilledUnder)).toEqual([true, true, true, false]);
});

test('the results of a request have seeds of their own, and these begin again after the largest', () => {
  expect([seedOf(7, 0), seedOf(7, 2), seedOf(2 ** 32 - 1, 1)]).toEqual([7, 9, 0]);
});

test('each kind of task gives what the engine gives, and words only where there were some', () => {
  expect(performTask(ask(square), quiet)).toEqual({
    width,
    height,
    rgba: fillHole({ ...picture, hole: square, seed: 5 }),
    words: null,
  });
  const varied = varyPicture({ ...picture, seed: 5, strength: 0.6 });
  expect(performTask(ask(null), quiet).rgba).toEqual(varied);
  const sketch = performTask({ kind: 'generate', prompt: 'sea xyzzy', seed: 1, width, height }, quiet);
  expect(sketch.words).toEqual({ used: ['sea'], ignored: ['xyzzy'] });
});

test.each([0, 1, 2, 20])('of the stages at most %i are shown, the first among them', (partials) => {
  const task = { kind: 'generate', prompt: 'a sun over a sea, mountains', seed: 1, width, height } as const;
  const shown: Uint8Array[] = [];
  const drawn = { partials, deliver: (one: Uint8Array) => void shown.push(one) };
  performTask(task, drawn);
  const all: Uint8Array[] = [];
  performTask(task, { partials: 1000, deliver: (one) => void all.push(one) });
  expect(all.length).toBeGreaterThan(2);
  expect(shown.length).toBe(Math.min(partials, all.length));
  if (partials > 0) expect(shown[0]).toEqual(all[0]);
});
