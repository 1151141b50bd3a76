import { MASK_LOOKS, type MaskLook, type ViewOptions } from '../../editor/viewOptions.ts';
import type { App } from '../app.ts';

export function setView({ preferences }: App, change: Partial<ViewOptions>): void {
  preferences.set({ view: { ...preferences.store.getState().view, ...change } });
}

/** Seen at once, also where a result had made the mask step back. */
export function setMaskLook(app: App, maskLook: MaskLook): void {
  const { session, ui } = app;
  setView(app, { maskLook });
  session.setResultInView(false);
  ui.announce('view.look.now', { look: { key: `view.look.${maskLook}` } });
}

export function nextLook(app: App): void {
  // The mask is not seen while a layer is being erased.
  if (app.session.store.getState().layerId !== null) return;
  const { maskLook } = app.preferences.store.getState().view;
  setMaskLook(app, MASK_LOOKS[(MASK_LOOKS.indexOf(maskLook) + 1) % MASK_LOOKS.length]!);
}
