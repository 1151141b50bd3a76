import { useEffect } from 'react';
import { sameRect } from '../geometry/rect.ts';
import type { App } from './app.ts';
import { shownStack } from './shown.ts';

/** A previewed picture of its own may have another size than the document: it is fitted, and so is the way back. */
export function usePreviewFit({ editor, jobs, stage }: App): void {
  useEffect(() => {
    return jobs.store.subscribe(({ groups, selected }, before) => {
      if (selected === before.selected) return;
      const document = editor.document();
      const frame = shownStack(document, groups, selected)?.frame;
      const former = shownStack(document, before.groups, before.selected)?.frame;
      if (frame && !(former && sameRect(frame, former))) stage.fit();
    });
  }, [editor, jobs, stage]);
}
