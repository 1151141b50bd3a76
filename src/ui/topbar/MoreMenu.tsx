import { CircleQuestionMark, Ellipsis, History, Layers } from 'lucide-react';
import { useStore } from 'zustand';
import { toggleLayers } from '../actions/blend.ts';
import { toggleHistory } from '../actions/history.ts';
import { useApp, useEditor, useTranslate } from '../app.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../controls/Menu.tsx';
import { useNarrow, useSmall, useTiny } from '../controls/useNarrow.ts';
import { languageNames } from '../messages/language.ts';
import { RecentItems } from './RecentMenu.tsx';

export function MoreMenu() {
  const app = useApp();
  const { preferences, ui } = app;
  const t = useTranslate();
  const narrow = useNarrow();
  const small = useSmall();
  const tiny = useTiny();
  const nothing = useEditor((state) => state.document === null);
  const { theme, language } = useStore(preferences.store);
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className="button icon" aria-label={t('more')} title={t('more')}>
          <Ellipsis aria-hidden />
        </button>
      }
    >
      {small && !nothing && (
        <>
          {tiny && (
            <MenuItem
              icon={Layers}
              label={t('layers')}
              data-testid="layers"
              onSelect={() => toggleLayers(app)}
            />
          )}
          <MenuItem
            icon={History}
            label={t('timeline')}
            data-testid="history"
            onSelect={() => toggleHistory(app)}
          />
          <MenuLine />
        </>
      )}
      {narrow && (
        <>
          <RecentItems />
          <MenuLine />
        </>
      )}
      <MenuItem
        icon={CircleQuestionMark}
        label={t('help')}
        keys="?"
        onSelect={() => ui.setDialog({ kind: 'help' })}
      />
      <MenuLine />
      <MenuChoice
        label={t('theme')}
        value={theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({
          value,
          label: t(`theme.${value}`),
        }))}
        onChange={(next) => preferences.set({ theme: next })}
      />
      <MenuLine />
      <MenuChoice
        label={t('language')}
        value={language}
        options={[
          { value: 'system' as const, label: t('language.system') },
          { value: 'en' as const, label: languageNames.en },
          { value: 'ko' as const, label: languageNames.ko },
        ]}
        onChange={(next) => preferences.set({ language: next })}
      />
    </Menu>
  );
}
