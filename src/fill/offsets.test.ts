import { expect, test } from 'vitest';
import { evenBands } from './bands.ts';
import { createLevel, type Level, openLevel, setWords } from './level.ts';
import { findLikes } from './likes.ts';
import { createArena, createMemory } from './memory.ts';
import { dominantOffsets } from './offsets.ts';
import type { Picture } from './picture.ts';
import { createRandom } from './random.ts';
import { bestKernels, createSolo } from './team.ts';
import { drawPicture, grain } from './testPictures.ts';

/** A picture that is known everywhere, with its patches classified. */
function levelOf({ width, height, rgba }: Picture): Level {
  const arena = createArena(createMemory(width * height * 100));
  const level = createLevel(arena, width, height, null);
  level.pixels.set(rgba);
  level.state.fill(0);
  setWords(level, { radius: 3 });
  const team = createSolo(bestKernels(level.memory), undefined);
  team.run('classify', level, evenBands(width, height));
  return openLevel(level.memory, level.at);
}

const offsetsOf = (level: Level) => dominantOffsets(level, findLikes(level, createRandom(1)));

test('windows of a facade are found again a whole number of them away', () => {
  const random = createRandom(5);
  const facade = drawPicture(200, 150, (x, y) => {
    const noise = random.below(10);
    const window = x % 25 > 6 && x % 25 < 19 && y % 30 > 7 && y % 30 < 24;
    return window ? [50 + noise, 60, 80 + 4 * (x % 25)] : [170 + noise, 120, 90];
  });
  const offsets = offsetsOf(levelOf(facade));
  expect(offsets.length).toBeGreaterThan(4);
  const whole = offsets
    .slice(0, 4)
    .filter(({ x, y }) => Math.abs(x % 25) % 24 <= 1 && Math.abs(y % 30) % 29 <= 1);
  expect(whole).toHaveLength(4);
});

test('no offset leads next door, and where there is one patch there is none', () => {
  const offsets = offsetsOf(levelOf(grain(120, 90)));
  expect(offsets.length).toBeGreaterThan(0);
  for (const { x, y } of offsets) expect(Math.hypot(x, y)).toBeGreaterThan(120 / 15 - 2);
  expect(offsetsOf(levelOf(grain(7, 7)))).toEqual([]);
});
