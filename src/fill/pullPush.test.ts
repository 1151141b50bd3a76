import { expect, test } from 'vitest';
import { createLevel, HOLE, KNOWN, type Level, VOID } from './level.ts';
import { createArena, createMemory } from './memory.ts';
import { smoothOver } from './pullPush.ts';

const [width, height] = [61, 43];
const inHole = (x: number, y: number) => x > 20 && x < 41 && y > 12 && y < 31;

function levelOf(
  colourAt: (x: number, y: number) => number,
  stateAt = (_x: number, _y: number) => KNOWN,
): Level {
  const level = createLevel(createArena(createMemory(width * height * 100)), width, height, null);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      level.state[at] = inHole(x, y) ? HOLE : stateAt(x, y);
      // What a hole or void shows is not to be seen again.
      const colour = level.state[at] === KNOWN ? colourAt(x, y) : 255;
      level.pixels.set([colour, 200 - colour, 50, 77], at * 4);
    }
  return level;
}

test('one colour goes on, whatever the hole and the void held, and nothing else is touched', () => {
  const level = levelOf(
    () => 90,
    (x) => (x > 50 ? VOID : KNOWN),
  );
  const { pixels } = smoothOver(level);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const expected = inHole(x, y) ? [90, 110, 50, 77] : [...level.pixels.subarray(at * 4, at * 4 + 4)];
    expect([...pixels.subarray(at * 4, at * 4 + 4)], `${x}, ${y}`).toEqual(expected);
  }
});

test('a slope rises across the hole without a step', () => {
  const { pixels } = smoothOver(levelOf((x) => 20 + 3 * x));
  const red = (x: number) => pixels[(20 * width + x) * 4]!;
  let last = red(20);
  for (let x = 21; x <= 41; x++) {
    expect(red(x) - last, `${x}`).toBeGreaterThanOrEqual(0);
    expect(red(x) - last, `${x}`).toBeLessThan(20);
    last = red(x);
  }
  expect(red(30)).toBeGreaterThan(20 + 3 * 30 - 20);
  expect(red(30)).toBeLessThan(20 + 3 * 30 + 20);
});

test('one known pixel is enough', () => {
  const level = levelOf(() => 90);
  level.state.fill(HOLE);
  level.state[5] = KNOWN;
  const { pixels } = smoothOver(level);
  expect(pixels.filter((value, i) => i % 4 === 0 && value !== 90)).toHaveLength(0);
});
