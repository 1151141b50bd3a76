import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../server/errors.ts';
import { type Admission, createAdmission, type Reservation } from '../../server/limits/admission.ts';
import { createMemoryLedger, type Ledger } from '../../server/limits/ledger.ts';
import type { Quotas } from '../../server/limits/quotas.ts';
import { createRedisLedger } from '../../server/limits/redisLedger.ts';
import { connectRedis, type Redis } from '../../server/redis.ts';
import { hasRedis, type RunningRedis, startRedis } from '../redis.ts';
import { NO_QUOTAS } from './support.ts';

const CLIENTS = ['203.0.113.1', '2001:db8::/64'] as const;
const QUOTAS = {
  ...NO_QUOTAS,
  imagesPerMinute: 9,
  jobsPerClient: 3,
  jobs: 4,
  budgetPerClientUsd: 0.000_04,
  budgetUsd: 0.000_06,
} satisfies Quotas;
const BUDGET = { client: 40, all: 60 };
const usd = (micro: number) => micro / 1e6;

/** The code of the refusal, or the reservation. */
const attempt = (
  admission: Admission,
  client: string,
  pictures: number,
  micro: number | null,
  free = false,
) =>
  admission
    .admit(client, { pictures, usd: micro === null ? null : usd(micro), free })
    .catch((error: unknown) => (error as ApiError).code);

type Step =
  | { readonly kind: 'admit'; readonly client: string; readonly pictures: number; readonly micro: number }
  | { readonly kind: 'settle'; readonly which: number; readonly micro: number | null }
  | { readonly kind: 'release'; readonly which: number };

const which = fc.nat(5);
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('admit' as const),
      client: fc.constantFrom(...CLIENTS),
      pictures: fc.integer({ min: 1, max: 4 }),
      micro: fc.nat(30),
    }),
    fc.record({ kind: fc.constant('settle' as const), which, micro: fc.option(fc.nat(40)) }),
    fc.record({ kind: fc.constant('release' as const), which }),
  ),
  { maxLength: 40 },
);

interface Open {
  readonly client: string;
  readonly pictures: number;
  readonly micro: number;
  readonly reservation: Reservation;
}

/** What should be counted, kept beside the ledger in the plainest way. */
function createBook() {
  const open: Open[] = [];
  const spent: { client: string; micro: number }[] = [];
  const made: { client: string; pictures: number }[] = [];
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const mine = (client: string | null) => (entry: { client: string }) =>
    client === null || entry.client === client;
  const money = (client: string | null) => sum([...spent, ...open].filter(mine(client)).map((e) => e.micro));
  const pictures = (client: string) => sum([...made, ...open].filter(mine(client)).map((e) => e.pictures));
  return {
    open,
    money,
    refusal(client: string, wanted: number, micro: number): string | null {
      if (open.filter(mine(client)).length >= QUOTAS.jobsPerClient || open.length >= QUOTAS.jobs)
        return 'too_many_jobs';
      if (pictures(client) + wanted > QUOTAS.imagesPerMinute) return 'too_many_images';
      if (money(client) + micro > BUDGET.client || money(null) + micro > BUDGET.all) return 'budget_exceeded';
      return null;
    },
    settle(entry: Open, micro: number | null) {
      open.splice(open.indexOf(entry), 1);
      spent.push({ client: entry.client, micro: micro ?? entry.micro });
      made.push(entry);
    },
    release: (entry: Open) => open.splice(open.indexOf(entry), 1),
  };
}

async function play(admission: Admission, played: readonly Step[]): Promise<void> {
  const book = createBook();
  for (const step of played) {
    if (step.kind === 'admit') {
      const { client, pictures, micro } = step;
      const expected = book.refusal(client, pictures, micro);
      const reservation = await attempt(admission, client, pictures, micro);
      if (typeof reservation === 'string') expect(reservation).toBe(expected);
      else {
        expect(expected).toBeNull();
        book.open.push({ client, pictures, micro, reservation });
      }
      continue;
    }
    const entry = book.open[step.which];
    if (!entry) continue;
    if (step.kind === 'settle') {
      await entry.reservation.settle(step.micro === null ? null : usd(step.micro));
      book.settle(entry, step.micro);
    } else {
      await entry.reservation.release();
      book.release(entry);
    }
    // What has ended does not end again.
    await entry.reservation.settle(usd(7));
    await entry.reservation.release();
  }
  // A place that stays taken would be renewed, and be there in the next run too.
  for (const { reservation } of book.open) await reservation.release();
}

