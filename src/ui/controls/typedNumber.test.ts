import { expect, test } from 'vitest';
import { settledNumber, typedNumber } from './typedNumber.ts';

test('while it is typed only what is within the limits counts', () => {
  expect(typedNumber('60', 1, 1000)).toBe(60);
  expect(typedNumber('12.6', 1, 1000)).toBe(13);
  for (const text of ['', ' ', '-', '0', '1001', '1e9', 'abc']) expect(typedNumber(text, 1, 1000)).toBeNull();
});

test('what is left is brought within the limits', () => {
  expect(settledNumber('1001', 1, 1000, 60)).toBe(1000);
  expect(settledNumber('15', 1, 10, 2)).toBe(10);
  expect(settledNumber('0', 1, 10, 2)).toBe(1);
  expect(settledNumber('-5', 0, 100, 2)).toBe(0);
  expect(settledNumber('', 1, 1000, 60)).toBe(60);
  expect(settledNumber('abc', 1, 1000, 60)).toBe(60);
});
