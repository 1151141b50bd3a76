import { setFrame } from '../editor/document.ts';
import { pixelRect } from '../geometry/rect.ts';
import { guidesOf, type RectLimits } from '../geometry/rectEdit.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { RectSubject } from './rectDrag.ts';

/** 67 megapixels, as many as a picture that is opened may have; no edge longer than encoders and services take. */
export const frameLimits: RectLimits = { minEdge: 16, maxEdge: 16384, maxArea: 67_108_864, bounds: null };

/** The original, which lies at (0, 0) whatever the frame is. */
export const pictureRect = ({ picture }: LayerStack) => pixelRect(0, 0, picture.width, picture.height);

/** Where there are pixels: the original and the visible layers. */
export const contentRects = (stack: LayerStack) => [
  pictureRect(stack),
  ...stack.layers.filter(({ visible }) => visible).map(({ rect }) => rect),
];

/** The document's frame: outwards grows it beyond the picture, inwards crops. Nothing else moves. */
export const frameSubject: RectSubject = {
  rect: ({ editor }) => editor.document()?.frame ?? null,
  guides({ editor }) {
    const document = editor.document();
    return guidesOf(document ? contentRects(document) : []);
  },
  limits: () => frameLimits,
  keepsAspect: false,
  movable: false,
  commit: (rect, { editor }) => editor.run('frame', setFrame(rect)),
};