function protects(createLedger: () => Promise<Ledger>): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:10Z') });
  });
  afterEach(() => void vi.useRealTimers());

  test('whatever is reserved, settled and released: every answer is that of the plain sum', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (played) => {
        await play(createAdmission(QUOTAS, await createLedger()), played);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('asked all at once, they take no more than there is, and nobody is refused for another who was', async () => {
    const amounts = fc.array(fc.nat(45), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(amounts, async (wanted) => {
        const quotas = { ...NO_QUOTAS, budgetPerClientUsd: usd(BUDGET.client), budgetUsd: usd(BUDGET.all) };
        const admission = createAdmission(quotas, await createLedger());
        const asked = wanted.map((micro, i) => ({ micro, client: CLIENTS[i % 2]! }));
        const answers = await Promise.all(
          asked.map(({ client, micro }) => attempt(admission, client, 1, micro)),
        );
        const taken = (client: string | null) =>
          asked.reduce(
            (sum, one, i) =>
              typeof answers[i] !== 'string' && (client === null || client === one.client)
                ? sum + one.micro
                : sum,
            0,
          );
        expect(taken(null)).toBeLessThanOrEqual(BUDGET.all);
        for (const [i, { client, micro }] of asked.entries()) {
          expect(taken(client)).toBeLessThanOrEqual(BUDGET.client);
          if (typeof answers[i] === 'string')
            expect(taken(client) + micro > BUDGET.client || taken(null) + micro > BUDGET.all).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('a budget comes back at midnight UTC, and what yesterday settles late is yesterday’s', async () => {
    const admission = createAdmission({ ...NO_QUOTAS, budgetUsd: 1 }, await createLedger());
    vi.setSystemTime(new Date('2026-03-01T23:59:30Z'));
    const late = await admission.admit('a', { pictures: 1, usd: 0.9, free: false });
    const refused: unknown = await admission
      .admit('b', { pictures: 1, usd: 0.2, free: false })
      .catch((e) => e);
    expect(refused).toMatchObject({
      status: 429,
      code: 'budget_exceeded',
      options: { retryAfterMs: 30_000 },
    });
    vi.setSystemTime(new Date('2026-03-02T00:00:00Z'));
    await late.release();
    expect(await attempt(admission, 'b', 1, 1_000_001)).toBe('budget_exceeded');
    expect(await attempt(admission, 'b', 1, 1_000_000)).toHaveProperty('settle');
  });

  test('pictures are counted per client and minute, and a late release gives a new minute none', async () => {
    const admission = createAdmission({ ...NO_QUOTAS, imagesPerMinute: 5 }, await createLedger());
    const first = await admission.admit('a', { pictures: 4, usd: null, free: false });
    const refused: unknown = await admission
      .admit('a', { pictures: 2, usd: null, free: false })
      .catch((e) => e);
    expect(refused).toMatchObject({
      status: 429,
      code: 'too_many_images',
      options: { retryAfterMs: 50_000 },
    });
    expect(await attempt(admission, 'b', 5, null)).toHaveProperty('settle');
    vi.setSystemTime(new Date('2026-03-01T12:01:00Z'));
    await first.release();
    expect(await attempt(admission, 'a', 3, null)).toHaveProperty('settle');
    expect(await attempt(admission, 'a', 3, null)).toBe('too_many_images');
  });
}

describe('in memory', () => {
  protects(async () => createMemoryLedger());

  test('counts of times that are over are not kept', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const ledger = createMemoryLedger();
    const count = { key: 'k', by: 1, most: 1, ttlMs: 120_000 };
    expect(await ledger.take('1', [], [count])).toBeNull();
    vi.setSystemTime(100_000);
    expect(await ledger.take('2', [], [count])).toBe(0);
    vi.setSystemTime(180_000);
    expect(await ledger.take('3', [], [count])).toBeNull();
    vi.useRealTimers();
  });
});

describe.skipIf(!hasRedis())('in Redis', () => {
  let server: RunningRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, () => {});
  });
  afterAll(async () => {
    redis.destroy();
    await server.stop();
  });

  protects(async () => {
    await redis.flushDb();
    return createRedisLedger(redis);
  });
});

describe.skipIf(!hasRedis())('when processes and Redis fail', () => {
  let server: RunningRedis;
  let redis: Redis;
  beforeEach(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, () => {});
  });
  afterEach(async () => {
    redis.destroy();
    await server.stop();
  });

  test('a place is kept while its process renews the lease, and comes free when that ends', async () => {
    const place = { key: 'jobs', most: 1 };
    const mortal = await connectRedis(server.url, () => {});
    const other = createRedisLedger(redis);
    expect(await createRedisLedger(mortal, 1500).take('1', [place], [])).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await other.take('2', [place], [])).toBe(0);
    mortal.destroy();
    await expect.poll(() => other.take('3', [place], []), { timeout: 20_000 }).toBeNull();
    await other.give('3', [place], []);
    expect(await redis.zCard('lacuna:limits:jobs')).toBe(0);
  }, 60_000);

  test('a Redis that answers too late gets back what it took', async () => {
    const admission = createAdmission({ ...NO_QUOTAS, jobs: 1, budgetUsd: 1 }, createRedisLedger(redis));
    const another = await connectRedis(server.url, () => {});
    await another.sendCommand(['CLIENT', 'PAUSE', '3500', 'ALL']);
    const refused: unknown = await admission.admit('a', { pictures: 1, usd: 1, free: false }).catch((e) => e);
    expect(refused).toMatchObject({ status: 503, code: 'server_is_overloaded' });
    await expect
      .poll(() => attempt(admission, 'a', 1, 1_000_000), { timeout: 20_000, interval: 300 })
      .toHaveProperty('settle');
    another.destroy();
  }, 60_000);
});

