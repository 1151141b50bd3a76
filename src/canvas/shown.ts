import type { LayerStack } from '../raster/layerStack.ts';

/** What the stage shows: usually the document, with a result's layer on it while that is previewed. */
export interface Shown {
  readonly stack: LayerStack;
  /** False while a picture is previewed that the mask does not belong to. */
  readonly withMask: boolean;
}
