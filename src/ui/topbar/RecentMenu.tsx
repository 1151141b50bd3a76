import { FolderClock, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { openRecent } from '../actions/recent.ts';
import { useApp, useEditor, useLanguage, useTranslate } from '../app.ts';
import { Menu } from '../controls/Menu.tsx';
import { useRecent } from './useRecent.ts';

export function RecentMenu() {
  const t = useTranslate();
  return (
    <Menu
      trigger={
        <button type="button" className="button icon" aria-label={t('recent')} title={t('recent')}>
          <FolderClock aria-hidden />
        </button>
      }
    >
      <RecentItems />
    </Menu>
  );
}

/** Stored documents as items of a menu. */
export function RecentItems() {
  const app = useApp();
  const t = useTranslate();
  const language = useLanguage();
  const entries = useRecent();
  const openId = useEditor((state) => state.document?.id ?? null);
  const others = entries.filter(({ id }) => id !== openId);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  return (
    <DropdownMenu.Group>
      <DropdownMenu.Label className="menu-heading">{t('recent')}</DropdownMenu.Label>
      {others.length === 0 && <p className="menu-note">{t('recent.empty')}</p>}
      {others.map(({ id, name, width, height, savedAt, thumbnailUrl }) => (
        <div key={id} className="recent-row">
          <DropdownMenu.Item className="menu-item recent" onSelect={() => void openRecent(app, id, name)}>
            <img src={thumbnailUrl} alt="" />
            <span className="menu-label">
              <span className="recent-name">{name || t('app.untitled')}</span>
              <span className="recent-facts">
                {width} × {height} · {date.format(savedAt)}
              </span>
            </span>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item recent-remove"
            aria-label={t('recent.remove', { name: name || t('app.untitled') })}
            onSelect={() => app.ui.setDialog({ kind: 'remove-recent', id, name })}
          >
            <X aria-hidden />
          </DropdownMenu.Item>
        </div>
      ))}
    </DropdownMenu.Group>
  );
}
