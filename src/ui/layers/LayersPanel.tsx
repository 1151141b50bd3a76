import { useState } from 'react';
import { closePanel } from '../actions/blend.ts';
import { merge } from '../actions/layers.ts';
import { useApp, useEditor, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { SidePanel } from '../controls/SidePanel.tsx';
import { LayerRow } from './LayerRow.tsx';
import { StackPicture } from './StackPicture.tsx';
import './layers.css';

/** The document's layers from the top to the picture itself. */
export default function LayersPanel() {
  const app = useApp();
  const t = useTranslate();
  const document = useEditor((state) => state.document);
  const [chosen, setChosen] = useState<string | null>(null);
  const layers = document?.layers.toReversed() ?? [];
  // The topmost is what somebody opens this for.
  const open = layers.some(({ id }) => id === chosen) ? chosen : (layers[0]?.id ?? null);
  const visible = layers.filter((layer) => layer.visible);
  return (
    <SidePanel
      title={t('layers')}
      closeLabel={t('panel.close')}
      onClose={() => closePanel(app)}
      data-testid="layers-panel"
    >
      {layers.length === 0 && <p className="layers-empty">{t('layers.empty')}</p>}
      {document && (
        <ol className="layers" aria-label={t('layers.order')}>
          {layers.map((layer, k) => (
            <LayerRow
              key={layer.id}
              layer={layer}
              below={layers[k + 1] ?? null}
              place={k}
              count={layers.length}
              document={document}
              open={layer.id === open}
              onOpen={() => setChosen(layer.id)}
            />
          ))}
          <li className="layer base">
            <StackPicture stack={{ ...document, layers: [] }} />
            <span className="layer-words">
              <span className="layer-name">{t('layers.picture')}</span>
              <span className="layer-kind">{t('layers.picture.hint')}</span>
            </span>
          </li>
        </ol>
      )}
      {visible.length > 1 && (
        <Button
          look="outline"
          label={t('layers.mergeAll')}
          hint={t('layers.mergeAll.hint')}
          data-testid="layers-merge-all"
          onClick={() =>
            void merge(
              app,
              visible.map(({ id }) => id),
            )
          }
        />
      )}
    </SidePanel>
  );
}
