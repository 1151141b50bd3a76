import { expect, test } from 'vitest';
import { createPause } from './pause.ts';
import { sharedWork } from './sharedWork.ts';

function setup() {
  const cache = new Map<string, Promise<number>>();
  const runs: PromiseWithResolvers<number>[] = [];
  /** A caller whose work ends as the test says, or by their abort. */
  function caller() {
    const controller = new AbortController();
    const { signal } = controller;
    const value = sharedWork(cache, 'key', createPause(signal), () => {
      const run = Promise.withResolvers<number>();
      signal.addEventListener('abort', () => run.reject(signal.reason));
      runs.push(run);
      return run.promise;
    });
    return { value, abort: () => controller.abort() };
  }
  return { cache, runs, caller };
}

test('work is done once for all who wait', async () => {
  const { runs, caller } = setup();
  const callers = [caller(), caller(), caller()];
  runs[0]!.resolve(7);
  expect(await Promise.all(callers.map(({ value }) => value))).toEqual([7, 7, 7]);
  expect(runs).toHaveLength(1);
});

test('an abort of who began it is nobody else’s: the next one begins anew, once', async () => {
  const { runs, caller } = setup();
  const [first, second, third] = [caller(), caller(), caller()];
  first.abort();
  await expect(first.value).rejects.toThrow();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]!.resolve(8);
  expect(await Promise.all([second.value, third.value])).toEqual([8, 8]);
  expect(runs).toHaveLength(2);
});

test('who aborts meanwhile begins nothing', async () => {
  const { runs, caller } = setup();
  const [first, second] = [caller(), caller()];
  second.abort();
  first.abort();
  await expect(first.value).rejects.toThrow();
  await expect(second.value).rejects.toThrow();
  expect(runs).toHaveLength(1);
});

test('a failure is everybody’s, and is not kept', async () => {
  const { cache, runs, caller } = setup();
  const [first, second] = [caller(), caller()];
  runs[0]!.reject(new RangeError('no'));
  await expect(first.value).rejects.toThrow('no');
  await expect(second.value).rejects.toThrow('no');
  expect(cache.size).toBe(0);
});
