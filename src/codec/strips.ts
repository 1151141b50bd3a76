import { type PixelRect, pixelRect } from '../geometry/rect.ts';

/** About how many pixels are flattened at once: 4 MB of RGBA. */
const STRIP_PIXELS = 1 << 20;

/** A rectangle in pieces of whole rows, from the top: what is done to one is done before the next pause. */
export function* strips({ x, y, width, height }: PixelRect): Generator<PixelRect> {
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let from = 0; from < height; from += rows) {
    yield pixelRect(x, y + from, width, Math.min(rows, height - from));
  }
}
