import { useEffect } from 'react';
import type { App } from './app.ts';

/** Asks before the page is left, only when something would be lost: a request or work that can't be or isn't yet stored. */
export function useLeaveGuard({ autosave, editor, jobs }: App): void {
  useEffect(() => {
    function onLeave(event: BeforeUnloadEvent) {
      const { status } = autosave.store.getState();
      const unsaved = editor.document() !== null && (status === 'full' || status === 'refused');
      const unsafe = jobs.store.getState().running.some(({ stored }) => !stored);
      if (unsaved || unsafe || autosave.writing()) event.preventDefault();
    }
    addEventListener('beforeunload', onLeave);
    return () => removeEventListener('beforeunload', onLeave);
  }, [autosave, editor, jobs]);
}
