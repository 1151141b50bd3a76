import type { App } from '../app.ts';

/** The server's page that asks for its passcode, and leads back here. */
export const LOGIN = '/login';

const KEY = 'lacuna.login';
/** Whoever comes back sooner and is refused again, is not sent there again by itself. Milliseconds. */
const SOON = 60_000;

/**
 * Leads to the server's page for its passcode once everything that is open is stored. Where that can't be, or did not
 * help a moment ago, the error that is shown has a link.
 */
export async function goToLogin({ autosave, ui }: App): Promise<void> {
  if (!claimTurn()) return;
  ui.setBusy({ key: 'login.going', cancel: null });
  if (await autosave.flush()) location.assign(LOGIN);
  ui.setBusy(null);
}

/** False when it was this page's turn just now, or when nobody can remember that. */
function claimTurn(): boolean {
  try {
    const last = Number(sessionStorage.getItem(KEY));
    if (Date.now() - last < SOON) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}
