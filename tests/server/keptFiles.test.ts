import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeptFiles } from '../../server/jobs/keptFiles.ts';

const bytes = (length: number) => ({ data: new Uint8Array(length), mime: 'image/png' }) as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a file can be read until it expires', () => {
  const files = createKeptFiles(100, 1000);
  const [name = ''] = files.keep([bytes(10)]);
  vi.advanceTimersByTime(999);
  expect(files.get(name)?.data).toHaveLength(10);
  vi.advanceTimersByTime(1);
  expect(files.get(name)).toBeNull();
});

test('the oldest make room for the newest, and those of one call stay together', () => {
  const files = createKeptFiles(100, 1000);
  const [first = '', second = ''] = files.keep([bytes(40), bytes(40)]);
  const [third = ''] = files.keep([bytes(50)]);
  expect([files.get(first), files.get(second)?.data.length, files.get(third)?.data.length]).toEqual([
    null,
    40,
    50,
  ]);
  const large = files.keep([bytes(90), bytes(90)]);
  expect(large.map((name) => files.get(name)?.data.length)).toEqual([90, 90]);
  expect(files.get(third)).toBeNull();
});

test('names differ and cannot be counted up', () => {
  const files = createKeptFiles(1e6, 1000);
  const names = files.keep(Array.from({ length: 50 }, () => bytes(1)));
  expect(new Set(names).size).toBe(50);
  for (const name of names) expect(name).toMatch(/^[\w-]{32}\.png$/);
  files.clear();
  expect(names.map((name) => files.get(name))).toEqual(names.map(() => null));
  expect(vi.getTimerCount()).toBe(0);
});
