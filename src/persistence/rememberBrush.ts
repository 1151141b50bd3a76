import type { Session } from '../editor/session.ts';
import type { Preferences } from './preferences.ts';

/** Rest of the sliders, ms, after which the brush is stored. */
const REST = 300;

/** The brush is as it was when this browser last painted; nothing is written while a slider moves. */
export function rememberBrush(session: Session, preferences: Preferences): void {
  session.setBrush(preferences.store.getState().brush);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  session.store.subscribe(({ brush }, { brush: before }) => {
    if (brush === before) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => preferences.set({ brush }), REST);
  });
}
