import type { App } from '../app.ts';
import { failureOf } from './failure.ts';
import { pictureOpened } from './openFiles.ts';

/** Opens a stored document; the one that is open was stored before. Never rejects. */
export async function openRecent(app: App, id: string, name: string): Promise<void> {
  const { autosave, ui } = app;
  const busy = { key: 'open.busy', params: { name }, cancel: null } as const;
  ui.setBusy(busy);
  try {
    await autosave.openStored(id);
    pictureOpened(app);
  } catch (error) {
    ui.fail(failureOf(error));
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}

/** Removes a stored document for good. Never rejects. */
export async function removeRecent({ library, ui }: App, id: string, name: string): Promise<void> {
  try {
    await library.remove(id);
    ui.announce('recent.removed', { name });
  } catch (error) {
    ui.fail(failureOf(error));
  }
}
