import { useMemo } from 'react';
import type { BlendSettings } from '../../blend/blendSettings.ts';
import type { Layer } from '../../editor/layer.ts';
import { type BlendTarget, sameTarget, settingsOf } from '../../jobs/blending.ts';
import { findSelected, layersOf, waitingGroups } from '../../jobs/staging.ts';
import { useBlending, useEditor, useJobs, useUi } from '../app.ts';

export interface Blended {
  readonly target: BlendTarget;
  /** As they are shown now, sliders included. */
  readonly layers: readonly Layer[];
  readonly settings: BlendSettings;
}

/** What the blend panel works on; null when it is closed, or when nothing that can be blended is selected. */
export function useBlendTarget(): Blended | null {
  const panel = useUi((state) => state.panel);
  const document = useEditor((state) => state.document);
  const groups = useJobs((state) => state.groups);
  const selected = useJobs((state) => state.selected);
  const { preview, settings } = useBlending((state) => state);
  return useMemo(() => {
    if (panel?.kind !== 'blend' || !document) return null;
    const { layerId } = panel;
    const found = findSelected(waitingGroups(groups, document), selected);
    const layer = document.layers.find(({ id }) => id === layerId);
    const own = layerId === null ? found && layersOf(found.result, document) : layer && [layer];
    const target: BlendTarget | null =
      layerId !== null ? { kind: 'layer', id: layerId } : selected && { kind: 'result', ...selected };
    if (!own || !target) return null;
    const mine = !preview || sameTarget(preview.target, target);
    const layers = (mine && preview?.layers) || own;
    const said = (mine && settings) || settingsOf(own);
    return said && { target, layers, settings: said };
  }, [panel, document, groups, selected, preview, settings]);
}
