import type { Mask } from '../raster/mask.ts';
import type { PendingSelection, SelectionSource } from '../tools/tool.ts';
import { failureOf } from './actions/failure.ts';
import type { App } from './app.ts';
import type { UiState } from './state/ui.ts';

/** After this long, in ms, the stage shows that it waits. */
const PATIENCE = 150;

/** The codec's selections, with what is seen while they are made. */
export function createSelectionSource({ codec, session, ui }: App): SelectionSource {
  let latest: AbortController | null = null;

  function begin(work: (signal: AbortSignal) => Promise<Mask>): PendingSelection {
    const controller = new AbortController();
    const abandon = () => controller.abort();
    const patience = setTimeout(() => session.setWaiting(true), PATIENCE);
    const busy: UiState['busy'] = { key: 'select.busy', cancel: abandon };
    latest = controller;
    if (!ui.store.getState().busy) ui.setBusy(busy);

    async function answer() {
      try {
        return await work(controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) ui.fail(failureOf(error));
        return null;
      } finally {
        clearTimeout(patience);
        if (latest === controller) session.setWaiting(false);
        if (ui.store.getState().busy === busy) ui.setBusy(null);
      }
    }
    return { answer: answer(), abandon };
  }

  return {
    byColour: (stack, seed, reach) => begin((signal) => codec.selectByColour(signal, stack, seed, reach)),
    object: (stack, hints) => begin((signal) => codec.selectObject(signal, stack, hints)),
  };
}
