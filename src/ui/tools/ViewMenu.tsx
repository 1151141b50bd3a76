import { Eye } from 'lucide-react';
import { useTranslate } from '../app.ts';
import { Popover } from '../controls/Popover.tsx';
import { fetched } from '../fetched.tsx';

/** Fetched when it is first opened. */
const ViewPanel = fetched(() => import('./ViewPanel.tsx'));

/** How mask and picture are seen. */
export function ViewMenu() {
  const t = useTranslate();
  return (
    <Popover
      className="view-menu"
      label={t('view')}
      trigger={
        <button
          type="button"
          className="button icon"
          aria-label={t('view')}
          title={t('view')}
          data-testid="view"
        >
          <Eye aria-hidden />
        </button>
      }
    >
      <ViewPanel />
    </Popover>
  );
}
