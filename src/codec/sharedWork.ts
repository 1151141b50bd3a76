import type { Pause } from './pause.ts';

/** Values that take long to make, each made once for all who wait for it. A WeakMap fits. */
interface Cache<Key, Value> {
  get(key: Key): Promise<Value> | undefined;
  set(key: Key, value: Promise<Value>): unknown;
  delete(key: Key): unknown;
}

/**
 * What `work` makes, kept under `key`. Who comes first does the work, and an abort ends it for them: it is not kept
 * then, and whoever else waits for it begins it anew.
 *
 * @param pause the caller's own: throws when they have aborted
 */
export async function sharedWork<Key, Value>(
  cache: Cache<Key, Value>,
  key: Key,
  pause: Pause,
  work: () => Promise<Value>,
): Promise<Value> {
  for (;;) {
    const others = cache.get(key);
    if (!others) {
      const own = work();
      cache.set(key, own);
      own.catch(() => cache.delete(key));
      return own;
    }
    try {
      return await others;
    } catch (error) {
      await pause();
      if (!isAbort(error)) throw error;
    }
  }
}

const isAbort = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';
