import { Eye } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense } from 'react';
import { useTranslate } from '../app.ts';

/** Fetched when it is first opened. */
const ViewPanel = lazy(() => import('./ViewPanel.tsx'));

/** How mask and picture are seen. */
export function ViewMenu() {
  const t = useTranslate();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="button icon"
          aria-label={t('view')}
          title={t('view')}
          data-testid="view"
        >
          <Eye aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover view-menu"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t('view')}
        >
          <Suspense>
            <ViewPanel />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
