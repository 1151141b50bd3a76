import {
  addLayers,
  type Command,
  chain,
  type Document,
  replaceLayer,
  settleGroups,
} from '../../editor/document.ts';
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

/** A second click while the pixels are made is the same click. */
let underWay = false;

async function once({ ui }: App, place: () => Promise<void>): Promise<void> {
  if (underWay) return;
  underWay = true;
  try {
    await place();
  } catch (error) {
    ui.fail(failureOf(error));
  } finally {
    underWay = false;
  }
}

/** Lays the selected picture over the document as a layer. Never rejects. */
export function placePicture(app: App): Promise<void> {
  const { editor, jobs, placing, ui } = app;
  return once(app, async () => {
    const document = editor.document();
    const group = jobs.setApart();
    const picture = group?.results[0]?.picture;
    if (!document || !picture) return;
    focusStage();
    const { image, made } = picture;
    const id = await placing.add(image, made, containedRect(image, document.frame), [group.id]);
    if (id === null) return;
    ui.announce('place.done');
    startPlacing(app, id);
  });
}

/**
 * Where the service reframed the picture, its raw answer becomes a layer of its own: of the selected result, which is
 * accepted with it, or in place of an accepted layer. Never rejects.
 */
export function placeReframed(app: App, layerId: string | null): Promise<void> {
  const { editor, ui } = app;
  return once(app, async () => {
    const document = editor.document();
    if (!document) return;
    ui.setPanel(null);
    focusStage();
    const command =
      layerId === null ? await resultPlaced(app, document) : await layerPlaced(app, document, layerId);
    // Another document may have been opened meanwhile.
    if (!command || editor.document()?.id !== document.id) return;
    editor.run('place', command);
    ui.announce('place.done');
  });
}

const placed = ({ placing }: App, layer: Layer) => (isReframed(layer) ? placing.asPlaced(layer) : layer);

async function layerPlaced(app: App, { layers }: Document, id: string): Promise<Command | null> {
  const layer = layers.find((candidate) => candidate.id === id);
  return layer ? replaceLayer(await placed(app, layer)) : null;
}

async function resultPlaced(app: App, document: Document): Promise<Command | null> {
  const { jobs } = app;
  const found = findSelected(jobs.waiting(), jobs.store.getState().selected);
  const group = jobs.setApart();
  if (!found || !group) return null;
  const layers = await Promise.all(layersOf(found.result, document).map((layer) => placed(app, layer)));
  return chain(addLayers(layers), settleGroups([group.id]));
}
