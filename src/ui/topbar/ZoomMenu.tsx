import { zoomOf } from '../../geometry/viewport.ts';
import { useApp, useEditor, useJobs, useSession, useTranslate } from '../app.ts';
import { Menu, MenuItem } from '../controls/Menu.tsx';

/** Of one step of a button or key. */
export const ZOOM_STEP = 1.25;

export function ZoomMenu() {
  const { stage } = useApp();
  const t = useTranslate();
  const percent = useSession((state) => Math.round(zoomOf(state.viewport) * 100));
  const nothing = useEditor((state) => state.document === null);
  const previewing = useJobs((state) => state.selected !== null);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="button plain zoom"
          data-testid="zoom"
          aria-label={`${t('zoom')}, ${percent} %`}
          disabled={nothing && !previewing}
        >
          {`${percent} %`}
        </button>
      }
    >
      <MenuItem label={t('zoom.fit')} keys="0" onSelect={() => stage.fit()} />
      <MenuItem label={t('zoom.actual')} keys="1" onSelect={() => stage.actualSize()} />
      <MenuItem label={t('zoom.in')} keys="+" onSelect={() => stage.zoomBy(ZOOM_STEP)} />
      <MenuItem label={t('zoom.out')} keys="−" onSelect={() => stage.zoomBy(1 / ZOOM_STEP)} />
    </Menu>
  );
}
