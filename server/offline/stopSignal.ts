import type { AbortSignalLike } from '../../src/fill/abortSignal.ts';

/** Thrown where a thread was asked to stop. */
export class Stopped extends Error {}

/** A signal over shared memory: no message can reach a thread that is busy computing. */
export function signalOf(stop: Int32Array): AbortSignalLike {
  return {
    throwIfAborted() {
      if (Atomics.load(stop, 0) !== 0) throw new Stopped();
    },
  };
}
