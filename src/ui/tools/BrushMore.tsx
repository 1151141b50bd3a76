import { Settings2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense } from 'react';
import { useSession, useTranslate } from '../app.ts';
import { useNarrow } from '../controls/useNarrow.ts';

/** Fetched when it is first opened. */
const BrushSettings = lazy(() => import('./BrushSettings.tsx'));

/** What of a brush is set less often than its size; the button says when it does not paint fully. */
export function BrushMore() {
  const t = useTranslate();
  const narrow = useNarrow();
  const opacity = useSession((state) => Math.round(state.brush.opacity * 100));
  const weak = opacity < 100;
  const summary = weak ? t('brush.weak', { percent: `${opacity} %` }) : t('brush.more');
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={`button ${narrow ? 'icon' : 'plain'} brush-more`}
          aria-label={summary}
          data-weak={weak || undefined}
          data-testid="brush-more"
        >
          <Settings2 aria-hidden />
          {!narrow && <span>{summary}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover brush-settings"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t('brush.more')}
        >
          <Suspense>
            <BrushSettings />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
