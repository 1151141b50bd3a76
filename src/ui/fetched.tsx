import { type ComponentType, useEffect, useState } from 'react';
import { type App, useApp } from './app.ts';

/**
 * A component whose code comes when it is first shown. Where it can't be fetched nothing is shown in its place, that is
 * said, and all else goes on; React's own `lazy` would take the whole page along. Chromium remembers a failed import
 * until the page is loaded anew, other browsers try again.
 */
export function fetched<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  onMissing: (app: App) => void = () => undefined,
): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  // biome-ignore lint/correctness/noComponentHookFactories: as React's own lazy, this is a factory.
  return function Fetched(props: P) {
    const app = useApp();
    const [Part, setPart] = useState(() => known);
    useEffect(() => {
      if (known) return;
      let shown = true;
      load().then(
        (module) => {
          known = module.default;
          if (shown) setPart(() => module.default);
        },
        () => {
          if (!shown) return;
          onMissing(app);
          app.ui.fail({ code: 'server_unreachable', detail: '' });
        },
      );
      return () => {
        shown = false;
      };
    }, [app]);
    return Part && <Part {...props} />;
  };
}
