import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';

/** What is laid over the picture to be looked at, instead of the document's mask or beside it; never written to a file. */
export type Overlay =
  | { readonly kind: 'mask'; readonly mask: Mask }
  /** Bitmaps over rectangles of document px. They are drawn at once and may be closed afterwards. */
  | { readonly kind: 'bitmaps'; readonly pieces: readonly OverlayPiece[] };

export interface OverlayPiece {
  readonly bitmap: ImageBitmap;
  readonly rect: PixelRect;
}

/** Shows the bitmaps of an overlay: the browser scales them as the viewport moves, nothing is drawn again for it. */
export function createOverlayView(place: HTMLElement, session: Session) {
  function move() {
    const { scale, originX, originY } = session.store.getState().viewport;
    place.style.transform = `translate(${originX}px, ${originY}px) scale(${scale})`;
  }

  const stop = session.store.subscribe((state, before) => {
    if (state.viewport !== before.viewport && !place.hidden) move();
  });

  return {
    show(pieces: readonly OverlayPiece[]) {
      place.hidden = pieces.length === 0;
      place.replaceChildren(...pieces.map(canvasOf));
      move();
    },
    dispose() {
      stop();
      place.replaceChildren();
    },
  };
}

function canvasOf({ bitmap, rect }: OverlayPiece): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  Object.assign(canvas.style, {
    left: `${rect.x}px`,
    top: `${rect.y}px`,
    width: `${rect.width}px`,
    height: `${rect.height}px`,
  });
  return canvas;
}
