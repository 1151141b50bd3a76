import { describe, expect, test } from 'vitest';
import { fillHole } from './fillHole.ts';
import { createLevel, HOLE, KNOWN, type Level, VOID } from './level.ts';
import type { Likes } from './likes.ts';
import { createArena, createMemory } from './memory.ts';
import { createRandom } from './random.ts';
import { soleness } from './soleness.ts';
import { drawPicture } from './testPictures.ts';

function levelOf(width: number, height: number, stateAt: (x: number, y: number) => number): Level {
  const level = createLevel(createArena(createMemory(width * height * 100)), width, height, null);
  for (let at = 0; at < width * height; at++) level.state[at] = stateAt(at % width, Math.floor(at / width));
  return { ...level, radius: 3 };
}

/** Patches 10 px apart: one near (5, 5) differs from its like by 40 levels, the others by 4, and the last met none. */
const places = Array.from({ length: 36 }, (_, i) => [5 + (i % 6) * 10, 5 + Math.floor(i / 6) * 10] as const);
const squared = (levels: number) => levels ** 2 * 49 * 4;
const likes: Likes = {
  xs: places.map(([x]) => x),
  ys: places.map(([, y]) => y),
  likes: new Int32Array(36),
  differences: Float64Array.from(places, (_, i) =>
    i === 0 ? squared(40) : i === 35 ? Infinity : squared(4),
  ),
};
const pixel = (x: number, y: number) => y * 64 + x;

test('what has no like is sole, by more than half of what it differs more than the mean; nothing else is', () => {
  const sole = soleness(
    levelOf(64, 64, (x) => (x < 60 ? KNOWN : HOLE)),
    likes,
  );
  expect(sole[pixel(5, 5)]!).toBeGreaterThan(3);
  expect(sole[pixel(5, 5)]!).toBeLessThan(0.58 * (40 - 4));
  for (const at of [pixel(45, 5), pixel(5, 45), pixel(55, 55), pixel(62, 5)]) expect(sole[at]).toBe(0);
});

describe('only what is extended', () => {
  test.each([
    ['right', (x: number) => x > 55],
    ['left', (x: number) => x < 1],
    ['up', (_: number, y: number) => y < 1],
    ['down', (_: number, y: number) => y > 50],
  ])('has a whole side open: %s', (_, isHole) => {
    const sole = soleness(
      levelOf(64, 64, (x, y) => (isHole(x, y) ? HOLE : KNOWN)),
      likes,
    );
    expect(Math.max(...sole)).toBeGreaterThan(3);
  });

  test.each([
    ['a hole at a border', (x: number, y: number) => (x > 50 && y > 0 ? HOLE : KNOWN)],
    ['a border that nobody sees', (x: number) => (x > 60 ? VOID : x > 50 ? HOLE : KNOWN)],
  ])('and not %s', (_, stateAt) => {
    expect(Math.max(...soleness(levelOf(64, 64, stateAt), likes))).toBe(0);
  });
});

test.each([
  [
    'wide enough to be like itself',
    { width: 240, height: 160, known: 180, x: 148, y: 90, radius: 12, most: 0 },
  ],
  // Without the mend of its lone patches each extension shows more than 15,000 px of it.
  [
    'whose patches meet none but each other',
    { width: 1000, height: 340, known: 340, x: 310, y: 170, radius: 26, most: 200 },
  ],
])(
  'a thing near the border, %s, is not shown again beyond it',
  (_, { width, height, known, x: atX, y: atY, radius, most }) => {
    const random = createRandom(3);
    // A ball on a calm lawn.
    const isBall = (x: number, y: number) => (x - atX) ** 2 + (y - atY) ** 2 < radius ** 2;
    const picture = drawPicture(width, height, (x, y) => {
      const blade = random.below(8);
      return isBall(x, y) ? [200 + blade, 30, 30] : [40 + blade, 110 + blade, 30];
    });
    const hole = Uint8Array.from({ length: width * height }, (_, at) => (at % width < known ? 0 : 1));
    for (let seed = 0; seed < 4; seed++) {
      const filled = fillHole({ ...picture, hole, seed });
      const isRed = (value: number, at: number) => value === 1 && filled[at * 4]! > filled[at * 4 + 1]!;
      expect(hole.filter(isRed).length, `seed ${seed}`).toBeLessThanOrEqual(most);
    }
  },
);
