import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { hasRedis, startRedis } from '../redis.ts';
import { startServer } from './serverProcess.ts';
import { fakeUpstream, soon } from './support.ts';

const SLOW = { timeout: 60_000 };

function ask(url: string, key: string) {
  return fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: '{"prompt":"a boat","response_format":"b64_json"}',
  });
}
const pictureOf = async (response: Response) => ((await response.json()) as ImagesReply).data[0]?.b64_json;

/** A service that answers only when it is told to. */
async function slowUpstream() {
  const upstream = await fakeUpstream();
  const { answer } = upstream;
  const go = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  upstream.answer = async (call, response) => {
    taken.resolve();
    await go.promise;
    await answer(call, response);
  };
  return { upstream, go: go.resolve, taken: soon(taken.promise, 'the request to the service') };
}

async function kill({ child, ended }: Awaited<ReturnType<typeof startServer>>) {
  child.kill('SIGKILL');
  await ended;
}

test('a finished result outlives kill -9, and so does a picture by URL', SLOW, async () => {
  const upstream = await fakeUpstream();
  const env = { OPENAI_BASE_URL: `${upstream.url}/v1` };
  const first = await startServer(env);
  const key = randomUUID();
  const url = await first.listening;
  const picture = await pictureOf(await ask(url, key));
  const byUrl = (await (
    await fetch(`${url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"prompt":"x","response_format":"url"}',
    })
  ).json()) as ImagesReply;
  await kill(first);
  const second = await startServer({ ...env, DATA_DIR: first.directory });
  const again = await second.listening;
  expect(await pictureOf(await ask(again, key))).toBe(picture);
  expect(await pictureOf(await fetch(`${again}/api/jobs/${key}`))).toBe(picture);
  const path = new URL(byUrl.data[0]?.url ?? '').pathname;
  expect((await fetch(`${again}${path}`)).status).toBe(200);
  expect(upstream.calls).toHaveLength(2);
});

test(
  'a job that was running at kill -9 is lost and maybe billed, and never sent again under its key',
  SLOW,
  async () => {
    const { upstream, taken, go } = await slowUpstream();
    const env = { OPENAI_BASE_URL: `${upstream.url}/v1` };
    const first = await startServer(env);
    const key = randomUUID();
    const broken = expect(ask(await first.listening, key)).rejects.toThrow();
    await taken;
    await kill(first);
    await broken;
    go();
    const second = await startServer({ ...env, DATA_DIR: first.directory });
    const url = await second.listening;
    for (const answer of [await ask(url, key), await fetch(`${url}/api/jobs/${key}`)])
      expect([answer.status, await answer.json()]).toMatchObject([
        502,
        { error: { code: 'job_lost', maybe_billed: true } },
      ]);
    expect(upstream.calls).toHaveLength(1);
    expect((await ask(url, randomUUID())).status).toBe(200);
  },
);

describe.skipIf(!hasRedis())('two servers and a Redis', () => {
  async function pair() {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const { upstream, go, taken } = await slowUpstream();
    const env = { OPENAI_BASE_URL: `${upstream.url}/v1`, REDIS_URL: redis.url };
    const servers = [await startServer(env), await startServer(env)] as const;
    const urls = [await servers[0].listening, await servers[1].listening] as const;
    return { upstream, go, taken, servers, urls, redis };
  }

  test(
    'one key is one request to the service, whichever server it comes to, and both have the picture',
    SLOW,
    async () => {
      const { upstream, go, taken, urls } = await pair();
      const key = randomUUID();
      const early = [ask(urls[0], key), ask(urls[1], key), ask(urls[0], key), ask(urls[1], key)];
      await taken;
      go();
      const late = ask(urls[1], key);
      const pictures = await Promise.all((await Promise.all([...early, late])).map(pictureOf));
      expect(new Set(pictures).size).toBe(1);
      expect(pictures[0]).toEqual(expect.any(String));
      expect(upstream.calls).toHaveLength(1);
      expect(await pictureOf(await fetch(`${urls[1]}/api/jobs/${key}`))).toBe(pictures[0]);
    },
  );

  test('the other server can cancel', SLOW, async () => {
    const { upstream, taken, urls } = await pair();
    const key = randomUUID();
    const first = ask(urls[0], key);
    await taken;
    expect((await fetch(`${urls[1]}/api/jobs/${key}`, { method: 'DELETE' })).status).toBe(204);
    await soon(upstream.calls[0]!.hungUp, 'the end of the request to the service');
    expect((await first).status).toBe(499);
  });

  test('a server that was killed takes its job with it: lost, not repeated', SLOW, async () => {
    const { upstream, taken, urls, servers } = await pair();
    const key = randomUUID();
    const broken = expect(ask(urls[0], key)).rejects.toThrow();
    await taken;
    await kill(servers[0]);
    await broken;
    // Until its lease ends it counts as running.
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${urls[1]}/api/jobs/${key}`);
        expect([answer.status, await answer.json()]).toMatchObject([
          502,
          { error: { code: 'job_lost', maybe_billed: true } },
        ]);
      },
      { timeout: 40_000, interval: 500 },
    );
    expect((await ask(urls[1], key)).status).toBe(502);
    expect(upstream.calls).toHaveLength(1);
  });

  test('while Redis is away nothing is begun that could not be kept', SLOW, async () => {
    const { upstream, urls, redis, servers } = await pair();
    await redis.stop();
    const answer = await ask(urls[0], randomUUID());
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { error: { code: 'server_is_overloaded' } },
    ]);
    expect(upstream.calls).toHaveLength(0);
    expect((await fetch(`${urls[0]}/healthz`)).status).toBe(200);
    servers[0].child.kill('SIGTERM');
    await once(servers[0].child, 'exit');
  });
});
