import type { Price } from '../blend/price.ts';
import { createBilling } from './billing.ts';
import type { Pending, PendingStore } from './pending.ts';
import type { Answer, ImageService, Sending } from './ports.ts';
import type { Spending } from './spending.ts';

export interface SenderOptions {
  /** The run as it begins: what it has keys of was sent before a reload. */
  readonly pending: Pending;
  readonly client: ImageService;
  readonly store: PendingStore;
  readonly spending: Spending;
  /** Whether a reload of the page would bring the answers. */
  readonly onStored: (stored: boolean) => void;
  readonly onLost: (lost: boolean) => void;
  readonly onProgress: (share: number) => void;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** Sends the next request of a run: `post` does so under the key that it is given. */
export type Send = (
  price: Price | null,
  post: (sending: Sending) => Promise<Answer>,
  onPartial: Sending['onPartial'],
) => Promise<Answer>;

/**
 * Sends the requests of one run in their order, each stored before it leaves; those that had left are asked for. Where
 * nobody could be asked the run is stored without their keys, and begins anew after a reload.
 */
export function createSender(signal: AbortSignal, options: SenderOptions): Send {
  const { client, store, spending, onStored, now, onLost, onProgress } = options;
  let { pending } = options;
  const billed = createBilling(spending, pending.traits, pending.frozen.ask, now);
  let sent = 0;
  return async (price, post, onPartial) => {
    const heard = { onPartial, onLost, onProgress };
    const known = options.pending.keys[sent++];
    // Its estimate lies in the ledger since then.
    if (known !== undefined && client.attach) return client.attach(signal, { key: known, ...heard });
    return billed(price, async () => {
      const key = crypto.randomUUID();
      pending = { ...pending, keys: client.attach ? [...pending.keys, key] : [] };
      await store.put(pending).then(
        () => onStored(true),
        () => onStored(false),
      );
      signal.throwIfAborted();
      return post({ key, ...heard });
    });
  };
}