test('what no limit could ever let pass is said at once, without a time to come back', async () => {
  const admission = createAdmission({ ...NO_QUOTAS, imagesPerMinute: 3, budgetUsd: 1 }, createMemoryLedger());
  const ask = (pictures: number, usd: number | null) =>
    admission.admit('a', { pictures, usd, free: false }).catch((error: unknown) => error as ApiError);
  const many = await ask(4, 0.1);
  expect(many).toMatchObject({ status: 400, code: 'invalid_value', options: { param: 'n' } });
  const dear = await ask(1, 1.5);
  expect(dear).toMatchObject({ status: 429, code: 'budget_exceeded' });
  expect(dear instanceof ApiError && dear.options.retryAfterMs).toBeUndefined();
  const unknown = await ask(1, null);
  expect(unknown).toMatchObject({ status: 429, code: 'budget_exceeded' });
  expect(unknown instanceof ApiError && unknown.message).toContain('UNKNOWN_PRICE_USD');
});

test('a price that the operator names stands for an unknown one, per picture', async () => {
  const quotas = { ...NO_QUOTAS, budgetUsd: 0.1, unknownPriceUsd: 0.03 };
  const admission = createAdmission(quotas, createMemoryLedger());
  expect(await attempt(admission, 'a', 3, null)).toHaveProperty('settle');
  expect(await attempt(admission, 'a', 1, null)).toBe('budget_exceeded');
});

test('what is free has places but neither pictures nor money', async () => {
  const quotas = { ...NO_QUOTAS, imagesPerMinute: 1, budgetUsd: 0.01, jobs: 2 };
  const admission = createAdmission(quotas, createMemoryLedger());
  expect(await attempt(admission, 'a', 10, null, true)).toHaveProperty('settle');
  expect(await attempt(admission, 'a', 10, null, true)).toHaveProperty('settle');
  expect(await attempt(admission, 'a', 10, null, true)).toBe('too_many_jobs');
});
