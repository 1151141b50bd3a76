import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hasRedis, startRedis } from '../redis.ts';
import { startServer } from './serverProcess.ts';
import { fakeUpstream, soon } from './support.ts';

test('it says where it listens and which engine answers, and ends when asked', async () => {
  const { child, ended, listening, output } = await startServer();
  const url = await listening;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(output()).toContain('engine: embedded');
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
  child.kill('SIGTERM');
  expect(await soon(ended, 'the end')).toBe(0);
});

test('with a key it names OpenAI and the model, never the key', async () => {
  const { listening, output } = await startServer({
    OPENAI_API_KEY: 'sk-test-123456',
    IMAGE_MODEL: 'gpt-image-2',
  });
  const url = await listening;
  expect(output()).toContain('engine: OpenAI, model gpt-image-2');
  expect(output()).not.toContain('sk-test');
  expect(await (await fetch(`${url}/api/capabilities`)).json()).toMatchObject({
    services: [{ id: 'openai', kind: 'openai', host: null }],
    defaultModel: 'gpt-image-2',
  });
});

test('a port that is taken is said, and the process ends', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const { ended, output } = await startServer({ PORT: String(port) });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
});

test('settings that cannot be used are said, and nothing is opened', async () => {
  const { ended, output } = await startServer({ OPENAI_API_KEY: 'sk-test-123456', HOST: '0.0.0.0' });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain('ALLOW_PUBLIC');
  expect(output()).not.toContain('sk-test');
});

test('whether it asks for a passcode is said, and the token is not', async () => {
  const { listening, output } = await startServer({ ACCESS_TOKEN: 'a-token-of-enough-letters' });
  const url = await listening;
  expect(output()).toContain('access: by ACCESS_TOKEN');
  expect(output()).not.toContain('a-token-of-enough-letters');
  expect((await fetch(`${url}/api/capabilities`)).status).toBe(401);
});

const generate = (url: string) =>
  fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"prompt":"x","response_format":"b64_json"}',
  });

/** A server whose service has taken one request and answers it only when it is told to. */
async function busy(env: Record<string, string>) {
  const upstream = await fakeUpstream();
  const { answer } = upstream;
  const taken = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  upstream.answer = async (call, response) => {
    taken.resolve();
    await go.promise;
    await answer(call, response);
  };
  const server = await startServer({ OPENAI_BASE_URL: `${upstream.url}/v1`, ...env });
  const url = await server.listening;
  const reply = generate(url);
  await soon(taken.promise, 'the request to the service');
  return { ...server, url, upstream, reply, go: go.resolve };
}

test('a paid request finishes after a SIGTERM, new ones go elsewhere, and then it ends', {
  timeout: 20_000,
}, async () => {
  const { child, ended, url, upstream, reply, go } = await busy({ DRAIN_SECONDS: '3' });
  child.kill('SIGTERM');
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), 5000);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const refused = await generate(url);
  expect([refused.status, await refused.json()]).toMatchObject([
    503,
    { error: { code: 'server_is_overloaded' } },
  ]);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(upstream.calls).toHaveLength(1);
  go();
  const answered = await reply;
  expect(answered.status).toBe(200);
  expect(await answered.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
  expect(await soon(ended, 'the end')).toBe(0);
});

test('what takes longer than the grace is ended and told so', async () => {
  const { child, ended, upstream, reply } = await busy({ SHUTDOWN_GRACE_SECONDS: '1' });
  child.kill('SIGTERM');
  const answered = await reply;
  expect([answered.status, await answered.json()]).toMatchObject([
    502,
    { error: { code: 'job_lost', maybe_billed: true } },
  ]);
  await soon(upstream.calls[0]!.hungUp, 'the end of the request to the service');
  expect(await soon(ended, 'the end')).toBe(0);
});

test('a second signal ends at once', async () => {
  const { child, ended, url, reply } = await busy({ DRAIN_SECONDS: '60' });
  const broken = expect(reply).rejects.toThrow();
  child.kill('SIGTERM');
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), 5000);
  child.kill('SIGTERM');
  expect(await soon(ended, 'the end')).toBe(130);
  await broken;
});

test('Ctrl-C does not wait for balancers', async () => {
  const { child, ended, listening } = await startServer({ DRAIN_SECONDS: '60' });
  await listening;
  child.kill('SIGINT');
  expect(await soon(ended, 'the end')).toBe(0);
});

test('without the Redis that it is to share it does not start', async () => {
  const { ended, output } = await startServer({ REDIS_URL: 'redis://:secret@127.0.0.1:1' });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain('REDIS_URL');
  expect(output()).not.toContain('secret');
});

describe.runIf(hasRedis())('with a Redis', () => {
  test('servers count wrong tokens together, and are not ready while it is away', {
    timeout: 20_000,
  }, async () => {
    const redis = await startRedis();
    onTestFinished(redis.stop);
    const env = { ACCESS_TOKEN: 'a-token-of-enough-letters', REDIS_URL: redis.url };
    const servers = [await startServer(env), await startServer(env)];
    const urls = await Promise.all(servers.map(({ listening }) => listening));
    const ask = (i: number, token: string) =>
      fetch(`${urls[i % 2]}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
    for (let i = 0; i < 10; i++) expect((await ask(i, 'guess')).status).toBe(401);
    for (const i of [0, 1]) {
      const response = await ask(i, env.ACCESS_TOKEN);
      expect([response.status, Number(response.headers.get('retry-after')) > 800]).toEqual([429, true]);
    }

    const ready = () => Promise.all(urls.map(async (url) => (await fetch(`${url}/readyz`)).status));
    expect(await ready()).toEqual([200, 200]);
    await redis.stop();
    await vi.waitFor(async () => expect(await ready()).toEqual([503, 503]), 5000);
    // Each goes on counting by itself.
    for (let i = 0; i < 20; i++) await ask(i, 'guess');
    expect((await ask(0, 'guess')).status).toBe(429);
    for (const { child } of servers) child.kill('SIGTERM');
    expect(await Promise.all(servers.map(({ ended }) => soon(ended, 'the end')))).toEqual([0, 0]);
  });
});
