import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { StreamEvent } from '../../server/contract.ts';
import { ApiError } from '../../server/errors.ts';
import type { PartialPicture } from '../../server/providers/provider.ts';
import { createDouble, picture, serve, soon } from './support.ts';

/** A double that streams what a test hands it. */
async function streaming() {
  const double = createDouble();
  const { generate } = double;
  const handed = Promise.withResolvers<(partial: PartialPicture) => void>();
  const go = Promise.withResolvers<void>();
  double.before = () => go.promise;
  double.generate = (signal, request, progress) => {
    handed.resolve((partial) => progress.partials?.onPartial(partial));
    return generate(signal, request, progress);
  };
  const { url } = await serve(double);
  return { double, url, partial: handed.promise, go };
}

const ask = (url: string, headers: Record<string, string> = {}, body: object = {}) =>
  fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ prompt: 'a boat', stream: true, partial_images: 2, ...body }),
  });

const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('event:'))
    .map((block) => {
      const [name = '', data = ''] = block.split('\n');
      const event = JSON.parse(data.slice('data: '.length)) as StreamEvent;
      expect(name).toBe(`event: ${event.type}`);
      return event;
    });

test('the headers leave at once and tell proxies to hold nothing back', async () => {
  const { url, go } = await streaming();
  const response = await soon(ask(url), 'the headers');
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('cache-control')).toContain('no-transform');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  go.resolve();
  expect(eventsOf(await response.text()).map(({ type }) => type)).toEqual(['image_generation.completed']);
});

test('who comes later under the same key sees the newest unfinished picture and the same end', async () => {
  const { double, url, partial, go } = await streaming();
  const headers = { 'idempotency-key': randomUUID() };
  const first = ask(url, headers);
  const hand = await partial;
  const data = await picture(16, 16);
  hand({ index: 0, data, mime: 'image/png' });
  const second = await ask(url, headers);
  hand({ index: 1, data, mime: 'image/png' });
  go.resolve();
  for (const response of [await first, second]) {
    const events = eventsOf(await response.text());
    expect(events.map(({ type }) => type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    expect(events[1]).toMatchObject({ partial_image_index: 1, size: '16x16', output_format: 'png' });
  }
  expect(double.generated).toHaveLength(1);
});

test('what fails while it runs is the one last event, with the status and the wait', async () => {
  const { url, go } = await streaming();
  const response = await ask(url);
  go.reject(new ApiError(429, 'rate_limit_exceeded', 'Slow down.', { retryAfterMs: 1500 }));
  const events = eventsOf(await response.text());
  expect(response.status).toBe(200);
  expect(events).toEqual([
    {
      type: 'error',
      status: 429,
      retry_after_ms: 1500,
      error: expect.objectContaining({ code: 'rate_limit_exceeded', message: 'Slow down.' }),
    },
  ]);
});

test('what is wrong with the request is an ordinary error, whether it asks for a stream or not', async () => {
  const { url } = await streaming();
  const response = await ask(url, {}, { partial_images: 9 });
  expect(response.status).toBe(400);
  expect((await response.json()).error.param).toBe('partial_images');
});

test('a stream that has nothing to say pings, so that no proxy takes it for dead', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { url, go } = await streaming();
  const response = await soon(ask(url), 'the headers');
  vi.advanceTimersByTime(30_000);
  go.resolve();
  const told = await response.text();
  expect(told.match(/^: ping$/gm)).toHaveLength(2);
  expect(eventsOf(told)).toHaveLength(1);
});

test('who reads slowly misses unfinished pictures, and nothing piles up for them; the end is there', async () => {
  const { url, partial, go } = await streaming();
  const posted = request(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  posted.end('{"prompt":"a boat","stream":true,"partial_images":3}');
  const [[response], hand] = await Promise.all([
    once(posted, 'response') as Promise<[IncomingMessage]>,
    partial,
  ]);
  // More than the sockets between them hold.
  const handed = 60;
  for (let i = 0; i < handed; i++) {
    hand({ index: i, data: Buffer.alloc(1_000_000, i), mime: 'image/png' });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  go.resolve();
  const types = eventsOf(await text(response)).map(({ type }) => type);
  expect(types.length).toBeGreaterThan(1);
  expect(types.length).toBeLessThan(handed / 2);
  expect(types.at(-1)).toBe('image_generation.completed');
  expect(types.filter((type) => type === 'image_generation.completed')).toHaveLength(1);
});

test.each([
  ['without a key the work stops', false],
  ['with a key it goes on', true],
])('a client that leaves in the middle of a stream: %s', async (_what, keyed) => {
  const double = createDouble();
  const begun = Promise.withResolvers<AbortSignal>();
  const go = Promise.withResolvers<void>();
  double.before = (signal) => {
    begun.resolve(signal);
    return go.promise;
  };
  const { url } = await serve(double);
  const key = randomUUID();
  const posted = request(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(keyed ? { 'idempotency-key': key } : {}) },
  });
  posted.on('error', () => {});
  posted.end('{"prompt":"a boat","stream":true}');
  const signal = await begun.promise;
  const [response] = (await once(posted, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  posted.destroy();
  if (keyed) {
    const waiting = fetch(`${url}/api/jobs/${key}?wait=20`);
    go.resolve();
    expect((await waiting).status).toBe(200);
    expect(signal.aborted).toBe(false);
  } else {
    await vi.waitFor(() => expect(signal.aborted).toBe(true), { timeout: 5000 });
    go.resolve();
  }
});
