import type { Document } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import type { Session } from '../editor/session.ts';
import type { Mask } from '../raster/mask.ts';
import type { Asking, PendingSelection, SelectionSource } from './tool.ts';

/** A tool that asks: told of the answer, or that there will be none. */
interface Asker {
  answered(mask: Mask): void;
  dropped(): void;
}

interface AskingOptions {
  readonly editor: Editor;
  readonly session: Session;
  readonly selection: SelectionSource;
}

/** Asks of all tools, one at a time: what would come late, to another document or another tool, never comes. */
export function createAsking({ editor, session, selection }: AskingOptions) {
  let current: { readonly asker: Asker; end(): void } | null = null;

  /** Without a word to who asked. */
  const withdraw = () => current?.end();

  function drop() {
    const asker = current?.asker;
    withdraw();
    asker?.dropped();
  }

  function ask(asker: Asker, begin: (document: Document) => PendingSelection) {
    withdraw();
    const document = editor.document();
    if (!document) return;
    const { layerId } = session.store.getState();
    const { answer, abandon } = begin(document);
    const stops = [
      editor.store.subscribe((state) => {
        if (state.document !== document) drop();
      }),
      session.store.subscribe((state) => {
        if (state.layerId !== layerId) drop();
      }),
    ];
    const mine = {
      asker,
      end() {
        current = null;
        for (const stop of stops) stop();
        abandon();
      },
    };
    current = mine;
    void answer.then((mask) => {
      if (current !== mine) return;
      mine.end();
      if (mask) asker.answered(mask);
      else asker.dropped();
    });
  }

  return {
    /** How one tool asks. */
    of: (asker: Asker): Asking => ({
      byColour: (seed, reach) => ask(asker, (document) => selection.byColour(document, seed, reach)),
      object: (hints) => ask(asker, (document) => selection.object(document, hints)),
      withdraw,
    }),
    /** True while an answer is waited for. */
    pending: () => current !== null,
    drop,
  };
}
