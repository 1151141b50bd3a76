import { CodecError } from '../../codec/codecError.ts';
import { newDocument } from '../../editor/document.ts';
import type { App } from '../app.ts';
import { baseName } from './fileNames.ts';

/** Opening another picture stops one that is still being opened. */
let opening = new AbortController();

/** Opens the first of the files. A failure is shown, and what was open stays open. Never rejects. */
export async function openFiles(app: App, files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  if ((await openBlob(app, file, baseName(file.name))) && files.length > 1) {
    app.ui.notify('open.first', { n: files.length });
  }
}

/** True when the picture is open. */
export async function openBlob(app: App, blob: Blob, name: string): Promise<boolean> {
  const { codec, editor, proxies, session, stage, ui } = app;
  opening.abort();
  const controller = new AbortController();
  opening = controller;
  const { signal } = controller;
  const busy = { key: 'open.busy', params: { name }, cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const { ref, notices } = proxies.offer(await codec.open(signal, blob));
    if (signal.aborted) return false;
    ui.dismissError();
    editor.open(newDocument({ id: crypto.randomUUID(), name, picture: ref }));
    if (session.store.getState().ask.mode === 'generate') session.setAsk({ mode: 'edit' });
    stage.fit();
    for (const notice of notices) ui.notify(`notice.${notice}`);
    ui.announce('open.opened', { name, width: ref.width, height: ref.height });
    return true;
  } catch (error) {
    if (!signal.aborted) {
      if (error instanceof CodecError) ui.fail({ code: error.code, detail: '' });
      else ui.fail({ code: 'unknown', detail: error instanceof Error ? error.message : String(error) });
    }
    return false;
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}

/** A click on this opens the system's file dialog; it is always in the page. */
export const openInputId = 'open-input';

export function chooseFile(): void {
  document.getElementById(openInputId)?.click();
}
