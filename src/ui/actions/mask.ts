import { setMask } from '../../editor/document.ts';
import { invertMask } from '../../raster/invert.ts';
import { emptyMask } from '../../raster/mask.ts';
import type { App } from '../app.ts';

export function clearMask({ editor, session, ui }: App): void {
  // The mask is not seen while a layer is being erased.
  if (session.store.getState().layerId !== null) return;
  const cleared = editor.run('clear', (document) =>
    document.mask.tiles.size > 0 ? setMask(emptyMask)(document) : document,
  );
  if (cleared) ui.announce('mask.empty');
}

export function invert({ editor, session, ui }: App): void {
  if (session.store.getState().layerId !== null) return;
  if (!editor.run('invert', (document) => setMask(invertMask(document.mask, document.frame))(document)))
    return;
  ui.announce('mask.inverted');
}
