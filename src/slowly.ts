/** ms of the main thread at a time: half a frame. */
const SLICE = 8;

/** Runs work that would make a long task in slices, so that frames and input get in between. Gives what it returns. */
export async function slowly<T>(steps: Iterator<unknown, T>): Promise<T> {
  for (;;) {
    for (const end = performance.now() + SLICE; performance.now() < end; ) {
      const { done, value } = steps.next();
      if (done) return value;
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Runs the same without a pause: for a page that is going away. */
export function atOnce<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
