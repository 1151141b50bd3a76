import { createStore } from 'zustand/vanilla';
import type { Command, Document } from './document.ts';
import type { History } from './history.ts';
import { present, push, startHistory, step } from './history.ts';

export interface EditorState {
  /** null while nothing is open. */
  readonly document: Document | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What undo / redo would take back or bring again; a key of the message catalogue. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
}

const empty: EditorState = {
  document: null,
  canUndo: false,
  canRedo: false,
  undoLabel: null,
  redoLabel: null,
};

function stateOf(history: History): EditorState {
  const { entries, index } = history;
  return {
    document: present(history),
    canUndo: index > 0,
    canRedo: index < entries.length - 1,
    undoLabel: index > 0 ? entries[index]!.label : null,
    redoLabel: entries[index + 1]?.label ?? null,
  };
}

/** The document and its timeline. All changes of a document go through `run`. */
export function createEditor() {
  const store = createStore<EditorState>(() => empty);
  let history: History | null = null;

  function show(next: History) {
    history = next;
    store.setState(stateOf(next), true);
  }

  function move(by: -1 | 1): boolean {
    if (!history) return false;
    const next = step(history, by);
    if (next === history) return false;
    show(next);
    return true;
  }

  return {
    store,
    document: () => store.getState().document,
    /** Shows another document with a timeline of its own. */
    open(document: Document) {
      show(startHistory('open', document));
    },
    close() {
      history = null;
      store.setState(empty, true);
    },
    /** One undoable step. `label` is a key of the message catalogue. False when the command changed nothing. */
    run(label: string, command: Command): boolean {
      if (!history) return false;
      const document = command(present(history));
      if (document === present(history)) return false;
      show(push(history, label, document));
      return true;
    },
    undo: () => move(-1),
    redo: () => move(1),
  };
}

export type Editor = ReturnType<typeof createEditor>;
