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

/** Where in a canvas's pixels a rectangle is written: straight RGBA, one little-endian word per pixel. */
interface TintTarget {
  readonly words: Uint32Array;
  /** Words per row. */
  readonly stride: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Opacity of full coverage on a stripe and beside it, 0–1: the pattern tells where the colour alone would not. */
const STRIPE_OPACITY = 0.78;
const GROUND_OPACITY = 0.46;

/**
 * A tint as opaque as the coverage, with diagonal stripes. `coverage` has one px more on each side of the rectangle.
 *
 * @param colour red, green, blue as the low three bytes @param stripe width in device px
 * @param phase sum of the rectangle's x and y, counted from document px (0, 0): keeps the stripes with the picture
 */
export function writeTint(
  { words, stride, x: left, y: top, width, height }: TintTarget,
  coverage: Uint8Array,
  colour: number,
  stripe: number,
  phase: number,
) {
  const alphas = [GROUND_OPACITY, STRIPE_OPACITY].map((opacity) =>
    Uint32Array.from({ length: 256 }, (_, value) => (Math.round(value * opacity) << 24) | colour),
  );
  const [ground, line] = [alphas[0]!, alphas[1]!];
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * (width + 2) + 1;
    const to = (top + y) * stride + left;
    for (let x = 0; x < width; x++) {
      const striped = Math.floor((phase + x + y) / stripe) % 3 === 0;
      words[to + x] = (striped ? line : ground)[coverage[from + x]!]!;
    }
  }
}
