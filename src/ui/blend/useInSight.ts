import { useEffect } from 'react';
import type { Layer } from '../../editor/layer.ts';
import { type PixelRect, union } from '../../geometry/rect.ts';
import { imagePoint } from '../../geometry/spaces.ts';
import { panBy } from '../../geometry/viewport.ts';
import { maskBounds } from '../../raster/measure.ts';
import { type App, useApp } from '../app.ts';

/** CSS px between what is looked at and the panel. */
const MARGIN = 16;
/** CSS px at the top that the bars take: nothing is moved below them. */
const BARS = 124;

/** Moves the picture, once, so far that the panel does not cover what its sliders change. */
export function useInSight(layers: readonly Layer[]): void {
  const app = useApp();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the panel opens for a target
  useEffect(() => {
    const panel = document.querySelector('.side-panel')?.getBoundingClientRect();
    if (panel) moveAside(app, layers, panel);
  }, []);
}

function moveAside({ session, stage }: App, layers: readonly Layer[], panel: DOMRect) {
  const rect = layers.reduce<PixelRect | null>((all, { mask }) => union(all, maskBounds(mask)), null);
  if (!rect) return;
  const from = stage.imageToClient(imagePoint(rect.x, rect.y));
  const to = stage.imageToClient(imagePoint(rect.x + rect.width, rect.y + rect.height));
  const covered = to.x > panel.left && from.x < panel.right && to.y > panel.top && from.y < panel.bottom;
  if (!covered) return;
  const { viewport } = session.store.getState();
  // A sheet takes the width of the window.
  const below = panel.width > window.innerWidth / 2;
  const x = below ? 0 : panel.left - MARGIN - to.x;
  const y = below ? Math.min(0, Math.max(panel.top - MARGIN - to.y, BARS - from.y)) : 0;
  session.setViewport(panBy(viewport, x, y));
}
