import { useSyncExternalStore } from 'react';
import { COMPACT, LOW, NARROW } from '../stageInsets.ts';

function mediaHook(condition: string): () => boolean {
  const query = window.matchMedia(condition);
  function subscribe(listener: () => void) {
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  }
  return () => useSyncExternalStore(subscribe, () => query.matches);
}

/** True while the panels are laid out for a small window. */
export const useNarrow = mediaHook(`(max-width: ${NARROW - 1}px)`);

/** True where buttons of the options bar have no room for words. */
export const useCompact = mediaHook(`(max-width: ${COMPACT - 1}px)`);

/** True on phones held upright, where the top bar has no room for what is opened now and then. */
export const useSmall = mediaHook('(max-width: 439px)');

/** True on the smallest phones, where the top bar has no room for one more button. */
export const useTiny = mediaHook('(max-width: 389px)');

/** True in a window so low (a phone on its side) that the prompt would hide the picture. */
export const useLow = mediaHook(`(max-height: ${LOW - 1}px)`);
