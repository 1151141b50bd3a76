import { useEffect } from 'react';
import { goToLogin } from './actions/login.ts';
import { findService } from './actions/service.ts';
import type { App } from './app.ts';
import { isUnreachable } from './feedback/errorText.ts';

/** Keeps track of which engine answers: asked at the start, and again whenever a lost server may be back. */
export function useService(app: App): void {
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    void findService(app, signal);
    const again = () => {
      if (app.ui.store.getState().service.state === 'unreachable') void findService(app, signal);
    };
    addEventListener('online', again, { signal });
    addEventListener('focus', again, { signal });
    const unsubscribe = app.jobs.store.subscribe(({ error, groups }, before) => {
      const fresh = error && error !== before.error;
      if (fresh && error.code === 'access_required') void goToLogin(app);
      if (fresh && isUnreachable(error.code)) {
        app.ui.setService({ state: 'unreachable' });
      } else if (groups.length > before.groups.length) again();
    });
    return () => {
      controller.abort();
      unsubscribe();
    };
  }, [app]);
}
