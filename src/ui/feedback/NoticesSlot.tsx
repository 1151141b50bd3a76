import { useRef } from 'react';
import { useUi } from '../app.ts';
import { fetched } from '../fetched.tsx';

const Notices = fetched(async () => ({ default: (await import('./Notices.tsx')).Notices }));

/** Notices are rare: what shows them is fetched with the first one, and stays. */
export function NoticesSlot() {
  const any = useUi((state) => state.notices.length > 0);
  const needed = useRef(false);
  needed.current ||= any;
  return needed.current ? <Notices /> : null;
}
