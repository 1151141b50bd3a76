import { ChevronDown, Contrast, Copy, FileDown, ImageDown, Scissors, Share } from 'lucide-react';
import { useStore } from 'zustand';
import { exportMask } from '../actions/exportMask.ts';
import { downloadPicture, exportHole } from '../actions/exportPicture.ts';
import type { PictureFormat } from '../actions/fileNames.ts';
import { copyMask } from '../actions/maskClipboard.ts';
import { useApp, useEditor, useJobs, useTranslate } from '../app.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../controls/Menu.tsx';
import { useNarrow } from '../controls/useNarrow.ts';

const formats: readonly { readonly value: PictureFormat; readonly label: string }[] = [
  { value: 'png', label: 'PNG' },
  { value: 'jpeg', label: 'JPEG' },
  { value: 'webp', label: 'WebP' },
];
const details = ['none', 'basic', 'all'] as const;

export function ExportMenu() {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const format = useStore(app.preferences.store, (state) => state.exportFormat);
  const metadata = useStore(app.preferences.store, (state) => state.exportMetadata);
  const hasDocument = useEditor((state) => state.document !== null);
  const hasMask = useEditor((state) => (state.document?.mask.tiles.size ?? 0) > 0);
  const previewing = useJobs((state) => state.selected !== null);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className={`button ${narrow ? 'icon' : 'plain trigger'}`}
          aria-label={t('export')}
          disabled={!hasDocument && !previewing}
        >
          {narrow ? <Share aria-hidden /> : <span>{t('export')}</span>}
          {!narrow && <ChevronDown aria-hidden />}
        </button>
      }
    >
      <MenuChoice
        label={t('export.format')}
        value={format}
        options={formats}
        onChange={(exportFormat) => app.preferences.set({ exportFormat })}
      />
      <p className="menu-note">{t('export.recompress')}</p>
      <MenuChoice
        label={t('export.metadata')}
        value={metadata}
        options={details.map((value) => ({
          value,
          label: t(`export.metadata.${value}`),
          note: t(`export.metadata.${value}.note`),
        }))}
        onChange={(exportMetadata) => app.preferences.set({ exportMetadata })}
      />
      <p className="menu-note">{t('export.metadata.always')}</p>
      <MenuLine />
      <MenuItem
        icon={ImageDown}
        label={t('export.image')}
        keys="Mod+Shift+E"
        data-testid="export-image"
        onSelect={() => void downloadPicture(app)}
      />
      <MenuLine />
      <MenuItem
        icon={FileDown}
        label={t('export.mask')}
        disabled={!hasDocument}
        onSelect={() => void exportMask(app)}
      />
      <MenuItem
        icon={Contrast}
        label={t('export.mask.grey')}
        disabled={!hasDocument}
        data-testid="export-mask-grey"
        onSelect={() => void exportMask(app, 'white-edit')}
      />
      <MenuItem
        icon={Copy}
        label={t('copy.mask')}
        disabled={!hasDocument}
        data-testid="copy-mask"
        onSelect={() => void copyMask(app)}
      />
      <MenuItem
        icon={Scissors}
        label={t('export.hole')}
        disabled={!hasMask}
        data-testid="export-hole"
        onSelect={() => void exportHole(app)}
      />
      <p className="menu-note">{t('export.hole.note')}</p>
    </Menu>
  );
}
