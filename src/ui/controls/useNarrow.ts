import { useSyncExternalStore } from 'react';
import { NARROW } from '../stageInsets.ts';

const query = window.matchMedia(`(max-width: ${NARROW - 1}px)`);

function subscribe(listener: () => void) {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True while the panels are laid out for a small window. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => query.matches);
