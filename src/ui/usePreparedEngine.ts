import { useEffect } from 'react';
import { isLocal } from '../jobs/traits.ts';
import { type App, useSession, useUi } from './app.ts';

/** The page has what it needs by then, in ms. */
const QUIET = 2000;

/** Where this browser's own engine answers it is fetched ahead, with what runs requests: they then need no server at all. */
export function usePreparedEngine({ embedded }: App): void {
  const service = useUi((state) => state.service);
  const wanted = useSession(({ ask }) => service.state === 'ready' && isLocal(service.capabilities, ask));
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      // Without a connection it is fetched once it is needed, and missed then.
      void Promise.allSettled([embedded(), import('../jobs/runJob.ts')]);
    }, QUIET);
    return () => clearTimeout(timer);
  }, [embedded, wanted]);
}
