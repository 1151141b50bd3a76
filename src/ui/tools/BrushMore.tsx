import { Settings2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense } from 'react';
import { useSession, useTranslate } from '../app.ts';
import { WithTooltip } from '../controls/Button.tsx';
import { useNarrow } from '../controls/useNarrow.ts';

/** Fetched when it is first opened. */
const BrushSettings = lazy(() => import('./BrushSettings.tsx'));

/** What of a brush is set less often than its size; the button says when it does not paint fully. */
export function BrushMore() {
  const t = useTranslate();
  const narrow = useNarrow();
  const opacity = useSession((state) => Math.round(state.brush.opacity * 100));
  const weak = opacity < 100 ? `${opacity} %` : null;
  return (
    <Popover.Root>
      <WithTooltip text={t('brush.more.hint')}>
        <Popover.Trigger asChild>
          <button
            type="button"
            className={`button plain brush-more ${narrow && !weak ? 'icon' : ''}`}
            aria-label={[t('brush.more'), weak].filter(Boolean).join(', ')}
            data-testid="brush-more"
          >
            <Settings2 aria-hidden />
            {(weak || !narrow) && <span>{weak ?? t('brush.more')}</span>}
          </button>
        </Popover.Trigger>
      </WithTooltip>
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
