import { Contrast, FileDown, SquareDashed } from 'lucide-react';
import { exportMask } from '../actions/exportMask.ts';
import { clearMask, invert } from '../actions/mask.ts';
import { useApp, useEditor, useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { ViewMenu } from './ViewMenu.tsx';

/** What can be done with the mask as a whole, whichever tool is active; nothing while a layer is being erased. */
export function MaskActions() {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const hasDocument = useEditor((state) => state.document !== null);
  const hasMask = useEditor((state) => (state.document?.mask.tiles.size ?? 0) > 0);
  const erasing = useSession((state) => state.layerId !== null);
  if (erasing) return null;
  const look = narrow ? 'icon' : 'plain';
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
      <ViewMenu />
      <Button
        icon={FileDown}
        look={look}
        label={t('export.mask')}
        hint={narrow ? t('export.mask') : t('export.mask.hint')}
        disabled={!hasDocument}
        data-testid="export-mask"
        onClick={() => void exportMask(app)}
      />
    </div>
  );
}
