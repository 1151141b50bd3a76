import { useEffect } from 'react';
import { sameRect } from '../geometry/rect.ts';
import { revealFrame } from './actions/frameView.ts';
import type { App } from './app.ts';

/** A frame that changed is announced, and shown where it went out of sight. */
export function useFrame(app: App): void {
  useEffect(() => {
    const { editor, ui } = app;
    return editor.store.subscribe(({ document }, { document: former }) => {
      if (!document || document.id !== former?.id || sameRect(document.frame, former.frame)) return;
      const { width, height } = document.frame;
      ui.announce('frame.changed', { width, height });
      revealFrame(app, document.frame, former.frame);
    });
  }, [app]);
}
