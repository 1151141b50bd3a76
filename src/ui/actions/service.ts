import { ApiError } from '../../api/apiError.ts';
import type { App } from '../app.ts';
import { goToLogin } from './login.ts';

/** Asks the server which engine answers. */
export async function findService(app: App, signal: AbortSignal): Promise<void> {
  const { client, ui } = app;
  ui.setService({ state: 'loading' });
  try {
    ui.setService({ state: 'ready', capabilities: await client.capabilities(signal) });
  } catch (error) {
    if (signal.aborted) return;
    ui.setService({ state: 'unreachable' });
    if (!(error instanceof ApiError) || error.code !== 'access_required') return;
    ui.fail({ code: error.code, detail: '' });
    void goToLogin(app);
  }
}
