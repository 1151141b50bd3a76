import { newDocument } from '../../editor/document.ts';
import type { App } from '../app.ts';
import { failureOf } from './failure.ts';
import { baseName } from './fileNames.ts';
import { focusStageUnlessWriting } from './focus.ts';

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
  const { codec, editor, proxies, session, ui } = app;
  opening.abort();
  const controller = new AbortController();
  opening = controller;
  const { signal } = controller;
  const busy = { key: 'open.busy', params: { name }, cancel: () => controller.abort() } as const;
  ui.setBusy(busy);
  try {
    const { ref, notices } = proxies.offer(await codec.open(signal, blob));
    if (signal.aborted) return false;
    const former = editor.document();
    editor.open(newDocument({ id: crypto.randomUUID(), name, picture: ref }));
    // The words belong to the former picture and stay with it; without one they were meant for this.
    if (former) session.setAsk({ prompt: '' });
    if (session.store.getState().ask.mode === 'generate') session.setAsk({ mode: 'edit' });
    pictureOpened(app);
    for (const notice of notices) ui.notify(`notice.${notice}`);
    return true;
  } catch (error) {
    if (!signal.aborted) ui.fail(failureOf(error));
    return false;
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}

/** Shows what was opened and takes away what was said about the picture before it. */
export function pictureOpened({ editor, jobs, stage, ui }: App): void {
  ui.dismissError();
  jobs.dismissError();
  ui.dismissNotices();
  stage.fit();
  focusStageUnlessWriting();
  const document = editor.document();
  if (!document) return;
  const { name, frame } = document;
  const named = name || ({ key: 'app.untitled' } as const);
  ui.announce('open.opened', { name: named, width: frame.width, height: frame.height });
}

/** A click on this opens the system's file dialog; it is always in the page. */
export const openInputId = 'open-input';

export function chooseFile(): void {
  document.getElementById(openInputId)?.click();
}
