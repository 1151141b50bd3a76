import { SlidersHorizontal } from 'lucide-react';
import { modelOf } from '../actions/run.ts';
import { useSession, useTranslate, useUi } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { fetched } from '../fetched.tsx';

const SettingsFields = fetched(() => import('./SettingsFields.tsx'));

/** Number, size, model and quality, as far as the engine offers them. */
export function DockSettings() {
  const t = useTranslate();
  const narrow = useNarrow();
  const ask = useSession((state) => state.ask);
  const service = useUi((state) => state.service);
  const most = modelOf(service, ask)?.maxResults ?? ask.count;
  const summary = t('settings.summary', { n: Math.min(ask.count, most) });
  return (
    <Popover
      className="settings"
      side="top"
      label={t('settings')}
      trigger={
        <button
          type="button"
          className={`button plain ${narrow ? 'icon' : ''}`}
          aria-label={`${t('settings')}, ${summary}`}
          data-testid="settings"
        >
          <SlidersHorizontal aria-hidden />
          {!narrow && <span>{summary}</span>}
        </button>
      }
    >
      <SettingsFields />
    </Popover>
  );
}
