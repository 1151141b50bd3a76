import { expect, test } from 'vitest';
import { retryAfterMs } from './apiError.ts';

const now = Date.parse('2026-11-23T00:00:00Z');

test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['2', 2000],
  ['0.5', 500],
  ['-3', 0],
  ['Mon, 23 Nov 2026 00:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 00:00:30 GMT', 0],
])('retry-after %j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
