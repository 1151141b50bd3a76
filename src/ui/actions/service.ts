import type { App } from '../app.ts';

/** Asks the server which engine answers. */
export async function findService({ client, ui }: App, signal: AbortSignal): Promise<void> {
  ui.setService({ state: 'loading' });
  try {
    ui.setService({ state: 'ready', capabilities: await client.capabilities(signal) });
  } catch {
    if (!signal.aborted) ui.setService({ state: 'unreachable' });
  }
}
