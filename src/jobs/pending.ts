import type { ServiceTraits } from './ports.ts';
import type { Frozen } from './request.ts';

/** What is kept of requests that run, so that their results come also when the page has gone meanwhile. */
export interface Pending {
  readonly id: string;
  /** Id of the group that the results become. */
  readonly groupId: string;
  /** Unix time in ms. */
  readonly startedAt: number;
  /** Of the requests that may have been sent, one for each part. */
  readonly keys: readonly string[];
  readonly frozen: Frozen;
  /** By which the requests were planned: with others they would be other requests. */
  readonly traits: ServiceTraits;
}

/** Where requests are kept that may run while the page does not. */
export interface PendingStore {
  /** Takes the place of what it has under the same id. Rejects when nothing can be stored. */
  put(pending: Pending): Promise<void>;
  remove(pending: Pending): Promise<void>;
}
