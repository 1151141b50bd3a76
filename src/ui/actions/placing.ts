import { addLayers, chain, replaceLayer, settleGroups } from '../../editor/document.ts';
import type { Layer } from '../../editor/layer.ts';
import { containedRect } from '../../jobs/placing.ts';
import { findSelected, layersOf } from '../../jobs/staging.ts';
import type { App } from '../app.ts';
import { isReframed } from '../blend/fitSummary.ts';
import { failureOf } from './failure.ts';
import { focusStage } from './focus.ts';

/** Lets a placed layer be moved and scaled on the canvas. */
export function startPlacing({ session }: App, layerId: string): void {
  session.setPlacing(layerId);
  focusStage();
}

/** Lays the selected picture over the document as a layer. Never rejects. */
export async function placePicture(app: App): Promise<void> {
  const { editor, jobs, placing, ui } = app;
  const document = editor.document();
  const group = jobs.setApart();
  const picture = group?.results[0]?.picture;
  if (!document || !picture) return;
  focusStage();
  try {
    const { image, made } = picture;
    const id = await placing.add(image, made, containedRect(image, document.frame), [group.id]);
    ui.announce('place.done');
    startPlacing(app, id);
  } catch (error) {
    ui.fail(failureOf(error));
  }
}

/**
 * Where the service reframed the picture, its raw answer becomes a layer of its own: of the selected result, which is
 * accepted with it, or in place of an accepted layer. Never rejects.
 */
export async function placeReframed(app: App, layerId: string | null): Promise<void> {
  const { editor, jobs, placing, ui } = app;
  const document = editor.document();
  if (!document) return;
  ui.setPanel(null);
  focusStage();
  const placed = (layer: Layer) => (isReframed(layer) ? placing.asPlaced(layer) : layer);
  try {
    if (layerId !== null) {
      const layer = document.layers.find(({ id }) => id === layerId);
      if (layer) editor.run('place', replaceLayer(await placed(layer)));
    } else {
      const found = findSelected(jobs.waiting(), jobs.store.getState().selected);
      const group = jobs.setApart();
      if (!found || !group) return;
      const layers = await Promise.all(layersOf(found.result, document).map(placed));
      editor.run('place', chain(addLayers(layers), settleGroups([group.id])));
    }
    ui.announce('place.done');
  } catch (error) {
    ui.fail(failureOf(error));
  }
}
