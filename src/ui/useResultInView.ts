import { useEffect } from 'react';
import type { Document } from '../editor/document.ts';
import type { Job } from '../jobs/job.ts';
import { waitingGroups } from '../jobs/staging.ts';
import { eraseFrom, supportOf } from '../raster/combine.ts';
import type { App } from './app.ts';

/**
 * Whether a result is looked at after a change, so that the mask steps back: after Accept, and while results wait; not
 * once the mask is worked on. Null: as before.
 */
export function resultInViewAfter(
  document: Document,
  former: Document | null,
  resultsWait: boolean,
): boolean | null {
  if (document.id !== former?.id) return resultsWait || isAnswered(document);
  if (document.layers !== former.layers) {
    if (hasOthers(document, former)) return true;
    // Moved, hidden, erased or blended again: the mask stays as it is seen.
    if (!hasOthers(former, document)) return null;
    return resultsWait;
  }
  return document.mask === former.mask ? null : false;
}

const hasGlimpse = (running: readonly Job[]) => running.some(({ glimpse }) => glimpse?.over);

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

export function useResultInView({ editor, jobs, session }: App): void {
  useEffect(() => {
    const resultsWait = (document: Document | null) =>
      waitingGroups(jobs.store.getState().groups, document).length > 0;
    const endEditor = editor.store.subscribe(({ document }, { document: former }) => {
      const inView = document && resultInViewAfter(document, former, resultsWait(document));
      if (inView !== null) session.setResultInView(inView);
    });
    const endJobs = jobs.store.subscribe(({ selected, groups, running }, before) => {
      // An unfinished picture is looked at like a result, and gone without one the mask is seen as before.
      const [glimpsed, was] = [hasGlimpse(running), hasGlimpse(before.running)];
      if (glimpsed && !was) session.setResultInView(true);
      if (was && !glimpsed && !resultsWait(editor.document())) session.setResultInView(false);
      const arrived = groups !== before.groups && resultsWait(editor.document());
      if (arrived || (selected && selected !== before.selected)) session.setResultInView(true);
    });
    return () => {
      endEditor();
      endJobs();
    };
  }, [editor, jobs, session]);
}
