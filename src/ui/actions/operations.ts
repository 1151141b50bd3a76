import { setMask } from '../../editor/document.ts';
import { fillMask } from '../../raster/invert.ts';
import type { BorderSide, OperationKind } from '../../raster/operations/operation.ts';
import type { App } from '../app.ts';
import { operationOf, operationSettings } from '../operations/operationSettings.ts';
import { failureOf } from './failure.ts';
import { stepKey } from './history.ts';

export function closeOperations({ modifying, ui }: App): void {
  modifying.drop();
  ui.setPanel(null);
}

/** Shows on the canvas what an operation would do; said once when it begins. */
export function previewOperation(app: App, kind: OperationKind, value: number, side: BorderSide): void {
  const { modifying, ui } = app;
  const begins = modifying.store.getState().wish?.kind !== kind;
  const { min, max } = operationSettings[kind];
  modifying.preview(operationOf(kind, Math.min(max, Math.max(min, value)), side));
  if (begins && modifying.store.getState().wish)
    ui.announce('operation.previewed', { name: { key: `operation.${kind}` } });
}

/** One undoable step. Never rejects. */
export async function applyOperation({ modifying, ui }: App): Promise<void> {
  const applied = await modifying.apply();
  if (!applied) return;
  if (applied.changed) ui.announce('operation.done', { step: { key: stepKey(applied.kind) } });
  else ui.announce('operation.same');
}

export function cancelOperation({ modifying, ui }: App): void {
  modifying.drop();
  ui.announce('operation.cancelled');
}

/** Covers the whole frame. */
export function fillAll({ editor, modifying, session, ui }: App): void {
  modifying.drop();
  if (session.store.getState().layerId !== null) return;
  const filled = editor.run('fill', (document) => setMask(fillMask(document.frame))(document));
  if (filled) ui.announce('operation.done', { step: { key: stepKey('fill') } });
}

/** Fills all enclosed holes at once. Never rejects. */
export async function fillHoles({ codec, editor, modifying, ui }: App): Promise<void> {
  modifying.drop();
  const document = editor.document();
  if (!document) return;
  const controller = new AbortController();
  const busy = { key: 'operation.busy', cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const { mask, frame } = document;
    const filled = await codec.operateMask(controller.signal, mask, frame, { kind: 'holes', area: null });
    // What was painted meanwhile is not undone.
    if (controller.signal.aborted || editor.document()?.mask !== mask) return;
    if (editor.run('holes', setMask(filled)))
      ui.announce('operation.done', { step: { key: stepKey('holes') } });
    else ui.announce('operation.same');
  } catch (error) {
    if (!controller.signal.aborted) ui.fail(failureOf(error));
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}
