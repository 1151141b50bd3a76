import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Drain } from '../drain.ts';
import { ApiError } from '../errors.ts';
import type { Admission, Reservation } from '../limits/admission.ts';
import { costUsd, estimateUsd } from '../limits/estimate.ts';
import type { PartialPicture, ProviderResult } from '../providers/provider.ts';
import type { Order } from '../routes/order.ts';
import { decodeRecord, encodeRecord, type JobRecord, keepFailure, restoreFailure } from './jobRecord.ts';
import { packResult, unpackResult } from './keptResult.ts';
import type { JobObserver } from './observer.ts';
import type { Shelf } from './shelf.ts';

/** One order on its way, seen by whoever asked for it. */
export interface Job {
  /** Rejects with an ApiError. */
  readonly outcome: Promise<ProviderResult>;
  /** It was begun by an earlier request of the same key. */
  readonly replayed: boolean;
  /** Hears of the newest unfinished picture at once and of others as they come, until the returned function is called. */
  watch(onPartial: (partial: PartialPicture) => void): () => void;
  /** Whoever asked has gone. Without a key nobody else can want the result, and the work stops. */
  leave(): void;
}

export interface Jobs {
  /**
   * Begins an order, or finds what was begun under its key: the job that runs, the result it brought, the failure that
   * may have been billed. Throws ApiError: `idempotency_key_reused`, `job_lost`, the refusals of `Admission`, 503 while
   * ending.
   */
  start(key: string | null, client: string, order: Order): Promise<Job>;
  /** What is known under a key; null: nothing. */
  find(key: string): Promise<Job | null>;
  /** Stops what runs under a key. False: nothing is known under it. */
  cancel(key: string): Promise<boolean>;
  /** Resolves when all that runs has ended; after `patienceMs` the rest is stopped. */
  finish(patienceMs: number): Promise<void>;
}

export interface JobsOptions {
  readonly shelf: Shelf;
  readonly admission: Admission;
  readonly observer: JobObserver;
  readonly drain: Drain;
  /** Hears that a result or a record could not be kept. */
  readonly onKeepingFailed: (error: unknown) => void;
}

const MINUTE_MS = 60_000;
/** A result, and a failure that may have been billed, answer their key for so long. */
const KEPT_MS = 60 * MINUTE_MS;
/** A failure that cost nothing is told to those who wait for it; its key may be used again. */
const HARMLESS_MS = MINUTE_MS;
/** Longer than any job takes. */
const RUNNING_MS = 25 * 60 * MINUTE_MS;
/** A cancelled key is not begun for so long, and by then every server has heard of it. */
const CANCEL_MS = MINUTE_MS;
/** A server that shares its shelf says so often that it lives, and is believed dead when it has not for so long. */
const BEAT_MS = 1000;
const LEASE_MS = 15_000;
const POLL_MS = 500;

/** A key that is ours to begin, for as long as `bytes` stand under it. */
interface Claim {
  readonly key: string;
  readonly fingerprint: string;
  bytes: Buffer;
}

/** This server slept, was believed dead, and another one has its claim now. */
class TakenOver extends Error {}

interface Live {
  readonly order: Order;
  readonly key: string | null;
  readonly controller: AbortController;
  readonly listeners: Set<(partial: PartialPicture) => void>;
  latest: PartialPicture | null;
  /** Requests that wait for it. */
  watchers: number;
  record: JobRecord;
  ending: boolean;
  /** False: the shelf could not take what came of it. */
  kept: boolean;
  outcome: Promise<ProviderResult>;
}

const recordName = (key: string) => `job/${key}`;
const resultName = (key: string) => `result/${key}`;
const cancelName = (key: string) => `cancel/${key}`;

