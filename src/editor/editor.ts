import { createStore } from 'zustand/vanilla';
import type { DenseTile } from '../raster/tile.ts';
import type { Command, Document } from './document.ts';
import type { History, Step } from './history.ts';
import { coldTiles, HISTORY_BUDGET, historyOf, jump, present, push, weigh } from './history.ts';

export interface EditorState {
  /** null while nothing is open. */
  readonly document: Document | null;
  /** Bytes that the timeline may hold. */
  readonly budget: number;
  /** The timeline that the document is the present entry of. */
  readonly history: History | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What undo / redo would take back or bring again; a key of the message catalogue. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
}

export interface EditorOptions {
  /** Does work that may be spread over time, step by step, and calls back at its end; by default at once. */
  readonly slowly?: (steps: Iterator<unknown>, done: () => void) => void;
  /** Bytes that the timeline may hold. */
  readonly budget?: number;
}

const empty = {
  document: null,
  history: null,
  canUndo: false,
  canRedo: false,
  undoLabel: null,
  redoLabel: null,
} satisfies Omit<EditorState, 'budget'>;

function stateOf(history: History): Omit<EditorState, 'budget'> {
  const { entries, index } = history;
  return {
    document: present(history),
    history,
    canUndo: index > 0,
    canRedo: index < entries.length - 1,
    undoLabel: index > 0 ? entries[index]!.label : null,
    redoLabel: entries[index + 1]?.label ?? null,
  };
}

const atOnce: Required<EditorOptions>['slowly'] = (steps, done) => {
  while (!steps.next().done);
  done();
};

/** The document and its timeline. All changes of a document go through `run`. */
export function createEditor({ slowly = atOnce, budget = HISTORY_BUDGET }: EditorOptions = {}) {
  const store = createStore<EditorState>(() => ({ ...empty, budget }));
  /** Tiles that are not shown any more and wait to be packed. */
  let cold: DenseTile[] = [];
  let packing = false;
  const timeline = () => store.getState().history;

  const show = (history: History) => store.setState(stateOf(history));

  function* packSteps() {
    for (let tile = cold.pop(); tile; tile = cold.pop()) {
      tile.pack();
      yield;
    }
  }

  /** Packs what `left` showed and is not shown any more; the timeline is weighed once that is done. */
  function cool(left: Document) {
    const now = store.getState().document;
    if (!now) return;
    // What was left and is shown again, as by undo and redo, stays unpacked.
    const again = cold.length > 0 ? new Set(coldTiles(now, left)) : null;
    if (again) cold = cold.filter((tile) => !again.has(tile));
    cold.push(...coldTiles(left, now));
    if (packing) return;
    packing = true;
    slowly(packSteps(), () => {
      packing = false;
      reweigh();
    });
  }

  function reweigh() {
    const history = timeline();
    const weighed = history && weigh(history, store.getState().budget);
    if (weighed && weighed !== history) show(weighed);
  }

  function move(index: number): boolean {
    const history = timeline();
    if (!history) return false;
    const next = jump(history, index);
    if (next === history) return false;
    show(next);
    cool(present(history));
    return true;
  }

  function resume(steps: readonly Step[], index: number, dropped: boolean) {
    cold = [];
    show(weigh(historyOf(steps, index, dropped), store.getState().budget));
  }

  return {
    store,
    document: () => store.getState().document,
    /** Shows another document with a timeline of its own. */
    open: (document: Document) => resume([{ label: 'open', at: Date.now(), document }], 0, false),
    /** Shows another document with the timeline that it had. */
    resume,
    close() {
      cold = [];
      store.setState(empty);
    },
    /** One undoable step. `label` is a key of the message catalogue. False when the command changed nothing. */
    run(label: string, command: Command): boolean {
      const history = timeline();
      if (!history) return false;
      const left = present(history);
      const document = command(left);
      if (document === left) return false;
      show(push(history, { label, at: Date.now(), document }));
      cool(left);
      return true;
    },
    undo: () => move((timeline()?.index ?? 0) - 1),
    redo: () => move((timeline()?.index ?? 0) + 1),
    /** Bytes that the timeline may hold; the oldest steps go at once when it holds more. */
    setBudget(budget: number) {
      store.setState({ budget });
      if (!packing) reweigh();
    },
    /** To any step of the timeline; those after it can be redone. False when it is there already. */
    jump: move,
  };
}

export type Editor = ReturnType<typeof createEditor>;
