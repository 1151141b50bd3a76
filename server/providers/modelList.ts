import { z } from 'zod';
import type { ModelTable } from './modelTable.ts';

const TIMEOUT_MS = 30_000;

const list = z.object({
  data: z.array(
    z.object({ id: z.string().min(1).max(200), shutdown_date: z.iso.date().nullish().catch(null) }),
  ),
});

export interface ModelListOptions {
  /** `GET /models` of OpenAI, parsed. */
  readonly read: (signal: AbortSignal) => Promise<unknown>;
  readonly table: Pick<ModelTable, 'learn'>;
  /** Hears why a reading failed: nothing else comes of it, and what was read before stays. */
  readonly onFailure: (error: unknown) => void;
  readonly everyMs: number;
}

/**
 * Reads OpenAI's list of models now and ever again, for dates of endings and new ids. It waits for nothing and
 * keeps no process alive. Returns a function that ends it.
 */
export function watchModelList({ read, table, onFailure, everyMs }: ModelListOptions): () => void {
  const ended = new AbortController();
  async function refresh(): Promise<void> {
    try {
      const reply = list.parse(await read(AbortSignal.any([ended.signal, AbortSignal.timeout(TIMEOUT_MS)])));
      if (ended.signal.aborted) return;
      table.learn(reply.data.map(({ id, shutdown_date }) => ({ id, shutdown: shutdown_date ?? null })));
    } catch (error) {
      if (!ended.signal.aborted) onFailure(error);
    }
  }
  void refresh();
  const timer = setInterval(() => void refresh(), everyMs).unref();
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}
