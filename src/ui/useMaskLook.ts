import { useEffect } from 'react';
import type { Document } from '../editor/document.ts';
import type { MaskLook } from '../editor/session.ts';
import { waitingGroups } from '../jobs/staging.ts';
import { eraseFrom, supportOf } from '../raster/combine.ts';
import type { App } from './app.ts';

/**
 * How the mask is drawn after a change: erased while it is worked on; an outline after Accept, and while results
 * wait, so that the pixels themselves are seen. Null: as before.
 */
export function lookAfter(
  document: Document,
  former: Document | null,
  resultsWait: boolean,
): MaskLook | null {
  if (document.id !== former?.id) return resultsWait || isAnswered(document) ? 'outline' : 'erased';
  if (document.layers !== former.layers) {
    if (hasOthers(document, former)) return 'outline';
    // Moved, hidden, erased or blended again: the mask stays as it is seen.
    if (!hasOthers(former, document)) return null;
    return resultsWait ? 'outline' : 'erased';
  }
  return document.mask === former.mask ? null : 'erased';
}

/** Whether `a` has a layer that `b` has not. */
const hasOthers = (a: Document, b: Document) =>
  a.layers.some(({ id }) => !b.layers.some((layer) => layer.id === id));

/** Nothing is erased but where the layers lie, or an accepted result was asked for. */
function isAnswered({ layers, mask }: Document): boolean {
  if (layers.length === 0) return false;
  const answered = layers.flatMap(({ weights, origin }) => [
    weights,
    ...(origin.kind === 'result' ? [origin.asked] : []),
  ]);
  return eraseFrom(mask, supportOf(answered)).tiles.size === 0;
}

export function useMaskLook({ editor, jobs, session }: App): void {
  useEffect(() => {
    const resultsWait = (document: Document | null) =>
      waitingGroups(jobs.store.getState().groups, document).length > 0;
    const endEditor = editor.store.subscribe(({ document }, { document: former }) => {
      const look = document && lookAfter(document, former, resultsWait(document));
      if (look) session.setMaskLook(look);
    });
    const endJobs = jobs.store.subscribe(({ selected, groups }, before) => {
      const arrived = groups !== before.groups && resultsWait(editor.document());
      if (arrived || (selected && selected !== before.selected)) session.setMaskLook('outline');
    });
    return () => {
      endEditor();
      endJobs();
    };
  }, [editor, jobs, session]);
}
