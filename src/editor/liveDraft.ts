import type { PixelRect } from '../geometry/rect.ts';
import { changedTiles } from '../raster/compare.ts';
import type { Draft } from '../raster/draft.ts';
import { beginDraft } from '../raster/draft.ts';
import { type CoverageSource, type Mask, maskSource } from '../raster/mask.ts';
import type { Command, Document } from './document.ts';
import { replaceLayer, setMask } from './document.ts';
import type { Editor } from './editor.ts';
import { withErased } from './layer.ts';
import type { Session } from './session.ts';

export type DraftEvent = 'painted' | 'proposed' | 'committed' | 'dropped';
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
 * The mask while a stroke is being made, or as an operation whose sliders still move would leave it: outside every
 * store, so a pointer move costs no store write and no render. It becomes one history entry, or is dropped without
 * a trace. There is one at a time: beginning the next drops the one before.
 */
export function createLiveDraft(editor: Editor, session: Session) {
  const listeners = new Set<Listener>();
  let draft: Draft | null = null;
  let proposal: Mask | null = null;
  /** Tiles in which one proposal differs from what was shown before it. */
  let dirty: PixelRect[] = [];
  const layerId = () => session.store.getState().layerId;

  const notify = (event: DraftEvent) => {
    for (const listener of listeners) listener(event);
  };

  function drop() {
    if (!draft && !proposal) return;
    draft = null;
    proposal = null;
    notify('dropped');
  }

  /** What the draft comes to lie on; null while nothing is open. */
  function base(): Mask | null {
    const document = editor.document();
    return document && painted(document, layerId());
  }

  // Undo, or another document, in mid-stroke: the draft's base is gone, so the stroke is dropped.
  editor.store.subscribe(({ document }, { document: former }) => {
    if (document?.id !== former?.id || base() !== (former && painted(former, layerId()))) drop();
  });
  session.store.subscribe((state, before) => {
    if (state.layerId !== before.layerId) drop();
  });

  return {
    /** The draft of a stroke; null between strokes, and while there is only a proposal. */
    current: () => draft,
    /** What is shown instead of the mask that is painted on; null while nothing is being made. */
    shown: (): CoverageSource | null => draft ?? (proposal && maskSource(proposal)),
    base,
    /** null while nothing is open. An unfinished draft is dropped first. */
    begin(): Draft | null {
      drop();
      const document = editor.document();
      session.setResultInView(false);
      if (document) draft = beginDraft(painted(document, layerId()), document.frame);
      return draft;
    },
    /** Shows a whole mask in place of the base, until it is committed, dropped, or the next one is proposed. */
    propose(mask: Mask) {
      if (draft) drop();
      const before = proposal ?? base();
      if (!before) return;
      dirty.push(...changedTiles(before, mask));
      proposal = mask;
      session.setResultInView(false);
      notify('proposed');
    },
    /** To be called after writing, so that the painter shows it in the next frame. */
    changed: () => notify('painted'),
    /** Document px to be shown anew since the last call. */
    takeDirty(): PixelRect[] {
      const touched = draft?.takeDirty();
      const taken = touched ? [...dirty, touched] : dirty;
      dirty = [];
      return taken;
    },
    /** One undoable step, and the draft or the proposal is gone. False when nothing changed. */
    commit(label: string): boolean {
      const mask = draft?.commit() ?? proposal;
      if (!mask) return false;
      draft = null;
      proposal = null;
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
