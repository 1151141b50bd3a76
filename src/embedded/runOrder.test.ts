import { expect, test } from 'vitest';
import type { Order, Report } from './protocol.ts';
import { type OrderWorker, runOrder } from './runOrder.ts';

const order: Order = { ask: { kind: 'generate', prompt: 'sea', width: 8, height: 8 }, seed: 1, partials: 1 };

function begin(signal = new AbortController().signal) {
  const calls: unknown[] = [];
  const told: Report[] = [];
  const worker: OrderWorker = {
    onmessage: null,
    onmessageerror: null,
    onerror: null,
    postMessage: (message: unknown) => void calls.push(message),
    terminate: () => void calls.push('end'),
  };
  const done = runOrder(signal, worker, order, (report) => void told.push(report));
  const say = (data: Report) => worker.onmessage!.call(worker as Worker, { data } as MessageEvent);
  return { worker, calls, told, done, say };
}

const picture = new Blob(['picture']);

test('a worker gets one order, is heard to its end, and is ended', async () => {
  const { calls, told, done, say } = begin();
  const reports: Report[] = [
    { kind: 'progress', share: 0.5 },
    { kind: 'partial', picture },
  ];
  for (const report of reports) say(report);
  expect(calls).toEqual([order]);
  say({ kind: 'done', picture, words: null });
  expect(await done).toEqual({ kind: 'done', picture, words: null });
  expect(told).toEqual(reports);
  expect(calls).toEqual([order, 'end']);
});

test('an abort ends the worker at once; one from before gives it no order', async () => {
  const abort = new AbortController();
  const running = begin(abort.signal);
  abort.abort('enough');
  await expect(running.done).rejects.toBe('enough');
  expect(running.calls).toEqual([order, 'end']);
  const late = begin(abort.signal);
  await expect(late.done).rejects.toBe('enough');
  expect(late.calls).toEqual(['end']);
});

test('a worker that fails, dies or can not be understood is an error with a code, and is ended', async () => {
  const failing = begin();
  failing.say({ kind: 'failed', code: 'invalid_image_file', message: 'truncated' });
  await expect(failing.done).rejects.toMatchObject({ code: 'invalid_image_file', message: 'truncated' });
  expect(failing.calls.at(-1)).toBe('end');
  const dying = begin();
  dying.worker.onerror!.call(dying.worker as Worker, {} as ErrorEvent);
  await expect(dying.done).rejects.toMatchObject({ code: 'internal_error' });
  expect(dying.calls.at(-1)).toBe('end');
  const muddled = begin();
  muddled.worker.onmessageerror!.call(muddled.worker as Worker, {} as MessageEvent);
  await expect(muddled.done).rejects.toMatchObject({ code: 'internal_error' });
});
