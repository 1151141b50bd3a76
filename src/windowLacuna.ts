import type { createStageControl } from './canvas/stageControl.ts';
import type { Editor } from './editor/editor.ts';
import { clientPoint, imagePoint } from './geometry/spaces.ts';
import { coveredShare, maskBounds } from './raster/measure.ts';

/** `window.lacuna`: a read-only view of the app for tests and automation; always there. Values are copies. */
export function createWindowLacuna(editor: Editor, stage: ReturnType<typeof createStageControl>) {
  return Object.freeze({
    /** Document px (fractional; pixel i covers [i, i + 1)) → CSS px in the window. */
    imageToClient({ x, y }: { x: number; y: number }) {
      return { ...stage.imageToClient(imagePoint(x, y)) };
    },
    clientToImage({ x, y }: { x: number; y: number }) {
      return { ...stage.clientToImage(clientPoint(x, y)) };
    },
    /** null while nothing is open. `coverage` is the erased share of the frame, 0–1, from the committed mask. */
    document() {
      const document = editor.document();
      return (
        document && {
          frame: { ...document.frame },
          layers: document.layers.map(({ id, rect, visible }) => ({ id, rect: { ...rect }, visible })),
          maskBounds: maskBounds(document.mask),
          coverage: coveredShare(document.mask, document.frame),
        }
      );
    },
  });
}

declare global {
  interface Window {
    readonly lacuna: ReturnType<typeof createWindowLacuna>;
  }
}
