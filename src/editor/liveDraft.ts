import type { Draft } from '../raster/draft.ts';
import { beginDraft } from '../raster/draft.ts';
import { setMask } from './document.ts';
import type { Editor } from './editor.ts';

export type DraftEvent = 'painted' | 'committed' | 'dropped';
type Listener = (event: DraftEvent) => void;

/**
 * The mask while a stroke is being made: outside every store, so a pointer move costs no store write and no
 * render. It becomes one history entry, or is dropped without a trace.
 */
export function createLiveDraft(editor: Editor) {
  const listeners = new Set<Listener>();
  let draft: Draft | null = null;

  const notify = (event: DraftEvent) => {
    for (const listener of listeners) listener(event);
  };

  function drop() {
    if (!draft) return;
    draft = null;
    notify('dropped');
  }

  // Undo, or another document, in mid-stroke: the draft's base is gone, so the stroke is dropped.
  editor.store.subscribe((state, before) => {
    if (state.document?.mask !== before.document?.mask || state.document?.id !== before.document?.id) drop();
  });

  return {
    current: () => draft,
    /** null while nothing is open. An unfinished draft is dropped first. */
    begin(): Draft | null {
      drop();
      const document = editor.document();
      if (document) draft = beginDraft(document.mask, document.frame);
      return draft;
    },
    /** To be called after writing, so that the painter shows it in the next frame. */
    changed: () => notify('painted'),
    /** One undoable step, and the draft is gone. False when nothing was painted. */
    commit(label: string): boolean {
      if (!draft) return false;
      const mask = draft.commit();
      draft = null;
      const done = editor.run(label, setMask(mask));
      notify('committed');
      return done;
    },
    drop,
    subscribe(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type LiveDraft = ReturnType<typeof createLiveDraft>;
