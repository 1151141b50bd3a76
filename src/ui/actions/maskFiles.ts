import type { App } from '../app.ts';

/** What reads masks is fetched with the first one; where that fails, the server is gone. Never rejects. */
export async function importMaskFile(app: App, blob: Blob, name: string): Promise<void> {
  const code = await import('./importMask.ts').catch(() => null);
  if (code) await code.importMask(app, blob, name);
  else app.ui.fail({ code: 'server_unreachable', detail: '' });
}

/** A click on this opens the system's file dialog for a mask; it is always in the page. */
export const maskInputId = 'mask-input';

export function chooseMask(): void {
  document.getElementById(maskInputId)?.click();
}
