import type { App } from '../app.ts';
import { en, type MessageKey } from '../messages/en.ts';

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
  const previewed = modifying.store.getState().operation;
  if (previewed) {
    modifying.drop();
    ui.announce('undo.done', { step: { key: stepKey(previewed.kind) } });
    return;
  }
  // A mask that is only previewed isn't either.
  if (ui.store.getState().panel?.kind === 'import-mask') {
    ui.setPanel(null);
    ui.announce('undo.done', { step: { key: stepKey('import') } });
    return;
  }
  if (jobs.takeBack()) {
    ui.announce('undo.done', { step: { key: stepKey('discard') } });
    return;
  }
  const label = editor.store.getState().undoLabel;
  if (editor.undo() && label) ui.announce('undo.done', { step: { key: stepKey(label) } });
}

export function redo({ editor, ui }: App): void {
  const label = editor.store.getState().redoLabel;
  if (editor.redo() && label) ui.announce('redo.done', { step: { key: stepKey(label) } });
}
