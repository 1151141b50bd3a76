import { useEffect } from 'react';
import type { App } from '../app.ts';

/** The layer that brushes erase may go, by undo or with its document: then they paint the mask again. */
export function useLayerTarget({ editor, session }: App): void {
  useEffect(
    () =>
      editor.store.subscribe(({ document }) => {
        const { layerId } = session.store.getState();
        if (layerId !== null && !document?.layers.some(({ id }) => id === layerId)) session.setLayer(null);
      }),
    [editor, session],
  );
}
