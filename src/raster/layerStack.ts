import type { PixelRect } from '../geometry/rect.ts';
import type { Mask } from './mask.ts';

/** A picture in the image store: straight RGBA, upright. */
export interface ImageRef {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** An accepted result: pixels of `image`, at `rect` (same size as the image), seen through `mask`. */
export interface RasterLayer {
  readonly id: string;
  readonly image: ImageRef;
  readonly rect: PixelRect;
  /** Blend weight in document space, 0 = what lies below stays byte for byte … 255 = the layer replaces it. */
  readonly mask: Mask;
  readonly visible: boolean;
}

/** What is flattened into one picture: the original at (0, 0), layers from bottom to top, cut to the frame. */
export interface LayerStack {
  readonly frame: PixelRect;
  readonly picture: ImageRef;
  readonly layers: readonly RasterLayer[];
}
