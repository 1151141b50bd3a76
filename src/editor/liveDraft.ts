import type { Draft } from '../raster/draft.ts';
import { beginDraft } from '../raster/draft.ts';
import type { Mask } from '../raster/mask.ts';
import type { Command, Document } from './document.ts';
import { replaceLayer, setMask } from './document.ts';
import type { Editor } from './editor.ts';
import { withErased } from './layer.ts';
import type { Session } from './session.ts';

export type DraftEvent = 'painted' | 'committed' | 'dropped';
type Listener = (event: DraftEvent) => void;

/** What strokes are made on: the document's mask, or what is erased of the layer that the session names. */
function painted(document: Document, layerId: string | null): Mask {
  return document.layers.find(({ id }) => id === layerId)?.erased ?? document.mask;
}

const paint =
  (layerId: string | null, mask: Mask): Command =>
  (document) => {
    const layer = document.layers.find(({ id }) => id === layerId);
    if (!layer) return setMask(mask)(document);
    return mask === layer.erased ? document : replaceLayer(withErased(layer, mask))(document);
  };

/**
 * The mask while a stroke is being made: outside every store, so a pointer move costs no store write and no
 * render. It becomes one history entry, or is dropped without a trace.
 */
export function createLiveDraft(editor: Editor, session: Session) {
  const listeners = new Set<Listener>();
  let draft: Draft | null = null;
  const layerId = () => session.store.getState().layerId;

  const notify = (event: DraftEvent) => {
    for (const listener of listeners) listener(event);
  };

  function drop() {
    if (!draft) return;
    draft = null;
    notify('dropped');
  }

  // Undo, or another document, in mid-stroke: the draft's base is gone, so the stroke is dropped.
  editor.store.subscribe(({ document }, { document: former }) => {
    const base = document && painted(document, layerId());
    if (document?.id !== former?.id || base !== (former && painted(former, layerId()))) drop();
  });
  session.store.subscribe((state, before) => {
    if (state.layerId !== before.layerId) drop();
  });

  return {
    current: () => draft,
    /** null while nothing is open. An unfinished draft is dropped first. */
    begin(): Draft | null {
      drop();
      const document = editor.document();
      if (document) draft = beginDraft(painted(document, layerId()), document.frame);
      return draft;
    },
    /** To be called after writing, so that the painter shows it in the next frame. */
    changed: () => notify('painted'),
    /** One undoable step, and the draft is gone. False when nothing was painted. */
    commit(label: string): boolean {
      if (!draft) return false;
      const mask = draft.commit();
      draft = null;
      const done = editor.run(label, paint(layerId(), mask));
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
