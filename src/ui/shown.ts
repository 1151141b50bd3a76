import type { Document } from '../editor/document.ts';
import type { Layer } from '../editor/layer.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { BlendPreview } from '../jobs/blending.ts';
import type { Glimpse, ResultGroup, Selection } from '../jobs/job.ts';
import { findSelected, layersOf, waitingGroups } from '../jobs/staging.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { App } from './app.ts';

/** A stack whose layers know how they were made. */
export interface LayeredPicture extends LayerStack {
  readonly layers: readonly Layer[];
}

/** The picture of a result as a stack of its own. */
const stackOfPicture = (picture: LayerStack['picture']): LayeredPicture => ({
  frame: { x: 0, y: 0, width: picture.width, height: picture.height },
  picture,
  layers: [],
});

/**
 * What is looked at: the document, with the previewed result's layer on it, or the previewed picture where it is
 * one of its own. Download writes exactly this.
 */
export function shownStack(
  document: Document | null,
  groups: readonly ResultGroup[],
  selected: Selection | null,
  blending: BlendPreview | null = null,
): LayeredPicture | null {
  const found = findSelected(groups, selected);
  if (!found) return document && withPreview(document, blending);
  const { picture } = found.result;
  if (picture) return stackOfPicture(picture.image);
  if (!document) return null;
  const previewed = blending?.target.kind === 'result' && blending.target.resultId === found.result.id;
  const layers = previewed ? blending.layers : layersOf(found.result, document);
  return { ...document, layers: [...document.layers, ...layers] };
}

/** The document with a layer in the blending that the sliders say. */
function withPreview(document: Document, blending: BlendPreview | null): LayeredPicture {
  if (blending?.target.kind !== 'layer') return document;
  const { id } = blending.target;
  const [changed] = blending.layers;
  return { ...document, layers: document.layers.map((layer) => (layer.id === id && changed) || layer) };
}

/** What is looked at, with the unfinished pictures of requests that run: they are seen, and nothing else. */
export function withGlimpses(
  stack: LayeredPicture | null,
  document: Document | null,
  glimpses: readonly NonNullable<Glimpse['over']>[],
): LayeredPicture | null {
  const layers = glimpses.flatMap(({ documentId, layer }) => (documentId === document?.id ? layer : []));
  if (!stack || layers.length === 0 || stack.picture.id !== document?.picture.id) return stack;
  return { ...stack, layers: [...stack.layers, ...layers] };
}

/** Frame of what is looked at, for fitting it; null while nothing is. */
export function shownFrame({ editor, jobs }: Pick<App, 'editor' | 'jobs'>): PixelRect | null {
  const document = editor.document();
  const { groups, selected } = jobs.store.getState();
  return shownStack(document, waitingGroups(groups, document), selected)?.frame ?? null;
}
