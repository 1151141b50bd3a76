/** Lets waiting messages in between two pieces of long work, and throws when the work was aborted. */
export type Pause = () => Promise<void>;

/** Longest piece of work between two pauses, in ms: a view that is asked for meanwhile waits no longer. */
const SLICE = 12;

/** A message to oneself is a task like any other, without the 4 ms that nested timers wait. */
export function createPause(signal: AbortSignal): Pause {
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < SLICE) return;
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
    last = performance.now();
    signal.throwIfAborted();
  };
}

/** Runs a generator to its end, with a pause after each of its steps. */
export async function paused<T>(steps: Generator<unknown, T>, pause: Pause): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await pause();
  }
}
