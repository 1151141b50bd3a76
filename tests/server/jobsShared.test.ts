import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { ApiError } from '../../server/errors.ts';
import { createDiskShelf } from '../../server/jobs/diskShelf.ts';
import { createRedisShelf } from '../../server/jobs/redisShelf.ts';
import type { Shelf } from '../../server/jobs/shelf.ts';
import type { Admission } from '../../server/limits/admission.ts';
import { connectRedis } from '../../server/redis.ts';
import { hasRedis, startRedis } from '../redis.ts';
import { createDouble, serve, soon } from './support.ts';

// Moments that two servers meet in once in a long while, held still here. Both are in this process and share a folder
// as they would share a Redis.

/** Longer than a server is believed to live without a word. */
const LEASE_MS = 16_000;

const ask = (url: string, key: string) =>
  fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: '{"prompt":"a boat","response_format":"b64_json"}',
  });

async function sharedShelf(): Promise<Shelf> {
  const path = await mkdtemp(join(tmpdir(), 'lacuna-shared-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return { ...(await createDiskShelf(path, 1e9)), exclusive: false };
}

const paid = () => createDouble('openai');

function gate() {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  return {
    reached: soon(reached.promise, 'the moment to hold'),
    open: go.resolve,
    wait: () => {
      reached.resolve();
      return go.promise;
    },
  };
}

const admitting = (before: () => Promise<void>): Admission => ({
  admit: async () => {
    await before();
    return { settle: async () => {}, release: async () => {} };
  },
});

/** A shelf whose first claim is answered only when the gate opens, with what stood there before. */
function holdingFirstClaim(shelf: Shelf, wait: () => Promise<void>): Shelf {
  let first = true;
  return {
    ...shelf,
    async claim(...args) {
      const hold = first;
      first = false;
      const there = await shelf.claim(...args);
      if (hold) await wait();
      return there;
    },
  };
}

test('a server that slept while another took its claim over does not send as well', async () => {
  const shelf = await sharedShelf();
  const asleep = gate();
  const [sleeper, other] = [paid(), paid()];
  const first = await serve(sleeper, { shelf, admission: admitting(asleep.wait) });
  const second = await serve(other, { shelf });
  const key = randomUUID();
  const early = ask(first.url, key);
  await asleep.reached;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LEASE_MS });
  onTestFinished(() => void vi.useRealTimers());
  const late = await ask(second.url, key);
  asleep.open();
  const answers = [await early, late];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect([...sleeper.generated, ...other.generated]).toHaveLength(1);
});

test('a server that slept and is then refused does not forget what another has begun', async () => {
  const shelf = await sharedShelf();
  const asleep = gate();
  const [sleeper, other] = [paid(), paid()];
  const refused = admitting(async () => {
    await asleep.wait();
    throw new ApiError(429, 'too_many_jobs', 'Too many.', { retryAfterMs: 1000 });
  });
  const first = await serve(sleeper, { shelf, admission: refused });
  const second = await serve(other, { shelf });
  const key = randomUUID();
  const early = ask(first.url, key);
  await asleep.reached;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LEASE_MS });
  onTestFinished(() => void vi.useRealTimers());
  expect((await ask(second.url, key)).status).toBe(200);
  asleep.open();
  expect((await early).status).toBe(429);
  expect((await ask(second.url, key)).status).toBe(200);
  expect([...sleeper.generated, ...other.generated]).toHaveLength(1);
});

test('many who waited for another server begin its job once when it was refused there', async () => {
  const shelf = await sharedShelf();
  const [elsewhere, claiming, admission] = [gate(), gate(), gate()];
  const [there, here] = [paid(), paid()];
  there.before = async () => {
    await elsewhere.wait();
    throw new ApiError(429, 'rate_limit_exceeded', 'Slow down.');
  };
  const second = await serve(there, { shelf });
  const first = await serve(here, {
    shelf: holdingFirstClaim(shelf, claiming.wait),
    admission: admitting(admission.wait),
  });
  const key = randomUUID();
  const failing = ask(second.url, key);
  await elsewhere.reached;
  const asking = [ask(first.url, key), ask(first.url, key), ask(first.url, key)];
  await claiming.reached;
  // The others have come in the meantime and wait for the first.
  await new Promise((resolve) => setTimeout(resolve, 200));
  elsewhere.open();
  expect((await failing).status).toBe(429);
  claiming.open();
  await admission.reached;
  await new Promise((resolve) => setTimeout(resolve, 200));
  admission.open();
  await Promise.all(asking);
  expect(here.generated).toHaveLength(1);
});

test('a question about a job ends no one else’s wait for it', async () => {
  const shelf = await sharedShelf();
  const [elsewhere, claiming] = [gate(), gate()];
  const [there, here] = [paid(), paid()];
  there.before = elsewhere.wait;
  const second = await serve(there, { shelf });
  const first = await serve(here, { shelf: holdingFirstClaim(shelf, claiming.wait) });
  const key = randomUUID();
  const begun = ask(second.url, key);
  await elsewhere.reached;
  const waiting = ask(first.url, key);
  await claiming.reached;
  const question = fetch(`${first.url}/api/jobs/${key}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  claiming.open();
  expect((await question).status).toBe(202);
  elsewhere.open();
  const answers = (await Promise.all([begun, waiting])).map(
    async (response) => ((await response.json()) as ImagesReply).data?.[0]?.b64_json,
  );
  const [picture, same] = await Promise.all(answers);
  expect(picture).toEqual(expect.any(String));
  expect(same).toBe(picture);
});

test.skipIf(!hasRedis())('a Redis swaps and removes only what is still there', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const redis = await connectRedis(server.url, () => {});
  onTestFinished(() => redis.destroy());
  const shelf = createRedisShelf(redis);
  const [mine, theirs] = [Buffer.from([0, 255, 1]), Buffer.from('theirs')];
  expect(await shelf.claim('job/x', mine, 60_000)).toBeNull();
  expect(await shelf.claim('job/x', theirs, 60_000)).toEqual(mine);
  expect(await shelf.swap('job/x', theirs, theirs, 60_000)).toBe(false);
  await shelf.remove('job/x', theirs);
  expect(await shelf.get('job/x')).toEqual(mine);
  expect(await shelf.swap('job/x', mine, theirs, 60_000)).toBe(true);
  await shelf.remove('job/x', theirs);
  expect(await shelf.get('job/x')).toBeNull();
});
