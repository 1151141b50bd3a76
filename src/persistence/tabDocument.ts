const KEY = 'lacuna.document';

const lockOf = (id: string) => `lacuna.document.${id}`;

/** A page that is being reloaded gives its lock back within this time, in ms. */
const PATIENCE = 500;

/**
 * Which document this tab holds. sessionStorage names it over a reload; a Web Lock keeps two tabs from writing to
 * one document (a duplicated tab starts with a copy of the other's sessionStorage). Pages that are not served
 * over HTTPS or from localhost have no Web Locks: there nothing is guarded.
 */
export function createTabDocument() {
  let held: { readonly id: string; readonly release: () => void } | null = null;

  function remember(id: string) {
    try {
      sessionStorage.setItem(KEY, id);
    } catch {
      // Refused storage: a reload starts empty, and the document waits under Recent.
    }
  }

  return {
    remembered(): string | null {
      try {
        return sessionStorage.getItem(KEY);
      } catch {
        return null;
      }
    },

    /** Makes the document this tab's own. False when another tab holds it; this tab then keeps what it has. */
    async claim(id: string): Promise<boolean> {
      if (held?.id === id) return true;
      const granted = await acquire(id);
      if (!granted) return false;
      held?.release();
      held = { id, release: granted };
      remember(id);
      return true;
    },
  };
}

/** Resolves with the function that gives the lock back; null when another tab keeps it. */
function acquire(id: string): Promise<(() => void) | null> {
  if (!navigator.locks) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(lockOf(id), { signal: AbortSignal.timeout(PATIENCE) }, () => {
        const { promise, resolve: release } = Promise.withResolvers<void>();
        resolve(release);
        return promise;
      })
      .catch((error: DOMException) => (error.name === 'TimeoutError' ? resolve(null) : reject(error)));
  });
}

/** Documents that some tab holds. */
export async function openDocuments(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const prefix = lockOf('');
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? name.slice(prefix.length) : [])));
}

export type TabDocument = ReturnType<typeof createTabDocument>;
