import type { App } from '../app.ts';

/** Opens a stored document; the one that is open was stored before. Never rejects. */
export async function openRecent({ autosave, stage, ui }: App, id: string, name: string): Promise<void> {
  const busy = { key: 'open.busy', params: { name }, cancel: null } as const;
  ui.setBusy(busy);
  try {
    await autosave.openStored(id);
    stage.fit();
    ui.announce('keys.open');
  } catch (error) {
    ui.fail({ code: 'unknown', detail: error instanceof Error ? error.message : String(error) });
  } finally {
    if (ui.store.getState().busy === busy) ui.setBusy(null);
  }
}
