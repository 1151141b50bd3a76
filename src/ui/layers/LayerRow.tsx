import { ArrowDown, ArrowUp, Combine, Eye, EyeOff, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useMemo } from 'react';
import type { Document } from '../../editor/document.ts';
import type { Layer } from '../../editor/layer.ts';
import { maskBounds } from '../../raster/measure.ts';
import { openBlend } from '../actions/blend.ts';
import { deleteLayer, merge, setVisible, shiftLayer, startErasing } from '../actions/layers.ts';
import { startPlacing } from '../actions/placing.ts';
import { useApp, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { useNarrow } from '../controls/useNarrow.ts';
import { say } from '../messages/say.ts';
import { layerName } from './layerName.ts';
import { StackPicture } from './StackPicture.tsx';

interface LayerRowProps {
  readonly layer: Layer;
  readonly below: Layer | null;
  /** 0 is the top. */
  readonly place: number;
  readonly count: number;
  readonly document: Document;
  /** Its actions are shown. */
  readonly open: boolean;
  readonly onOpen: () => void;
}

export function LayerRow({ layer, place, document, open, onOpen, ...rest }: LayerRowProps) {
  const app = useApp();
  const t = useTranslate();
  const called = layerName(layer);
  const name = typeof called === 'string' ? called : say(t, called);
  const { visible, origin, mask, rect } = layer;
  const seen = useMemo(() => maskBounds(mask) ?? rect, [mask, rect]);
  // Elsewhere this key clears the mask.
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.code !== 'Delete' && event.code !== 'Backspace') return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.closest<HTMLElement>('.side-panel')?.focus({ preventScroll: true });
    deleteLayer(app, layer);
  }
  return (
    <li className="layer" data-open={open} data-hidden={!visible} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="layer-choose"
        aria-expanded={open}
        data-testid={`layer-${place}`}
        onClick={onOpen}
      >
        <StackPicture
          stack={{ frame: seen, picture: document.picture, layers: [{ ...layer, visible: true }] }}
        />
        <span className="layer-words">
          <span className="layer-name">{name}</span>
          <span className="layer-kind">{visible ? t(`layer.kind.${origin.kind}`) : t('layer.hidden')}</span>
        </span>
      </button>
      <Button
        icon={visible ? Eye : EyeOff}
        label={t(visible ? 'layer.hide' : 'layer.show')}
        data-testid={`layer-eye-${place}`}
        onClick={() => setVisible(app, layer, !visible)}
      />
      {open && <LayerActions layer={layer} place={place} onShift={onOpen} {...rest} />}
    </li>
  );
}

/** The panel gets the focus of a button that goes with its layer. */
function keepFocus({ currentTarget, detail }: MouseEvent<HTMLElement>) {
  if (detail === 0) currentTarget.closest<HTMLElement>('.side-panel')?.focus({ preventScroll: true });
}

type LayerActionsProps = Pick<LayerRowProps, 'layer' | 'below' | 'place' | 'count'> & {
  /** Its actions go along with a layer that changes its place. */
  readonly onShift: () => void;
};

function LayerActions({ layer, below, place, count, onShift }: LayerActionsProps) {
  const app = useApp();
  const t = useTranslate();
  const narrow = useNarrow();
  const { kind } = layer.origin;
  function shift(by: -1 | 1) {
    onShift();
    shiftLayer(app, layer, by);
  }
  return (
    <div className="layer-actions">
      <div className="layer-words-actions">
        <Button
          look="outline"
          label={t('layer.erase')}
          hint={t('layer.erase.hint')}
          data-testid="layer-erase"
          onClick={() => {
            // The sheet would cover what is to be erased.
            if (narrow) app.ui.setPanel(null);
            startErasing(app, layer);
          }}
        />
        {kind === 'result' && (
          <Button
            look="outline"
            label={t('layer.blend')}
            data-testid="layer-blend"
            onClick={() => openBlend(app, layer.id)}
          />
        )}
        {kind === 'placed' && (
          <Button
            look="outline"
            label={t('layer.place')}
            data-testid="layer-place"
            onClick={() => {
              if (narrow) app.ui.setPanel(null);
              startPlacing(app, layer.id);
            }}
          />
        )}
      </div>
      <Button
        icon={ArrowUp}
        label={t('layer.up')}
        disabled={place === 0}
        data-testid="layer-up"
        onClick={() => shift(1)}
      />
      <Button
        icon={ArrowDown}
        label={t('layer.down')}
        disabled={place === count - 1}
        data-testid="layer-down"
        onClick={() => shift(-1)}
      />
      <Button
        icon={Combine}
        label={t('layer.merge')}
        disabled={!below?.visible || !layer.visible}
        data-testid="layer-merge"
        onClick={(event) => {
          keepFocus(event);
          if (below) void merge(app, [below.id, layer.id]);
        }}
      />
      <Button
        icon={Trash2}
        label={t('layer.delete')}
        data-testid="layer-delete"
        onClick={(event) => {
          keepFocus(event);
          deleteLayer(app, layer);
        }}
      />
    </div>
  );
}
