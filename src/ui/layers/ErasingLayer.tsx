import { Eraser } from 'lucide-react';
import { endErasing } from '../actions/layers.ts';
import { useApp, useEditor, useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { say } from '../messages/say.ts';
import { layerName } from './layerName.ts';
import './erasing.css';

/** Says that the brushes erase a layer, and ends it. */
export function ErasingLayer() {
  const app = useApp();
  const t = useTranslate();
  const id = useSession((state) => state.layerId);
  const layer = useEditor((state) => state.document?.layers.find((candidate) => candidate.id === id));
  if (!layer) return null;
  const called = layerName(layer);
  const name = typeof called === 'string' ? called : say(t, called);
  return (
    <div className="erasing panel" data-testid="erasing-layer">
      <Eraser aria-hidden />
      <span className="erasing-words">{t('layer.erasing', { name })}</span>
      <Button
        look="primary"
        label={t('layer.erasing.end')}
        data-testid="erasing-done"
        onClick={() => endErasing(app)}
      />
    </div>
  );
}
