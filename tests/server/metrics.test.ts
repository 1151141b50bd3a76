import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { ApiError } from '../../server/errors.ts';
import { createMetrics } from '../../server/metrics.ts';
import type { Order } from '../../server/routes/order.ts';
import { createDouble, openLocks, serve, soon } from './support.ts';

const ACCESS = 'correct-horse-battery';
const METRICS = 'only-for-prometheus';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** The value of one series; null: there is none. */
function value(text: string, series: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length));
}

test('jobs are counted by how they ended, their time by model, quality and size', async () => {
  const double = createDouble();
  const { url, client } = await serve(double);
  await client.images.generate({ prompt: 'x', quality: 'low', size: '1024x1024' });
  double.before = async () => {
    throw new ApiError(429, 'rate_limit_exceeded', 'Slow down.');
  };
  await expect(client.images.generate({ prompt: 'x' })).rejects.toThrow();
  const text = await (await fetch(`${url}/metrics`)).text();
  const labels = '{model="double-1",quality="low",size="up to 1.1 MP"}';
  expect(value(text, `lacuna_job_duration_seconds_count${labels}`)).toBe(1);
  expect(value(text, `lacuna_job_duration_seconds_sum${labels}`)).toBeGreaterThan(0);
  expect(value(text, 'lacuna_jobs_total{endpoint="generations",code="ok"}')).toBe(1);
  expect(value(text, 'lacuna_jobs_total{endpoint="generations",code="rate_limit_exceeded"}')).toBe(1);
  expect(value(text, 'lacuna_errors_total{code="rate_limit_exceeded"}')).toBe(1);
  expect(value(text, 'lacuna_jobs_in_flight')).toBe(0);
});

test('what runs is seen while it runs', async () => {
  const double = createDouble();
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  double.before = async () => {
    begun.resolve();
    await go.promise;
  };
  const { url, client } = await serve(double);
  const reply = client.images.generate({ prompt: 'x' });
  await soon(begun.promise, 'the job');
  const read = async () => value(await (await fetch(`${url}/metrics`)).text(), 'lacuna_jobs_in_flight');
  expect(await read()).toBe(1);
  go.resolve();
  await reply;
  expect(await read()).toBe(0);
});

const order = (id: string, quality: string | null, width = 512): Order =>
  ({
    endpoint: 'edits',
    model: { id },
    fields: { quality, size: width === 0 ? null : { width, height: width } },
  }) as unknown as Order;

test('costs and partial pictures add up by model', async () => {
  const metrics = createMetrics(new Registry(), () => true);
  metrics.partial(order('a', 'low'));
  metrics.partial(order('a', 'low'));
  metrics.started(order('a', 'low'));
  metrics.ended(order('a', 'low'), { code: 'ok', ms: 1500, usd: 0.25 });
  metrics.started(order('a', 'low'));
  metrics.ended(order('a', 'low'), { code: 'upstream_timeout', ms: 900_000, usd: 0.5 });
  metrics.started(order('a', 'low'));
  metrics.ended(order('a', 'low'), { code: 'ok', ms: 10, usd: null });
  const text = await metrics.read();
  expect(value(text, 'lacuna_cost_usd_total{model="a"}')).toBe(0.75);
  expect(value(text, 'lacuna_partials_total{model="a"}')).toBe(2);
  const sum = 'lacuna_job_duration_seconds_sum{model="a",quality="low",size="up to 0.3 MP"}';
  expect(value(text, sum)).toBeCloseTo(1.51);
});

test('names that clients make up do not become series', async () => {
  const metrics = createMetrics(new Registry(), (id) => !id.startsWith('made-up'));
  const run = (one: Order) => {
    metrics.started(one);
    metrics.ended(one, { code: 'ok', ms: 1, usd: 1 });
  };
  for (let i = 0; i < 40; i++) run(order(`made-up-${i}`, 'low'));
  for (let i = 0; i < 400; i++) run(order(`real-${i}`, null, i * 10));
  const text = await metrics.read();
  expect(value(text, 'lacuna_cost_usd_total{model="other"}')).toBe(390);
  expect(text).not.toContain('made-up');
  expect(text.match(/^lacuna_cost_usd_total\{/gm)).toHaveLength(51);
  const sizes = new Set([...text.matchAll(/size="([^"]*)"/g)].map(([, size]) => size));
  expect([...sizes].sort()).toEqual([
    'larger',
    'none',
    'up to 0.3 MP',
    'up to 1.1 MP',
    'up to 1.6 MP',
    'up to 4.2 MP',
    'up to 8.3 MP',
  ]);
});

test.each([
  [ACCESS, METRICS, 200],
  [METRICS, METRICS, 200],
  [ACCESS, null, 200],
  ['wrong', METRICS, 401],
  ['', METRICS, 401],
])(
  'with the token "%s" where METRICS_TOKEN is %s, metrics answer %i',
  async (given, metricsToken, status) => {
    const locks = { ...openLocks(), accessToken: ACCESS, metricsToken };
    const { url } = await serve(createDouble(), { locks });
    expect((await fetch(`${url}/metrics`, bearer(given))).status).toBe(status);
  },
);

test('the token for metrics opens nothing else, and guesses at it are limited', async () => {
  const locks = { ...openLocks(), accessToken: ACCESS, metricsToken: METRICS };
  const { url } = await serve(createDouble(), { locks });
  expect((await fetch(`${url}/v1/models`, bearer(METRICS))).status).toBe(401);
  for (let i = 0; i < 9; i++) await fetch(`${url}/metrics`, bearer(`guess-${i}`));
  const response = await fetch(`${url}/metrics`, bearer(METRICS));
  expect([response.status, await response.json()]).toMatchObject([
    429,
    { error: { code: 'too_many_attempts' } },
  ]);
});

test('without a token metrics are for this machine, and not for what a proxy on it passes on', async () => {
  const { url } = await serve(createDouble());
  expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('text/plain; version=0.0.4');
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    const response = await fetch(`${url}/metrics`, { headers: { [name]: '127.0.0.1' } });
    expect([name, response.status]).toEqual([name, 401]);
  }
});
