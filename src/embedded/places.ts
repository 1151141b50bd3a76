/** Lets at most `count` pieces of work run at once, the others in their order. */
export function createPlaces(count: number) {
  let free = count;
  const waiting: (() => void)[] = [];

  /** Rejects with the signal's reason when it aborts before the work's turn, which is then not begun. */
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    if (free > 0) free--;
    else
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(enter);
      });
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
