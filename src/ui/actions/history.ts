import type { App } from '../app.ts';
import { en, type MessageKey } from '../messages/en.ts';
import { closePanel } from './blend.ts';

/** The catalogue's words for a step of the history. */
export function stepKey(label: string): MessageKey {
  const key = `history.${label}`;
  return key in en ? (key as MessageKey) : 'history.brush';
}

export function undo({ blending, editor, jobs, modifying, session, ui }: App): void {
  const { unfinished } = session.store.getState();
  if (unfinished) {
    unfinished.takeBack();
    ui.announce('undo.done', { step: { key: 'shape.corner' } });
    return;
  }
  // Sliders that still move are no step of the history yet.
  if (blending.store.getState().settings) {
    blending.drop();
    ui.announce('undo.done', { step: { key: stepKey('blend') } });
    return;
  }
  const { wish } = modifying.store.getState();
  if (wish) {
    modifying.drop();
    ui.announce(wish.kind === 'import' ? 'import.cancelled' : 'operation.cancelled');
    return;
  }
  if (jobs.takeBack()) {
    ui.announce('undo.done', { step: { key: stepKey('discard') } });
    return;
  }
  const label = editor.store.getState().undoLabel;
  if (editor.undo() && label) ui.announce('undo.done', { step: { key: stepKey(label) } });
}

/** To any step of the timeline; those after it can be redone. */
export function jumpTo({ blending, editor, ui }: App, index: number): void {
  blending.drop();
  if (!editor.jump(index)) return;
  const { entries } = editor.store.getState().history!;
  const step = { key: stepKey(entries[index]!.label) };
  ui.announce('timeline.jumped', { k: index + 1, n: entries.length, step });
}

export function toggleHistory(app: App): void {
  if (app.ui.store.getState().panel?.kind === 'history') closePanel(app);
  else {
    // What the sliders say becomes a step, so that it is in the list.
    void app.blending.settle();
    app.ui.setPanel({ kind: 'history' });
  }
}

export function redo({ editor, ui }: App): void {
  const label = editor.store.getState().redoLabel;
  if (editor.redo() && label) ui.announce('redo.done', { step: { key: stepKey(label) } });
}
