import { Eraser, Move } from 'lucide-react';
import { focusStage } from '../actions/focus.ts';
import { endErasing } from '../actions/layers.ts';
import { useApp, useEditor, useSession, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { say } from '../messages/say.ts';
import { layerName } from './layerName.ts';
import './layerAtWork.css';

/** Says that the brushes erase a layer, or that one is moved, and ends it. */
export function LayerAtWork() {
  const app = useApp();
  const t = useTranslate();
  const erasing = useSession((state) => state.layerId);
  const placing = useSession((state) => state.placing);
  const id = placing ?? erasing;
  const layer = useEditor((state) => state.document?.layers.find((candidate) => candidate.id === id));
  if (!layer) return null;
  const called = layerName(layer);
  const name = typeof called === 'string' ? called : say(t, called);
  const Icon = placing ? Move : Eraser;
  function end() {
    if (!placing) return endErasing(app);
    app.session.setPlacing(null);
    focusStage();
  }
  return (
    <div className="at-work panel" data-testid={placing ? 'placing-layer' : 'erasing-layer'}>
      <Icon aria-hidden />
      <span className="at-work-words">{t(placing ? 'layer.placing' : 'layer.erasing', { name })}</span>
      <Button
        look="primary"
        label={t('layer.atWork.end')}
        data-testid={placing ? 'placing-done' : 'erasing-done'}
        onClick={end}
      />
    </div>
  );
}
