import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function works() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<number>>();
  const work = (k: number) => () => {
    begun.push(k);
    const end = Promise.withResolvers<number>();
    ends.set(k, end);
    return end.promise;
  };
  return { begun, ends, work };
}

const later = () => new Promise((resolve) => setTimeout(resolve));

test('no more than there are places run at once, and the others follow in their order', async () => {
  const inPlace = createPlaces(2);
  const { begun, ends, work } = works();
  const done = [0, 1, 2, 3].map((k) => inPlace(never, work(k)));
  await later();
  expect(begun).toEqual([0, 1]);
  ends.get(1)!.resolve(1);
  await later();
  expect(begun).toEqual([0, 1, 2]);
  ends.get(0)!.reject(new Error('no'));
  await expect(done[0]).rejects.toThrow('no');
  await later();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const k of [2, 3]) ends.get(k)!.resolve(k);
  expect(await Promise.all(done.slice(1))).toEqual([1, 2, 3]);
});

test('what is aborted while it waits is never begun, and takes no place', async () => {
  const inPlace = createPlaces(1);
  const { begun, ends, work } = works();
  const abort = new AbortController();
  const first = inPlace(never, work(0));
  const second = inPlace(abort.signal, work(1));
  const third = inPlace(never, work(2));
  abort.abort('enough');
  await expect(second).rejects.toBe('enough');
  await expect(inPlace(abort.signal, work(3))).rejects.toBe('enough');
  ends.get(0)!.resolve(0);
  await first;
  await later();
  expect(begun).toEqual([0, 2]);
  ends.get(2)!.resolve(2);
  expect(await third).toBe(2);
  // All places are free: the next begins at once.
  void inPlace(never, work(4));
  await later();
  expect(begun).toEqual([0, 2, 4]);
});
