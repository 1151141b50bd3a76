import { expect, test } from 'vitest';
import { generatePicture } from './generatePicture.ts';

const sketch = (prompt: string, seed = 1, width = 96, height = 96) =>
  generatePicture({ prompt, width, height, seed });

/** Mean colour of the rows from `top` to `bottom`, given as shares of the height. */
function mean(rgba: Uint8Array, width: number, top: number, bottom: number): [number, number, number] {
  const rows = rgba.length / 4 / width;
  const from = Math.floor(rows * top) * width;
  const to = Math.floor(rows * bottom) * width;
  const sum: [number, number, number] = [0, 0, 0];
  for (let pixel = from; pixel < to; pixel++) {
    for (const channel of [0, 1, 2] as const) sum[channel] += rgba[pixel * 4 + channel]! / (to - from);
  }
  return sum;
}

test('the same prompt and seed give the same bytes; another seed or prompt does not', () => {
  const first = sketch('mountains and a lake').rgba;
  expect(sketch('mountains and a lake').rgba).toEqual(first);
  expect(sketch('mountains and a lake', 2).rgba).not.toEqual(first);
  expect(sketch('mountains and a river').rgba).not.toEqual(first);
});

test('opaque, of the size asked for, and not a flat field', () => {
  const { rgba } = sketch('', 3, 70, 33);
  expect(rgba.length).toBe(70 * 33 * 4);
  expect(rgba.every((value, byte) => byte % 4 !== 3 || value === 255)).toBe(true);
  expect(new Set(rgba).size).toBeGreaterThan(30);
});

test.each(['red sky over a green field', '초록 들판 위의 붉은 하늘'])(
  '%s: a colour goes to its noun',
  (prompt) => {
    const { rgba } = sketch(prompt);
    const sky = mean(rgba, 96, 0.05, 0.3);
    const field = mean(rgba, 96, 0.85, 1);
    expect(sky[0]).toBeGreaterThan(sky[1] + 25);
    expect(sky[0]).toBeGreaterThan(sky[2] + 25);
    expect(field[1]).toBeGreaterThan(field[0]);
    expect(field[1]).toBeGreaterThan(field[2]);
  },
);

test('night is darker than day', () => {
  const night = mean(sketch('night sea').rgba, 96, 0, 1);
  const day = mean(sketch('sunny day, sea').rgba, 96, 0, 1);
  expect(night[1] * 2).toBeLessThan(day[1]);
});

test('the abstract field takes the colours that were said', () => {
  const [red, green, blue] = mean(sketch('abstract blue').rgba, 96, 0, 1);
  expect(blue).toBeGreaterThan(red);
  expect(blue).toBeGreaterThan(green);
});

test('pencil and monochrome drawings have no colour', () => {
  for (const prompt of ['pencil sketch of a forest', '흑백 도시']) {
    const [red, , blue] = mean(sketch(prompt).rgba, 96, 0, 1);
    expect(Math.abs(red - blue)).toBeLessThan(8);
  }
});

const EVERY_THING =
  'sky sun moon stars clouds aurora mountains hills forest city desert field flowers water beach snow fog';
test.each([...EVERY_THING.split(' '), EVERY_THING, 'watercolour', 'minimal', 'dawn', 'storm'])(
  '%s can be painted at any size',
  (prompt) => {
    for (const [width, height] of [
      [16, 16],
      [90, 20],
      [1, 40],
    ] as const) {
      const { rgba, ignored } = sketch(prompt, 5, width, height);
      expect(rgba.length).toBe(width * height * 4);
      expect(ignored).toEqual([]);
    }
  },
);

test('an aborted signal stops the painting', () => {
  const signal = {
    aborted: true,
    throwIfAborted() {
      throw new Error('enough');
    },
  };
  const request = { prompt: 'sea', width: 64, height: 64, seed: 1 };
  expect(() => generatePicture(request, { signal })).toThrow('enough');
});
