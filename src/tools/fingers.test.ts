import { expect, test } from 'vitest';
import { viewPoint } from '../geometry/spaces.ts';
import { createFingers } from './fingers.ts';

const a = viewPoint(100, 100);
const b = viewPoint(200, 100);

test('two fingers that come and go at once are a tap, and so are three', () => {
  const fingers = createFingers();
  fingers.down(1, a, 0);
  fingers.down(2, b, 40);
  fingers.move(1, viewPoint(103, 98));
  expect(fingers.up(2, 150)).toBe(0);
  expect(fingers.up(1, 180)).toBe(2);
  for (const id of [1, 2, 3]) fingers.down(id, viewPoint(id * 80, 50), 1000);
  expect([1, 2, 3].map((id) => fingers.up(id, 1200))).toEqual([0, 0, 3]);
});

test('one finger, a long touch and a pinch are no taps', () => {
  const fingers = createFingers();
  fingers.down(1, a, 0);
  expect(fingers.up(1, 50)).toBe(0);
  fingers.down(1, a, 1000);
  fingers.down(2, b, 1000);
  fingers.up(1, 1500);
  expect(fingers.up(2, 1500)).toBe(0);
  fingers.down(1, a, 2000);
  fingers.down(2, b, 2000);
  fingers.move(2, viewPoint(230, 100));
  fingers.up(1, 2100);
  expect(fingers.up(2, 2100)).toBe(0);
});

test('the view stays while two fingers may be a tap, then follows without a leap', () => {
  const fingers = createFingers();
  fingers.down(1, a, 0);
  expect(fingers.move(1, viewPoint(101, 100))).toBeNull();
  fingers.down(2, b, 10);
  expect(fingers.move(2, viewPoint(208, 100))).toBeNull();
  expect(fingers.move(2, viewPoint(212, 100))).toEqual({
    before: { a: viewPoint(101, 100), b: viewPoint(208, 100) },
    now: { a: viewPoint(101, 100), b: viewPoint(212, 100) },
  });
});

test('a finger that went unnoticed is none', () => {
  const fingers = createFingers();
  fingers.down(1, a, 0);
  fingers.clear();
  expect(fingers.move(1, b)).toBeNull();
  expect(fingers.up(1, 10)).toBe(0);
  fingers.down(2, a, 20);
  expect(fingers.count()).toBe(1);
});
