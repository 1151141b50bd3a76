import type { App } from '../app.ts';
import type { ResultLook } from '../state/ui.ts';

/** Opens the sliders for the selected result, or for an accepted layer. */
export function openBlend({ blending, ui }: App, layerId: string | null): void {
  void blending.settle();
  ui.setPanel({ kind: 'blend', layerId });
}

/** The button in the tray opens the sliders and closes them. */
export function toggleBlend(app: App): void {
  const { panel } = app.ui.store.getState();
  if (panel?.kind === 'blend' && panel.layerId === null) closePanel(app);
  else openBlend(app, null);
}

export function toggleLayers(app: App): void {
  if (app.ui.store.getState().panel?.kind === 'layers') closePanel(app);
  else {
    void app.blending.settle();
    app.ui.setPanel({ kind: 'layers' });
  }
}

export function toggleOperations(app: App): void {
  if (app.ui.store.getState().panel?.kind === 'operations') closePanel(app);
  else {
    void app.blending.settle();
    app.ui.setPanel({ kind: 'operations' });
  }
}

/** What the sliders say is kept. */
export function closePanel({ blending, ui }: App): void {
  void blending.settle();
  ui.setPanel(null);
}

/** A second click on what is looked at goes back to the painted mask. */
export function lookAt({ ui }: App, look: ResultLook): void {
  ui.setLook(ui.store.getState().look === look ? 'painted' : look);
}
