import { ClipboardPaste, Contrast, FileDown, FileUp, SlidersHorizontal, SquareDashed } from 'lucide-react';
import { toggleOperations } from '../actions/blend.ts';
import { exportMask } from '../actions/exportMask.ts';
import { clearMask, invert } from '../actions/mask.ts';
import { pasteMask } from '../actions/maskClipboard.ts';
import { chooseMask } from '../actions/maskFiles.ts';
import { useApp, useEditor, useSession, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { Menu, MenuItem } from '../controls/Menu.tsx';
import { useCompact } from '../controls/useNarrow.ts';
import { ViewMenu } from './ViewMenu.tsx';

/** What can be done with the mask as a whole, whichever tool is active; nothing while a layer is being erased. */
export function MaskActions() {
  const app = useApp();
  const t = useTranslate();
  const compact = useCompact();
  const hasDocument = useEditor((state) => state.document !== null);
  const hasMask = useEditor((state) => (state.document?.mask.tiles.size ?? 0) > 0);
  const erasing = useSession((state) => state.layerId !== null);
  const modifying = useUi((state) => state.panel?.kind === 'operations');
  if (erasing) return null;
  const look = compact ? 'icon' : 'plain';
  return (
    <div className="mask-actions">
      <Button
        icon={Contrast}
        label={t('mask.invert')}
        keys="Mod+I"
        disabled={!hasDocument}
        onClick={() => invert(app)}
      />
      <Button
        icon={SquareDashed}
        label={t('mask.clear')}
        keys="Delete"
        disabled={!hasMask}
        onClick={() => clearMask(app)}
      />
      <Button
        icon={SlidersHorizontal}
        look={look}
        label={t('operations.open')}
        hint={compact ? t('operations') : t('operations.hint')}
        disabled={!hasDocument}
        aria-expanded={modifying}
        data-testid="modify-mask"
        onClick={() => toggleOperations(app)}
      />
      <ViewMenu />
      <ImportMenu />
      <Button
        icon={FileDown}
        look={look}
        label={t('export.mask')}
        hint={compact ? t('export.mask') : t('export.mask.hint')}
        disabled={!hasDocument}
        data-testid="export-mask"
        onClick={() => void exportMask(app)}
      />
    </div>
  );
}

function ImportMenu() {
  const app = useApp();
  const t = useTranslate();
  const nothing = useEditor((state) => state.document === null);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="button icon"
          aria-label={t('import')}
          title={t('import')}
          disabled={nothing}
          data-testid="import-mask"
        >
          <FileUp aria-hidden />
        </button>
      }
    >
      <MenuItem icon={FileUp} label={t('import.file')} data-testid="import-file" onSelect={chooseMask} />
      <MenuItem
        icon={ClipboardPaste}
        label={t('import.clipboard')}
        keys="Mod+Shift+V"
        data-testid="import-clipboard"
        onSelect={() => void pasteMask(app)}
      />
    </Menu>
  );
}
