import type { ErrorCode } from '../contract.ts';
import type { Order } from '../routes/order.ts';

/** Hears of every job, for metrics. What it is told holds prompts and pictures: it must count and forget. */
export interface JobObserver {
  started(order: Order): void;
  partial(order: Order): void;
  /** `usd`: what the service billed, or null where that is not known. */
  ended(
    order: Order,
    outcome: { readonly code: ErrorCode | 'ok'; readonly ms: number; readonly usd: number | null },
  ): void;
}
