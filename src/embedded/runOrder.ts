import { EngineError } from './engineError.ts';
import type { Order, Report } from './protocol.ts';

export type Done = Extract<Report, { kind: 'done' }>;

/** As far as a page's worker goes; a test's own fits. */
export type OrderWorker = Pick<
  Worker,
  'onmessage' | 'onmessageerror' | 'onerror' | 'postMessage' | 'terminate'
>;

/**
 * Has a worker carry out an order, and ends it: a picture's memory goes with it, and one that is busy hears no message,
 * so an abort can stop it in no other way. Rejects at once with the signal's reason when that aborts, otherwise with an
 * `EngineError`.
 */
export function runOrder(
  signal: AbortSignal,
  worker: OrderWorker,
  order: Order,
  onReport: (report: Exclude<Report, { kind: 'done' | 'failed' }>) => void,
): Promise<Done> {
  return new Promise<Done>((resolve, reject) => {
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    const abort = () => fail(signal.reason);
    const end = () => {
      signal.removeEventListener('abort', abort);
      worker.terminate();
    };
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.kind === 'failed') return fail(new EngineError(data.code, data.message));
      if (data.kind !== 'done') return onReport(data);
      end();
      resolve(data);
    };
    worker.onmessageerror = () => fail(new EngineError('internal_error', 'A message could not be read.'));
    // A script that can't be fetched has no message; neither has a worker that was ended for want of memory.
    worker.onerror = ({ message }: ErrorEvent) =>
      fail(new EngineError('internal_error', message || 'The engine’s worker could not go on.'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else worker.postMessage(order);
  });
}
