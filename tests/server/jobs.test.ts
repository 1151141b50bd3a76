import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { ApiError } from '../../server/errors.ts';
import { createJobs } from '../../server/jobs/jobs.ts';
import type { Shelf } from '../../server/jobs/shelf.ts';
import type { Admission } from '../../server/limits/admission.ts';
import { appOptions, createDouble, file, form, picture, serve, serveUpstream, soon } from './support.ts';

const GENERATIONS = '/v1/images/generations';

function ask(url: string, key: string | null, body: object = {}, signal?: AbortSignal) {
  return fetch(`${url}${GENERATIONS}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
    body: JSON.stringify({ prompt: 'a boat', response_format: 'b64_json', ...body }),
    ...(signal ? { signal } : {}),
  });
}
const pictureOf = async (response: Response) => ((await response.json()) as ImagesReply).data[0]?.b64_json;
const codeOf = async (response: Response) => [response.status, (await response.json()).error.code];

/** A double whose answers wait until they are let go. */
function slowDouble() {
  const double = createDouble();
  const go = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<AbortSignal>();
  double.before = async (signal) => {
    begun.resolve(signal);
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => aborted.reject(signal.reason));
    await Promise.race([go.promise, aborted.promise]);
  };
  return { double, go: go.resolve, begun: begun.promise };
}

test('one key begins one job, whenever its other requests come, and all get the same picture', async () => {
  const { double, go, begun } = slowDouble();
  const { url } = await serve(double);
  const key = randomUUID();
  const early = [ask(url, key), ask(url, key)];
  await begun;
  early.push(ask(url, key));
  go();
  const answers = await Promise.all(early);
  const late = await ask(url, key);
  const pictures = await Promise.all([...answers, late].map(pictureOf));
  expect(new Set(pictures).size).toBe(1);
  expect(pictures[0]).toEqual(expect.any(String));
  expect(double.generated).toHaveLength(1);
  expect(late.headers.get('idempotent-replayed')).toBe('true');
});

test('a key that comes again with another request is refused, whether its job runs or has ended', async () => {
  const { double, go, begun } = slowDouble();
  const { url } = await serve(double);
  const key = randomUUID();
  const first = ask(url, key);
  await begun;
  expect(await codeOf(await ask(url, key, { prompt: 'a ship' }))).toEqual([422, 'idempotency_key_reused']);
  go();
  await first;
  expect(await codeOf(await ask(url, key, { n: 2 }))).toEqual([422, 'idempotency_key_reused']);
  expect(double.generated).toHaveLength(1);
});

test('a key that nobody could send by accident is the only kind taken', async () => {
  const { url } = await serve(createDouble());
  expect(await codeOf(await ask(url, 'two words, and some more'))).toEqual([400, 'invalid_value']);
  expect(await codeOf(await ask(url, 'short'))).toEqual([400, 'invalid_value']);
  expect(await codeOf(await ask(url, 'x'.repeat(129)))).toEqual([400, 'invalid_value']);
});

test('a key of any length that is taken finds its job, and cancels it', async () => {
  const { url } = await serve(createDouble());
  for (const key of ['k'.repeat(16), 'k'.repeat(128)]) {
    expect((await ask(url, key)).status).toBe(200);
    expect((await fetch(`${url}/api/jobs/${key}`)).status).toBe(200);
    expect((await fetch(`${url}/api/jobs/${key}`, { method: 'DELETE' })).status).toBe(204);
  }
});

test('with a key a client that goes away leaves its job running, and asks for the result later', async () => {
  const { double, go, begun } = slowDouble();
  const { url } = await serve(double);
  const key = randomUUID();
  const leaving = new AbortController();
  const first = ask(url, key, {}, leaving.signal).catch(() => 'gone');
  const signal = await begun;
  leaving.abort();
  expect(await first).toBe('gone');
  const running = await fetch(`${url}/api/jobs/${key}`);
  expect([running.status, await running.json()]).toEqual([202, { state: 'running' }]);
  const waiting = fetch(`${url}/api/jobs/${key}?wait=20`);
  go();
  const found = await waiting;
  expect(found.status).toBe(200);
  expect(await pictureOf(found)).toEqual(await pictureOf(await ask(url, key)));
  expect(signal.aborted).toBe(false);
  expect(double.generated).toHaveLength(1);
});

test('without a key nobody could ask for the result, so the work stops with its client', async () => {
  const { double, begun } = slowDouble();
  const { url } = await serve(double);
  const leaving = new AbortController();
  const first = ask(url, null, {}, leaving.signal).catch(() => 'gone');
  const signal = await begun;
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
  leaving.abort();
  await first;
  await soon(stopped, 'the end of the work');
});

test('a job is cancelled by its key, and an unknown key is not found', async () => {
  const { upstream, url } = await serveUpstream();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  upstream.answer = () => resolve();
  const key = randomUUID();
  const first = ask(url, key);
  await soon(arrived, 'the request to the service');
  expect((await fetch(`${url}/api/jobs/${key}`, { method: 'DELETE' })).status).toBe(204);
  await soon(upstream.calls[0]!.hungUp, 'the end of the request to the service');
  const answer = await first;
  expect([answer.status, await answer.json()]).toMatchObject([
    499,
    { error: { code: 'cancelled', maybe_billed: true } },
  ]);
  const unknown = randomUUID();
  expect(await codeOf(await fetch(`${url}/api/jobs/${unknown}`, { method: 'DELETE' }))).toEqual([
    404,
    'not_found',
  ]);
  expect(await codeOf(await fetch(`${url}/api/jobs/${unknown}`))).toEqual([404, 'not_found']);
});

test('a failure that may have been billed answers its key; one that cost nothing lets it try again', async () => {
  const { upstream, url } = await serveUpstream();
  const { answer } = upstream;
  upstream.answer = (_call, response) => void response.writeHead(500).end('broken');
  const billed = randomUUID();
  const once = await (await ask(url, billed)).json();
  expect(once).toMatchObject({ error: { code: 'upstream_error', maybe_billed: true } });
  upstream.answer = answer;
  expect(await (await ask(url, billed)).json()).toEqual(once);
  expect(await (await fetch(`${url}/api/jobs/${billed}`)).json()).toEqual(once);
  expect(upstream.calls).toHaveLength(1);

  upstream.answer = (_call, response) =>
    void response
      .writeHead(429, { 'retry-after': '3' })
      .end('{"error":{"message":"slow down","code":"rate_limit_exceeded"}}');
  const free = randomUUID();
  const refused = await ask(url, free);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
  upstream.answer = answer;
  expect((await ask(url, free)).status).toBe(200);
  expect(upstream.calls).toHaveLength(3);
});

test('admission is asked once per job, settled by what was billed, and released where nothing was sent', async () => {
  const told: unknown[] = [];
  const admission: Admission = {
    admit: async (client, wanted) => {
      told.push([client, wanted]);
      return {
        settle: async (usd) => void told.push(['settled', usd]),
        release: async () => void told.push('released'),
      };
    },
  };
  const { upstream, url } = await serveUpstream({}, { admission });
  const key = randomUUID();
  await ask(url, key, { n: 2 });
  await ask(url, key, { n: 2 });
  upstream.answer = (_call, response) => void response.writeHead(400).end('{"error":{"message":"no"}}');
  await ask(url, null);
  upstream.answer = (_call, response) => void response.writeHead(500).end();
  await ask(url, null);
  await upstream.close();
  await ask(url, null);
  const wanted = { pictures: 1, usd: null, free: false };
  expect(told).toEqual([
    ['127.0.0.1', { ...wanted, pictures: 2 }],
    ['settled', null],
    ['127.0.0.1', wanted],
    ['settled', 0],
    ['127.0.0.1', wanted],
    ['settled', null],
    ['127.0.0.1', wanted],
    'released',
  ]);
});

test('a cancel that overtakes its request keeps it from being sent', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const key = randomUUID();
  expect((await fetch(`${url}/api/jobs/${key}`, { method: 'DELETE' })).status).toBe(404);
  expect(await codeOf(await ask(url, key))).toEqual([499, 'cancelled']);
  expect(double.generated).toHaveLength(0);
});

test('a result that cannot be kept is there for its key all the same, and by URL in the reply', async () => {
  const full = async () => {
    throw new Error('no space left');
  };
  const options = await appOptions(createDouble());
  const shelf: Shelf = {
    ...options.shelf,
    put: (name, ...rest) => (/^(result|file)/.test(name) ? full() : options.shelf.put(name, ...rest)),
  };
  const failures: unknown[] = [];
  const jobs = createJobs({
    ...options,
    shelf,
    observer: options.metrics,
    onKeepingFailed: (error) => failures.push(error),
  });
  const { url } = await serve(createDouble(), { ...options, shelf, jobs });
  const key = randomUUID();
  const first = await pictureOf(await ask(url, key));
  expect(first).toEqual(expect.any(String));
  expect(failures).toHaveLength(1);
  expect(await pictureOf(await ask(url, key))).toBe(first);
  expect(await pictureOf(await fetch(`${url}/api/jobs/${key}`))).toBe(first);
  expect(await pictureOf(await ask(url, null, { response_format: 'url' }))).toEqual(expect.any(String));
});

test('who is not admitted leaves the key free', async () => {
  let full = true;
  const admission: Admission = {
    admit: async () => {
      if (full) throw new ApiError(429, 'too_many_jobs', 'Too many.', { retryAfterMs: 1000 });
      return { settle: async () => {}, release: async () => {} };
    },
  };
  const { url } = await serve(createDouble(), { admission });
  const key = randomUUID();
  expect(await codeOf(await ask(url, key))).toEqual([429, 'too_many_jobs']);
  expect((await fetch(`${url}/api/jobs/${key}`)).status).toBe(404);
  full = false;
  expect((await ask(url, key)).status).toBe(200);
});

test('a picture by URL is there for whoever knows its name, and no other name is', async () => {
  const { url } = await serve(createDouble());
  const reply = await fetch(`${url}/v1/images/variations`, {
    method: 'POST',
    body: form({ image: file(await picture()), response_format: 'url' }),
  });
  const [first] = ((await reply.json()) as ImagesReply).data;
  const found = await fetch(first?.url ?? '');
  expect(found.headers.get('content-type')).toBe('image/png');
  expect((await found.bytes()).length).toBeGreaterThan(50);
  expect((await fetch(`${url}/files/${'a'.repeat(32)}.png`)).status).toBe(404);
  expect((await fetch(`${url}/files/..%2F..%2Fpackage.json`)).status).toBe(404);
});
