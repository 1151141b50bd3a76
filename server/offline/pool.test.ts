import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { fillHole } from '../../src/fill/fillHole.ts';
import { createRandom } from '../../src/fill/random.ts';
import type { Task } from '../../src/fill/task.ts';
import { createPool } from './pool.ts';

const pool = createPool({ threads: 2 });
afterAll(() => pool.close());

const sketch = (seed: number, side = 32): Task => ({
  kind: 'generate',
  prompt: 'sea',
  seed,
  width: side,
  height: side,
});
/** More than half a minute of work. */
const endless: Task = sketch(1, 8000);
const never = new AbortController().signal;

test('a task comes back with its pixels', async () => {
  const result = await pool.run(never, sketch(1));
  expect(result.rgba.length).toBe(32 * 32 * 4);
  expect(result.words).toEqual({ used: ['sea'], ignored: [] });
});

test('an aborted task rejects with the reason at once and its thread is free again', async () => {
  const aborts = [new AbortController(), new AbortController()];
  const running = aborts.map(({ signal }) => pool.run(signal, endless));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const reason = new Error('changed my mind');
  for (const abort of aborts) abort.abort(reason);
  for (const task of running) await expect(task).rejects.toBe(reason);
  // Both threads were taken: this one only runs because they stopped.
  await expect(pool.run(never, sketch(2))).resolves.toBeDefined();
});

test('a signal that was aborted before starts nothing', async () => {
  await expect(pool.run(AbortSignal.abort('gone'), endless)).rejects.toBe('gone');
});

test('the queue is bounded, and a waiting task that is aborted leaves it', async () => {
  const small = createPool({ threads: 1, queueLimit: 2 });
  const abort = new AbortController();
  const taken = Array.from({ length: 3 }, () => small.run(abort.signal, endless));
  await expect(small.run(never, sketch(1))).rejects.toMatchObject({
    status: 503,
    code: 'server_is_overloaded',
  });
  abort.abort();
  for (const task of taken) await expect(task).rejects.toMatchObject({ name: 'AbortError' });
  await expect(small.run(never, sketch(3))).resolves.toBeDefined();
  await small.close();
});

test('a task that fails rejects with our error, and the pool lives on', async () => {
  await expect(pool.run(never, { ...sketch(1), width: -5 })).rejects.toMatchObject({
    status: 500,
    code: 'internal_error',
  });
  await expect(pool.run(never, sketch(4))).resolves.toBeDefined();
});

test('closing ends what runs and what waits, and nothing starts afterwards', async () => {
  const short = createPool({ threads: 1 });
  const tasks = [short.run(never, endless), short.run(never, endless)];
  const settled = Promise.allSettled(tasks);
  await short.close();
  for (const outcome of await settled) expect(outcome.status).toBe('rejected');
  await expect(short.run(never, sketch(1))).rejects.toMatchObject({ status: 503 });
});

/** Something to fill, in memory that all threads see. */
function holed(side: number): Extract<Task, { kind: 'fill' }> {
  const random = createRandom(3);
  const rgba = new Uint8Array(new SharedArrayBuffer(side * side * 4));
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 255 : ((i >> 5) & 127) + random.below(60);
  const hole = new Uint8Array(new SharedArrayBuffer(side * side));
  for (let y = side >> 2; y < side - (side >> 2); y++)
    hole.fill(1, y * side + (side >> 2), y * side + (side >> 1));
  return { kind: 'fill', width: side, height: side, rgba, hole, seed: 5 };
}

/** Large arrays are compared by their hashes: a difference is told, not printed. */
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a fill is the same to the byte by one thread, by several, and without a pool', async () => {
  const task = holed(500);
  const alone = createPool({ threads: 1 });
  const many = createPool({ threads: 3 });
  const [one, three] = await Promise.all([alone.run(never, task), many.run(never, task)]);
  expect(hashOf(one.rgba)).toBe(hashOf(fillHole(task)));
  expect(hashOf(three.rgba)).toBe(hashOf(one.rgba));
  await Promise.all([alone.close(), many.close()]);
});

test('threads that help leave when another task waits, and all tasks come out right', async () => {
  const task = holed(500);
  const first = pool.run(never, task);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const others = [1, 2, 3].map((seed) => pool.run(never, { ...task, seed }));
  const results = await Promise.all([first, ...others]);
  expect(hashOf(results[0]!.rgba)).toBe(hashOf(fillHole(task)));
  expect(hashOf(results[3]!.rgba)).toBe(hashOf(fillHole({ ...task, seed: 3 })));
});

test('a large fill with helpers stops when it is cancelled, long before it would end', async () => {
  const both = createPool({ threads: 2 });
  const abort = new AbortController();
  const large = both.run(abort.signal, holed(3400)).then(() => 'finished');
  await new Promise((resolve) => setTimeout(resolve, 1200));
  abort.abort('enough');
  await expect(large).rejects.toBe('enough');
  const start = performance.now();
  // Both threads have to be free for that.
  await Promise.all([both.run(never, sketch(1)), both.run(never, sketch(2))]);
  expect(performance.now() - start).toBeLessThan(2000);
  await both.close();
});

test('a fill that has to begin anew with the whole picture leaves no thread behind', async () => {
  const both = createPool({ threads: 2 });
  const side = 1000;
  const rgba = new Uint8Array(new SharedArrayBuffer(side * side * 4));
  const hole = new Uint8Array(new SharedArrayBuffer(side * side));
  // All that is known lies farther from the hole than it looks at first.
  for (let y = 0; y < 200; y++) {
    hole.fill(1, y * side, y * side + 200);
    rgba.fill(99, ((side - 1 - y) * side + side - 200) * 4, (side - y) * side * 4);
  }
  const filled = await both.run(never, { kind: 'fill', width: side, height: side, rgba, hole, seed: 1 });
  expect(filled.rgba[0]).toBe(99);
  const abort = new AbortController();
  const long = both.run(abort.signal, endless).catch(() => 'stopped');
  // Only runs beside the other when both threads came back.
  await expect(both.run(never, sketch(1))).resolves.toBeDefined();
  abort.abort();
  expect(await long).toBe('stopped');
  await both.close();
});
