import { createStore, type StoreApi } from 'zustand/vanilla';

/** In USD; null: no limit. */
export interface SpendingLimits {
  readonly perRequest: number | null;
  readonly perDay: number | null;
}

export interface SpendingState {
  readonly limits: SpendingLimits;
  /** The day of the ledger by the local calendar, "YYYY-MM-DD". */
  readonly day: string;
  /** USD of that day: what was billed, and the estimates of what is under way. */
  readonly spent: number;
}

/** 'unknown-price': a limit is set, and nobody can say whether the request keeps to it. */
export type SpendingVerdict = 'ok' | 'over-request' | 'over-day' | 'unknown-price';

export interface Reservation {
  /** The request was billed this much; null: nobody said, and the estimate stays. Only the first word counts. */
  settle(actual: number | null): void;
  /** Nothing was sent. */
  release(): void;
}

export interface SpendingPorts {
  /** What was saved last, by any tab; null: nothing. */
  load(): string | null;
  save(text: string): void;
  now(): Date;
}

const VERSION = 1;
/** Sums of cents are not exact in binary; a limit is not broken by that. */
const TOLERANCE = 1e-9;

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Each field that can't be read falls back to its default by itself; null: nothing of ours is there. */
function parseSpending(stored: string | null): SpendingState | null {
  let value: Partial<Record<string, unknown>> | null = null;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    return null;
  }
  if (value?.['version'] !== VERSION) return null;
  const { perRequest, perDay, day, spent } = value;
  return {
    limits: {
      perRequest: isAmount(perRequest) ? perRequest : null,
      perDay: isAmount(perDay) ? perDay : null,
    },
    day: typeof day === 'string' ? day : '',
    spent: isAmount(spent) ? spent : 0,
  };
}

/**
 * Limits on what requests cost, and the day's ledger. An estimate is reserved before a request is sent, so that
 * requests side by side, also of other tabs, share one limit; a tab that is closed meanwhile leaves its estimate
 * in the ledger, for it may have been billed.
 */
export function createSpending({ load, save, now }: SpendingPorts) {
  const none: SpendingState = { limits: { perRequest: null, perDay: null }, day: '', spent: 0 };
  const store: StoreApi<SpendingState> = createStore<SpendingState>(() => none);

  /** Takes what other tabs stored, and begins a new ledger with the day. Without storage this tab's own word holds. */
  function refresh(): SpendingState {
    const known = parseSpending(load()) ?? store.getState();
    const day = dayOf(now());
    store.setState(known.day === day ? known : { ...known, day, spent: 0 });
    return store.getState();
  }

  function change(next: Partial<SpendingState>): void {
    const { limits, day, spent } = { ...refresh(), ...next };
    store.setState({ limits, day, spent });
    save(JSON.stringify({ version: VERSION, ...limits, day, spent }));
  }

  refresh();

  return {
    store,
    refresh,

    get limits(): SpendingLimits {
      return store.getState().limits;
    },

    setLimits(limits: Partial<SpendingLimits>): void {
      for (const limit of Object.values(limits)) {
        if (limit !== null && !isAmount(limit)) throw new RangeError(`${limit} is no amount of money.`);
      }
      change({ limits: { ...refresh().limits, ...limits } });
    },

    /** Whether a request at this price keeps to the limits. null: the price is not known. */
    check(usd: number | null): SpendingVerdict {
      const { limits, spent } = refresh();
      const { perRequest, perDay } = limits;
      if (usd === null) return perRequest === null && perDay === null ? 'ok' : 'unknown-price';
      if (perRequest !== null && usd > perRequest + TOLERANCE) return 'over-request';
      if (perDay !== null && spent + usd > perDay + TOLERANCE) return 'over-day';
      return 'ok';
    },

    /** Writes the estimate into today's ledger, whatever the limits say: `check` is asked before. */
    reserve(usd: number): Reservation {
      change({ spent: refresh().spent + usd });
      const { day } = store.getState();
      let open = true;
      const correct = (actual: number) => {
        const ledger = refresh();
        // A ledger of yesterday is closed.
        if (open && ledger.day === day) change({ spent: Math.max(0, ledger.spent + actual - usd) });
        open = false;
      };
      return { settle: (actual) => correct(actual ?? usd), release: () => correct(0) };
    },
  };
}

export type Spending = ReturnType<typeof createSpending>;