/** The jobs of this process, and what the shelf knows of those that ended or run elsewhere. */
export function createJobs({ shelf, admission, observer, drain, onKeepingFailed }: JobsOptions): Jobs {
  const owner = randomUUID();
  const running = new Set<Live>();
  /** By key. A promise from the first moment on, so that the same key twice at once begins one job. */
  const byKey = new Map<string, Promise<Live | Job>>();

  const save = (key: string, record: JobRecord, lifetimeMs: number) =>
    shelf.put(recordName(key), encodeRecord(record), lifetimeMs);

  function refuseWhileDraining(): void {
    if (!drain.started()) return;
    throw new ApiError(503, 'server_is_overloaded', 'This server is about to end. Ask again in a moment.', {
      retryAfterMs: 1000,
    });
  }

  /** Keeps what came of a job, or remembers that it could not. */
  async function keep(live: Live, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // It was paid for: whoever waits gets it all the same.
      live.kept = false;
      onKeepingFailed(error);
    }
  }

  /** Throws TakenOver where the claim is no longer ours; then nothing was begun. */
  async function begin(client: string, order: Order, claim: Claim | null): Promise<Live> {
    refuseWhileDraining();
    const key = claim?.key ?? null;
    const { service } = order.provider.capabilities();
    const free = service.kind === 'embedded';
    const wanted = { pictures: order.fields.n, usd: free ? null : estimateUsd(order), free };
    const reservation = await admission.admit(client, wanted);
    const live: Live = {
      order,
      key,
      controller: new AbortController(),
      listeners: new Set(),
      latest: null,
      watchers: 0,
      // Written before anything can leave: after a crash nobody knows better.
      record: { ...blank(claim?.fingerprint ?? ''), state: free ? 'claimed' : 'sent' },
      ending: false,
      kept: true,
      outcome: Promise.resolve({ images: [], usage: null, quality: null, words: null, requestId: null }),
    };
    try {
      if (claim && !free) {
        const { bytes } = claim;
        claim.bytes = encodeRecord(live.record);
        if (!(await shelf.swap(recordName(claim.key), bytes, claim.bytes, RUNNING_MS))) throw new TakenOver();
      }
      // It may have begun meanwhile.
      refuseWhileDraining();
    } catch (error) {
      await reservation.release();
      throw error;
    }
    running.add(live);
    live.outcome = perform(live, reservation).finally(() => {
      running.delete(live);
      if (key === null) return;
      const forget = () => void byKey.delete(key);
      // What could not be kept elsewhere is kept here.
      if (live.kept) forget();
      else setTimeout(forget, KEPT_MS).unref();
    });
    // Whoever asked may have gone.
    live.outcome.catch(() => {});
    return live;
  }

  const blank = (fingerprint: string): JobRecord => ({
    fingerprint,
    state: 'claimed',
    owner,
    leaseUntil: Date.now() + LEASE_MS,
    failure: null,
  });

  async function perform(live: Live, reservation: Reservation): Promise<ProviderResult> {
    const { order, key, controller, listeners } = live;
    const { signal } = controller;
    const since = performance.now();
    const { stream, partials: count } = order.fields;
    const onPartial = (partial: PartialPicture) => {
      observer.partial(order);
      live.latest = partial;
      for (const listener of listeners) listener(partial);
    };
    observer.started(order);
    try {
      const result = await order.send(signal, { partials: stream ? { count, onPartial } : null });
      const usd = costUsd(order.model, result.usage);
      live.ending = true;
      if (key !== null)
        await keep(live, async () => {
          await shelf.put(resultName(key), packResult(result), KEPT_MS);
          await save(key, { ...live.record, state: 'done' }, KEPT_MS);
        });
      await reservation.settle(usd);
      observer.ended(order, { code: 'ok', ms: performance.now() - since, usd });
      return result;
    } catch (error) {
      live.ending = true;
      const failure = failureOf(error, signal, order);
      const billed = failure.options.maybeBilled === true;
      if (key !== null) {
        const record: JobRecord = { ...live.record, state: 'failed', failure: keepFailure(failure) };
        const told = () => save(key, record, billed ? KEPT_MS : HARMLESS_MS);
        if (billed) await keep(live, told);
        else await told().catch(onKeepingFailed);
      }
      if (billed) await reservation.settle(null);
      // Whoever is refused again and again asks for pictures all the same.
      else if (wasRefused(failure)) await reservation.settle(0);
      else await reservation.release();
      observer.ended(order, { code: failure.code, ms: performance.now() - since, usd: null });
      throw failure;
    }
  }

  const jobOf = (live: Live, replayed: boolean): Job => {
    live.watchers += 1;
    return {
      outcome: live.outcome,
      replayed,
      watch(onPartial) {
        if (live.latest) onPartial(live.latest);
        live.listeners.add(onPartial);
        return () => live.listeners.delete(onPartial);
      },
      leave() {
        live.watchers -= 1;
        if (live.key === null && live.watchers === 0) live.controller.abort();
      },
    };
  };

  /** Of what this process does not run. */
  const distant = (outcome: Promise<ProviderResult>, leave = () => {}): Job => {
    outcome.catch(() => {});
    return { outcome, replayed: true, watch: () => () => {}, leave };
  };

  /** The key is free, or is taken over from one who ended without sending; otherwise what stands under it. */
  async function claim(key: string, fingerprint: string): Promise<Job | Claim> {
    const bytes = encodeRecord(blank(fingerprint));
    const mine: Claim = { key, fingerprint, bytes };
    for (;;) {
      const there = await shelf.claim(recordName(key), bytes, RUNNING_MS);
      if (there === null) return mine;
      const record = decodeRecord(there);
      if (record.fingerprint !== fingerprint)
        throw new ApiError(
          422,
          'idempotency_key_reused',
          'This Idempotency-Key was used for another request. Every new request needs a new key.',
        );
      const repeatable =
        record.state === 'failed'
          ? record.failure?.options.maybeBilled !== true
          : record.state === 'claimed' && isAbandoned(key, record);
      if (!repeatable) return recalled(key, record);
      if (await shelf.swap(recordName(key), there, bytes, RUNNING_MS)) return mine;
    }
  }

  /** By a process that has ended, or by this one where an end could not be written down. */
  function isAbandoned(key: string, { owner: of, leaseUntil }: JobRecord): boolean {
    if (of === owner) return ![...running].some((live) => live.key === key);
    return shelf.exclusive || leaseUntil < Date.now();
  }

  function recalled(key: string, record: JobRecord): Job {
    const stopped = new AbortController();
    return distant(follow(stopped.signal, key, record), () => stopped.abort());
  }

  /** Waits for what another server does. */
  async function follow(signal: AbortSignal, key: string, first: JobRecord): Promise<ProviderResult> {
    for (let record = first; ; ) {
      if (record.state === 'done') {
        const bytes = await shelf.get(resultName(key));
        if (bytes) return unpackResult(bytes);
        throw lost('Its result is not there any more.');
      }
      if (record.state === 'failed' && record.failure) throw restoreFailure(record.failure);
      if (isAbandoned(key, record)) {
        // It may have ended between keeping the result and saying so.
        const bytes = await shelf.get(resultName(key));
        if (bytes) return unpackResult(bytes);
        throw lost('The server ended while it ran.', record.state === 'sent');
      }
      await sleep(POLL_MS, undefined, { signal });
      const there = await shelf.get(recordName(key));
      if (!there) throw lost('Nothing is known of it any more.');
      record = decodeRecord(there);
    }
  }

  async function open(key: string, client: string, order: Order): Promise<Live | Job> {
    // A cancel can overtake the request that it is for.
    if (await shelf.get(cancelName(key))) throw new ApiError(499, 'cancelled', 'The request was cancelled.');
    for (;;) {
      const there = await claim(key, order.fingerprint());
      if ('outcome' in there) return there;
      try {
        return await begin(client, order, there);
      } catch (error) {
        if (error instanceof TakenOver) continue;
        await shelf.remove(recordName(key), there.bytes).catch(onKeepingFailed);
        throw error;
      }
    }
  }

  if (!shelf.exclusive) {
    /** Says that this server lives, and hears what others want stopped. */
    const beat = async () => {
      for (const live of running) {
        const { key } = live;
        if (key === null || live.ending) continue;
        if (await shelf.get(cancelName(key))) live.controller.abort();
        if (live.record.leaseUntil - Date.now() > LEASE_MS / 2) continue;
        live.record = { ...live.record, leaseUntil: Date.now() + LEASE_MS };
        if (!live.ending) await save(key, live.record, RUNNING_MS);
      }
    };
    const beating = async () => {
      await beat().catch(onKeepingFailed);
      setTimeout(beating, BEAT_MS).unref();
    };
    setTimeout(beating, BEAT_MS).unref();
  }

  return {
    async start(key, client, order) {
      if (key === null) return jobOf(await begin(client, order, null), false);
      // Whoever waited looks again: of several that did, one opens the key and the others wait for that one.
      for (let known = byKey.get(key); known; known = byKey.get(key)) {
        const found = await known;
        if (!('watchers' in found)) continue;
        if (found.order.fingerprint() === order.fingerprint()) return jobOf(found, true);
        throw new ApiError(
          422,
          'idempotency_key_reused',
          'This Idempotency-Key was used for another request.',
        );
      }
      const forget = () => void byKey.delete(key);
      // Forgotten before anyone hears of it, who would find it here again.
      const opening = open(key, client, order).then(
        (found) => {
          if (!('watchers' in found)) forget();
          return found;
        },
        (error: unknown) => {
          forget();
          throw error;
        },
      );
      byKey.set(key, opening);
      const found = await opening;
      return 'watchers' in found ? jobOf(found, false) : found;
    },
    async find(key) {
      const known = await byKey.get(key)?.catch(() => null);
      // What was recalled for somebody else ends when they leave: it is recalled anew.
      if (known && 'watchers' in known) return jobOf(known, true);
      const there = await shelf.get(recordName(key));
      return there ? recalled(key, decodeRecord(there)) : null;
    },
    async cancel(key) {
      const known = await byKey.get(key)?.catch(() => null);
      if (known && 'watchers' in known) {
        known.controller.abort();
        return true;
      }
      const there = await shelf.get(recordName(key));
      const { state } = there ? decodeRecord(there) : { state: 'claimed' };
      if (state === 'claimed' || state === 'sent') await shelf.put(cancelName(key), Buffer.of(1), CANCEL_MS);
      return there !== null;
    },
    async finish(patienceMs) {
      const all = () => Promise.allSettled([...running].map(({ outcome }) => outcome));
      const late = new AbortController();
      await Promise.race([all(), sleep(patienceMs, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      for (const { controller } of running) controller.abort(lost('The server ended while it ran.'));
      await all();
    },
  };
}

function failureOf(error: unknown, { aborted, reason }: AbortSignal, { provider }: Order): ApiError {
  if (aborted && reason instanceof ApiError) return reason;
  if (error instanceof ApiError) return error;
  if (aborted) return new ApiError(499, 'cancelled', 'The request was cancelled.', { cause: error });
  const maybeBilled = provider.capabilities().service.kind !== 'embedded';
  return new ApiError(500, 'internal_error', 'Something went wrong in this server.', {
    maybeBilled,
    cause: error,
  });
}

/** By a service that was reached. */
const wasRefused = ({ code }: ApiError) => code !== 'upstream_unreachable' && code !== 'cancelled';

const lost = (why: string, maybeBilled = true) => new ApiError(502, 'job_lost', why, { maybeBilled });
