import { useEffect } from 'react';
import type { App } from './app.ts';

/** Asks before the page is left, only when something would be lost: a running job, or work that can't be or isn't yet stored. */
export function useLeaveGuard({ autosave, editor, jobs }: App): void {
  useEffect(() => {
    function onLeave(event: BeforeUnloadEvent) {
      const { status } = autosave.store.getState();
      const unsaved = editor.document() !== null && (status === 'full' || status === 'refused');
      if (unsaved || autosave.writing() || jobs.store.getState().running.length > 0) event.preventDefault();
    }
    addEventListener('beforeunload', onLeave);
    return () => removeEventListener('beforeunload', onLeave);
  }, [autosave, editor, jobs]);
}
