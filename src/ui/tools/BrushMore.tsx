import { Settings2 } from 'lucide-react';
import { useSession, useTranslate } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import { useCompact } from '../controls/useNarrow.ts';
import { fetched } from '../fetched.tsx';

/** Fetched when it is first opened. */
const BrushSettings = fetched(() => import('./BrushSettings.tsx'));

/** What of a brush is set less often than its size; the button says when it does not paint fully. */
export function BrushMore() {
  const t = useTranslate();
  const compact = useCompact();
  const opacity = useSession((state) => Math.round(state.brush.opacity * 100));
  const weak = opacity < 100;
  const summary = weak ? t('brush.weak', { percent: `${opacity} %` }) : t('brush.more');
  return (
    <Popover
      className="brush-settings"
      label={t('brush.more')}
      trigger={
        <button
          type="button"
          className={`button ${compact ? 'icon' : 'plain'} brush-more`}
          aria-label={summary}
          data-weak={weak || undefined}
          data-testid="brush-more"
        >
          <Settings2 aria-hidden />
          {!compact && <span>{summary}</span>}
        </button>
      }
    >
      <BrushSettings />
    </Popover>
  );
}
