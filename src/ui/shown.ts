import type { Document } from '../editor/document.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ResultGroup, Selection } from '../jobs/job.ts';
import { findSelected, waitingGroups } from '../jobs/staging.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { App } from './app.ts';

/** The picture of a result as a stack of its own. */
const stackOfPicture = (picture: LayerStack['picture']): LayerStack => ({
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
): LayerStack | null {
  const found = findSelected(groups, selected);
  if (!found) return document;
  const { layer, image } = found.result;
  if (!layer) return stackOfPicture(image);
  return document && { ...document, layers: [...document.layers, layer] };
}

/** Frame of what is looked at, for fitting it; null while nothing is. */
export function shownFrame({ editor, jobs }: Pick<App, 'editor' | 'jobs'>): PixelRect | null {
  const document = editor.document();
  const { groups, selected } = jobs.store.getState();
  return shownStack(document, waitingGroups(groups, document), selected)?.frame ?? null;
}
