import type { LayerStack } from '../raster/layerStack.ts';

/** Where the canvas gets flattened pixels from: the codec worker, handed in by `main.tsx`. */
export interface ViewSource {
  /**
   * A region (document px, may be fractional) of the flattened stack, scaled to outWidth × outHeight device px,
   * in the screen's colours; smooth when minified, crisp when magnified.
   */
  renderView(
    signal: AbortSignal,
    stack: LayerStack,
    region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    outWidth: number,
    outHeight: number,
  ): Promise<ImageBitmap>;
}
