import { Download, FolderOpen, Layers, Redo2, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { toggleLayers } from '../actions/blend.ts';
import { downloadPicture } from '../actions/exportPicture.ts';
import { redo, stepKey, undo } from '../actions/history.ts';
import { chooseFile } from '../actions/openFiles.ts';
import { useApp, useEditor, useJobs, useSession, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { useNarrow, useTiny } from '../controls/useNarrow.ts';
import { EngineStatus } from './EngineStatus.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { RecentMenu } from './RecentMenu.tsx';
import { ZoomMenu } from './ZoomMenu.tsx';
import './topbar.css';

function HistoryButtons() {
  const app = useApp();
  const t = useTranslate();
  const { canUndo, canRedo, undoLabel, redoLabel } = useEditor((state) => state);
  const unfinished = useSession((state) => state.unfinished !== null);
  const putAway = useJobs((state) => state.putAway.length > 0);
  const hint = (key: 'undo' | 'redo', label: string | null) =>
    label ? `${t(key)}: ${t(stepKey(label))}` : t(key);
  return (
    <>
      <Button
        icon={Undo2}
        label={t('undo')}
        hint={unfinished ? t('shape.takeBack') : hint('undo', putAway ? 'discard' : undoLabel)}
        keys="Mod+Z"
        disabled={!canUndo && !putAway && !unfinished}
        data-testid="undo"
        onClick={() => undo(app)}
      />
      <Button
        icon={Redo2}
        label={t('redo')}
        hint={hint('redo', redoLabel)}
        keys="Mod+Shift+Z"
        disabled={!canRedo}
        data-testid="redo"
        onClick={() => redo(app)}
      />
    </>
  );
}

function LayersButton() {
  const app = useApp();
  const t = useTranslate();
  const nothing = useEditor((state) => state.document === null);
  const open = useUi((state) => state.panel?.kind === 'layers');
  const tiny = useTiny();
  if (nothing || tiny) return null;
  return (
    <Button
      icon={Layers}
      label={t('layers')}
      aria-expanded={open}
      data-testid="layers"
      onClick={() => toggleLayers(app)}
    />
  );
}

function DownloadButton() {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const format = useStore(app.preferences.store, (state) => state.exportFormat);
  const nothing = useEditor((state) => state.document === null);
  const previewing = useJobs((state) => state.selected !== null);
  return (
    <Button
      icon={Download}
      look={narrow ? 'icon' : 'plain'}
      label={t('download')}
      hint={t('download.hint', { format: format.toUpperCase() })}
      keys="Mod+S"
      disabled={nothing && !previewing}
      data-testid="download"
      onClick={() => void downloadPicture(app)}
    />
  );
}

export function TopBar() {
  const t = useTranslate();
  const narrow = useNarrow();
  const name = useEditor((state) => state.document?.name ?? null);
  return (
    <header className="topbar">
      <div className="island panel" role="toolbar" aria-label={t('toolbar.top')}>
        {!narrow && <Mark />}
        <Button
          icon={FolderOpen}
          look={narrow ? 'icon' : 'plain'}
          label={t('open')}
          hint={t('open.hint')}
          keys="Mod+O"
          onClick={chooseFile}
        />
        {!narrow && <RecentMenu />}
        {!narrow && name !== null && <span className="document-name">{name || t('app.untitled')}</span>}
        {narrow && <HistoryButtons />}
      </div>
      <div className="island panel" role="toolbar" aria-label={t('export')}>
        {!narrow && <EngineStatus />}
        {!narrow && <span className="divider" />}
        {!narrow && <HistoryButtons />}
        <ZoomMenu />
        <LayersButton />
        <ExportMenu />
        <DownloadButton />
        <MoreMenu />
      </div>
    </header>
  );
}

/** Lacuna's mark: a picture with a gap in it. */
const Mark = () => (
  <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path
      fill="currentColor"
      d="M7 2.5h10A4.5 4.5 0 0 1 21.5 7v3.300a7 7 0 0 0-11.200 11.200H7A4.5 4.5 0 0 1 2.5 17V7A4.5 4.5 0 0 1 7 2.5Z"
    />
    <circle
      cx="16"
      cy="16"
      r="5"
      fill="none"
      stroke="var(--accent-text)"
      strokeWidth="2"
      strokeDasharray="3.1 2.136"
    />
  </svg>
);
