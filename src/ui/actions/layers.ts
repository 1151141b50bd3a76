import { mergeLayers, moveLayer, removeLayer, replaceLayer } from '../../editor/document.ts';
import type { Layer } from '../../editor/layer.ts';
import { mergedLayer } from '../../jobs/merging.ts';
import type { App } from '../app.ts';
import { layerName } from '../layers/layerName.ts';
import { failureOf } from './failure.ts';
import { focusStage } from './focus.ts';

export function setVisible({ editor, ui }: App, layer: Layer, visible: boolean): void {
  editor.run(visible ? 'show' : 'hide', replaceLayer({ ...layer, visible }));
  ui.announce(visible ? 'layer.shown' : 'layer.hidden');
}

/** By one place: 1 is up. */
export function shiftLayer({ editor, ui }: App, { id }: Layer, by: -1 | 1): void {
  const layers = editor.document()?.layers ?? [];
  const to = layers.findIndex((layer) => layer.id === id) + by;
  if (to < 0 || !editor.run('reorder', moveLayer(id, to))) return;
  ui.announce('layer.moved', { k: layers.length - to, n: layers.length });
}

export function deleteLayer({ editor, ui }: App, { id }: Layer): void {
  if (editor.run('remove', removeLayer(id))) ui.announce('layer.deleted');
}

/** From now on the brushes erase this layer; a hidden one is shown for it. */
export function startErasing(app: App, layer: Layer): void {
  const { session, ui } = app;
  if (!layer.visible) setVisible(app, layer, true);
  session.setLayer(layer.id);
  session.setTool('erase');
  ui.announce('layer.erasing', { name: layerName(layer) });
  focusStage();
}

/** The brushes paint the mask again; it stays an outline, so that the layer is seen. */
export function endErasing({ session, ui }: App): void {
  session.setLayer(null);
  session.setResultInView(true);
  ui.announce('layer.erasing.done');
  focusStage();
}

/** Makes one layer of several visible ones: one step. Never rejects. */
export async function merge(app: App, ids: readonly string[]): Promise<void> {
  const { codec, editor, ui } = app;
  const document = editor.document();
  if (!document) return;
  const controller = new AbortController();
  const busy = { key: 'merge.busy', cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const merged = await mergedLayer(controller.signal, codec, document, ids);
    // Nothing was merged that has changed since.
    const same = editor.document()?.layers === document.layers;
    if (same && !controller.signal.aborted && editor.run('merge', mergeLayers(ids, merged))) {
      ui.announce('merge.done');
    } else codec.forget(merged.image.id);
  } catch (error) {
    if (!controller.signal.aborted) ui.fail(failureOf(error));
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}
