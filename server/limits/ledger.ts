/** So many may be there at the same time. */
export interface Places {
  readonly key: string;
  readonly most: number;
}

/** So much may come together under one key, which names its own span of time. */
export interface Count {
  readonly key: string;
  /** Whole numbers. */
  readonly by: number;
  readonly most: number;
  /** How long the count is kept; longer than the time that its key names. */
  readonly ttlMs: number;
}

/** Places and counts that many requests, or many servers, share. Rejects when it cannot be asked. */
export interface Ledger {
  /**
   * Takes a place under each key and adds to each count, or nothing at all. The answer is the index in
   * `[...places, ...counts]` of the first that is full, or null when all was taken.
   */
  take(id: string, places: readonly Places[], counts: readonly Count[]): Promise<number | null>;
  /** Frees the places of `id` and adds to counts, those that are not kept any more excepted. */
  give(
    id: string,
    places: readonly Pick<Places, 'key'>[],
    counts: readonly Pick<Count, 'key' | 'by'>[],
  ): Promise<void>;
}

const SWEEP_MS = 60_000;

/** For one process alone. What it holds ends with it. */
export function createMemoryLedger(): Ledger {
  const holders = new Map<string, Set<string>>();
  const kept = new Map<string, { value: number; readonly ends: number }>();
  let swept = 0;

  function sweep(now: number): void {
    if (now - swept < SWEEP_MS) return;
    swept = now;
    for (const [key, { ends }] of kept) if (ends <= now) kept.delete(key);
  }

  return {
    async take(id, places, counts) {
      const now = Date.now();
      sweep(now);
      const crowded = places.findIndex(({ key, most }) => (holders.get(key)?.size ?? 0) >= most);
      if (crowded >= 0) return crowded;
      const spent = counts.findIndex(({ key, by, most }) => (kept.get(key)?.value ?? 0) + by > most);
      if (spent >= 0) return places.length + spent;
      for (const { key } of places) holders.set(key, (holders.get(key) ?? new Set()).add(id));
      for (const { key, by, ttlMs } of counts) {
        const count = kept.get(key);
        if (count) count.value += by;
        else kept.set(key, { value: by, ends: now + ttlMs });
      }
      return null;
    },

    async give(id, places, counts) {
      for (const { key } of places) {
        const ids = holders.get(key);
        ids?.delete(id);
        if (ids?.size === 0) holders.delete(key);
      }
      for (const { key, by } of counts) {
        const count = kept.get(key);
        if (count) count.value += by;
      }
    },
  };
}
