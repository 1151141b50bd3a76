import { randomUUID } from 'node:crypto';
import { ApiError, badRequest } from '../errors.ts';
import type { Count, Ledger, Places } from './ledger.ts';
import type { Quotas } from './quotas.ts';

export interface Admission {
  /**
   * Reserves a place among the running jobs, the pictures of this minute and the estimated cost: all of it or nothing.
   * Throws ApiError 429 (too_many_jobs, too_many_images, budget_exceeded) with the time after which asking again makes
   * sense, and 503 when the limits cannot be checked: what cannot be counted is not sent.
   *
   * `client` is that of `clientOf`. `usd` null: the price is not known, or it is free. `free`: nobody bills it, so that
   * pictures and money are not counted.
   */
  admit(client: string, wanted: Wanted): Promise<Reservation>;
}

export interface Wanted {
  readonly pictures: number;
  readonly usd: number | null;
  readonly free: boolean;
}

/** Ends with the first call of one of these, which never reject: where they fail, the estimate stands. */
export interface Reservation {
  /** It was (perhaps) billed: `usd` from its usage; null: the estimate stands. Frees the place. */
  settle(usd: number | null): Promise<void>;
  /** It failed before anything was sent: all is given back. */
  release(): Promise<void>;
}

type Refusing = { readonly refusal: () => ApiError };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Nobody knows when a job ends; many take about this long. */
const JOB_WAIT_MS = 5000;
const LEDGER_WAIT_MS = 5000;

/** Money is counted in whole millionths of a dollar. */
const micro = (usd: number) => Math.round(usd * 1e6);

export function createAdmission(quotas: Quotas, ledger: Ledger): Admission {
  function placesFor(client: string): (Places & Refusing)[] {
    const { jobs, jobsPerClient } = quotas;
    const refuse = (text: string) => () =>
      new ApiError(429, 'too_many_jobs', text, { retryAfterMs: JOB_WAIT_MS });
    const busy = `You have ${jobsPerClient} requests running already. Wait until one of them has ended.`;
    const full = 'This server is working on as many requests as it takes. Try again in a moment.';
    return [
      ...(jobsPerClient === null
        ? []
        : [{ key: `jobs:${client}`, most: jobsPerClient, refusal: refuse(busy) }]),
      ...(jobs === null ? [] : [{ key: 'jobs', most: jobs, refusal: refuse(full) }]),
    ];
  }

  function picturesFor(client: string, pictures: number, now: number): (Count & Refusing)[] {
    const { imagesPerMinute: most } = quotas;
    if (most === null) return [];
    if (pictures > most)
      throw badRequest(
        'invalid_value',
        'n',
        `This server makes at most ${most} pictures per minute for you.`,
      );
    const minute = Math.floor(now / MINUTE_MS);
    const retryAfterMs = (minute + 1) * MINUTE_MS - now;
    const refusal = () =>
      new ApiError(429, 'too_many_images', `At most ${most} pictures per minute are made for you.`, {
        retryAfterMs,
      });
    return [{ key: `images:${minute}:${client}`, by: pictures, most, ttlMs: 2 * MINUTE_MS, refusal }];
  }

  function moneyFor(client: string, { pictures, usd }: Wanted, now: number): (Count & Refusing)[] {
    const { budgetPerClientUsd, budgetUsd, unknownPriceUsd } = quotas;
    if (budgetPerClientUsd === null && budgetUsd === null) return [];
    const estimate = usd ?? (unknownPriceUsd === null ? null : pictures * unknownPriceUsd);
    if (estimate === null)
      throw new ApiError(
        429,
        'budget_exceeded',
        'There is a budget, and nobody knows what this model costs. ' +
          'Whoever runs this server can set UNKNOWN_PRICE_USD.',
      );
    const day = Math.floor(now / DAY_MS);
    const by = micro(estimate);
    const count = (key: string, budget: number, whose: string) => ({
      key: `usd:${day}:${key}`,
      by,
      most: micro(budget),
      ttlMs: 2 * DAY_MS,
      refusal: () =>
        new ApiError(
          429,
          'budget_exceeded',
          `This would cost about $${estimate.toFixed(4)}, more than is left of ${whose} budget of today (UTC).`,
          // Tomorrow does not help what no day's budget could pay.
          by > micro(budget) ? {} : { retryAfterMs: (day + 1) * DAY_MS - now },
        ),
    });
    return [
      ...(budgetPerClientUsd === null ? [] : [count(client, budgetPerClientUsd, 'your')]),
      ...(budgetUsd === null ? [] : [count('all', budgetUsd, "this server's")]),
    ];
  }

  return {
    async admit(client, wanted) {
      const now = Date.now();
      const id = randomUUID();
      const places = placesFor(client);
      const money = wanted.free ? [] : moneyFor(client, wanted, now);
      const pictures = wanted.free ? [] : picturesFor(client, wanted.pictures, now);
      const counts = [...pictures, ...money];
      const full = await ledger.take(id, places, counts).catch((cause: unknown) => {
        const text =
          'The limits of this server cannot be checked at the moment, so nothing was sent. Try again in a moment.';
        throw new ApiError(503, 'server_is_overloaded', text, { retryAfterMs: LEDGER_WAIT_MS, cause });
      });
      if (full !== null) throw [...places, ...counts][full]!.refusal();

      let ended = false;
      async function end(changes: readonly Pick<Count, 'key' | 'by'>[]): Promise<void> {
        if (ended) return;
        ended = true;
        await ledger.give(id, places, changes).catch(() => {});
      }
      return {
        settle: (usd) => end(usd === null ? [] : money.map(({ key, by }) => ({ key, by: micro(usd) - by }))),
        release: () => end(counts.map(({ key, by }) => ({ key, by: -by }))),
      };
    },
  };
}
