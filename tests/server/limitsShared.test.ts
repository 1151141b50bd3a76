import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ErrorBody, ErrorEnvelope } from '../../server/contract.ts';
import { connectRedis } from '../../server/redis.ts';
import { hasRedis, type RunningRedis, startRedis } from '../redis.ts';
import { createDouble, fakeUpstream, NO_QUOTAS, serve, soon, type Upstream } from './support.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** Set and empty, so that a .env of the checkout does not count. */
const BLANK = Object.fromEntries(
  [
    'OPENAI_API_KEY',
    'IMAGE_MODEL',
    'HOST',
    'ALLOWED_HOSTS',
    'MAX_UPLOADS_MB',
    'REQUESTS_PER_MINUTE',
    'IMAGES_PER_MINUTE',
    'MAX_JOBS_PER_CLIENT',
    'MAX_JOBS',
    'BUDGET_PER_CLIENT_USD',
    'BUDGET_USD',
    'UNKNOWN_PRICE_USD',
  ].map((name) => [name, '']),
);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly error: ErrorBody | null;
}

interface Started {
  readonly child: ChildProcess;
  ask(n?: number): Promise<Answer>;
}

async function ask(url: string, n = 1): Promise<Answer> {
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'some-model', prompt: 'a lake', n }),
  });
  const { error = null } = (await response.json()) as Partial<ErrorEnvelope>;
  return { status: response.status, headers: response.headers, error };
}

/** Runs a server process as `npm start` does. */
async function start(upstream: Upstream, redis: RunningRedis, env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      ...BLANK,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      REDIS_URL: redis.url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const { promise, resolve } = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const address = /http:\/\/\S+/.exec(output)?.[0];
    if (address) resolve(address);
  });
  const url = await promise;
  return { child, ask: (n) => ask(url, n) };
}

describe.skipIf(!hasRedis())('two servers and a Redis', () => {
  let redis: RunningRedis;
  let upstream: Upstream;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  async function forgetAll(): Promise<void> {
    const client = await connectRedis(redis.url, () => {});
    await client.flushDb();
    client.destroy();
  }
  beforeEach(forgetAll);

  /** Runs it again when the minute, by which pictures are counted, ended in between. */
  async function withinOneMinute(check: () => Promise<void>): Promise<void> {
    const minute = () => Math.floor(Date.now() / 60_000);
    const before = minute();
    try {
      await check();
    } catch (error) {
      if (minute() === before) throw error;
      await forgetAll();
      await check();
    }
  }

  async function startTwo(env: Record<string, string>) {
    upstream = await fakeUpstream();
    return Promise.all([start(upstream, redis, env), start(upstream, redis, env)]);
  }

  test('share the pictures per minute of a client', async () => {
    const [a, b] = await startTwo({ IMAGES_PER_MINUTE: '3' });
    await withinOneMinute(async () => {
      expect((await a.ask(2)).status).toBe(200);
      const refused = await b.ask(2);
      expect(refused).toMatchObject({ status: 429, error: { code: 'too_many_images' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await b.ask(1)).status).toBe(200);
      expect(await a.ask(1)).toMatchObject({ status: 429, error: { code: 'too_many_images' } });
    });
  }, 60_000);

  test('share a budget, and what was refused was not sent', async () => {
    const [a, b] = await startTwo({ BUDGET_USD: '0.05', UNKNOWN_PRICE_USD: '0.02' });
    const answers = await Promise.all([a.ask(), b.ask(), a.ask(), b.ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    for (const { error } of answers) if (error) expect(error.code).toBe('budget_exceeded');
    expect(upstream.calls).toHaveLength(2);
    expect(await b.ask()).toMatchObject({ status: 429, error: { code: 'budget_exceeded' } });
  }, 60_000);

  test('share the requests per minute of a client', async () => {
    const [a, b] = await startTwo({ REQUESTS_PER_MINUTE: '3' });
    const answers = [await a.ask(), await b.ask(), await a.ask(), await b.ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.error?.code).toBe('rate_limit_exceeded');
  }, 60_000);

  test('share the places for jobs, and those of a killed one come free when its lease ends', async () => {
    const [a, b] = await startTwo({ MAX_JOBS: '1' });
    const answer = upstream.answer;
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    upstream.answer = () => resolve();
    const lost = a.ask().catch(() => 'lost');
    await arrived;
    upstream.answer = answer;
    expect(await b.ask()).toMatchObject({ status: 429, error: { code: 'too_many_jobs' } });
    a.child.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await expect.poll(async () => (await b.ask()).status, { timeout: 45_000, interval: 500 }).toBe(200);
  }, 90_000);
});

describe.skipIf(!hasRedis())('a server whose Redis goes away', () => {
  test('finishes what runs, sends nothing that it cannot count, and goes on answering', async () => {
    const redis = await startRedis();
    const client = await connectRedis(redis.url, () => {});
    onTestFinished(() => client.destroy());
    const double = createDouble('openai');
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const { promise: go, resolve: answer } = Promise.withResolvers<void>();
    double.before = () => {
      resolve();
      return go;
    };
    const quotas = { ...NO_QUOTAS, budgetUsd: 1, unknownPriceUsd: 0.1, jobs: 3, requestsPerMinute: 3 };
    const { url } = await serve(double, { quotas, redis: client });
    const running = ask(url);
    await soon(arrived, 'the request');
    await redis.stop();
    const refused = await ask(url);
    expect(refused).toMatchObject({ status: 503, error: { code: 'server_is_overloaded' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    answer();
    expect((await running).status).toBe(200);
    expect(double.generated).toHaveLength(1);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // Requests per minute are counted by the process alone meanwhile.
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await ask(url)).error?.code);
    expect(codes).toEqual(['server_is_overloaded', 'server_is_overloaded', 'rate_limit_exceeded']);
  }, 30_000);

  test('at its start it says so and ends, without the address', async () => {
    const redis = await startRedis();
    await redis.stop();
    const secret = redis.url.replace('//', '//:geheim@');
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...BLANK, OPENAI_BASE_URL: '', REDIS_URL: secret, PORT: '0' },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(output).toContain('REDIS_URL');
    expect(output).not.toContain('geheim');
  }, 30_000);
});
