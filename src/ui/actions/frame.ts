import { type Document, setFrame } from '../../editor/document.ts';
import { croppedToAspect, grownToAspect } from '../../geometry/aspect.ts';
import { bottom, type PixelRect, pixelRect, right, union } from '../../geometry/rect.ts';
import { contentRects, frameLimits, pictureRect } from '../../tools/frameTool.ts';
import type { App } from '../app.ts';

export const frameSides = ['left', 'top', 'right', 'bottom'] as const;
export type FrameSide = (typeof frameSides)[number];
/** How far each side of the frame lies beyond the picture, px; negative: that much is cropped. */
export type FrameSpace = Readonly<Record<FrameSide, number>>;

export const aspects = ['1:1', '4:5', '3:2', '4:3', '16:9', '9:16', '3:1'] as const;
export type Aspect = 'original' | (typeof aspects)[number];
export type AspectWay = 'grow' | 'crop';

export function spaceAround(frame: PixelRect, picture: PixelRect): FrameSpace {
  return {
    left: picture.x - frame.x,
    top: picture.y - frame.y,
    right: right(frame) - right(picture),
    bottom: bottom(frame) - bottom(picture),
  };
}

/** Most that one side can be given while the others stay, and least. */
export function spaceRange(frame: PixelRect, picture: PixelRect, side: FrameSide) {
  const { minEdge, maxEdge, maxArea } = frameLimits;
  const across = side === 'left' || side === 'right';
  const [length, other] = across ? [frame.width, frame.height] : [frame.height, frame.width];
  const space = spaceAround(frame, picture)[side];
  return {
    min: space + Math.min(minEdge, length) - length,
    max: space + Math.max(length, Math.min(maxEdge, Math.floor(maxArea / other))) - length,
  };
}

export function withSpace(frame: PixelRect, picture: PixelRect, side: FrameSide, space: number): PixelRect {
  const { left, top, ...ends } = { ...spaceAround(frame, picture), [side]: space };
  return pixelRect(
    picture.x - left,
    picture.y - top,
    picture.width + left + ends.right,
    picture.height + top + ends.bottom,
  );
}

/** What an aspect is applied to: everything there are pixels of, so that choosing again changes nothing. */
const contentRect = (document: Document) =>
  contentRects(document).reduce<PixelRect>((all, rect) => union(all, rect) ?? all, pictureRect(document));

export function ratioOf(aspect: Aspect, picture: PixelRect): number {
  if (aspect === 'original') return picture.width / picture.height;
  const [width, height] = aspect.split(':').map(Number);
  return width! / height!;
}

/** null when the frame would become too large. */
export function frameOfAspect(document: Document, aspect: Aspect, way: AspectWay): PixelRect | null {
  const ratio = ratioOf(aspect, pictureRect(document));
  const content = contentRect(document);
  return way === 'grow' ? grownToAspect(content, ratio, frameLimits) : croppedToAspect(content, ratio);
}

/** One undoable step. */
export function changeFrame({ editor }: App, frame: PixelRect): void {
  editor.run('frame', setFrame(frame));
}

export function chooseAspect(app: App, aspect: Aspect, way: AspectWay): void {
  const document = app.editor.document();
  const frame = document && frameOfAspect(document, aspect, way);
  if (frame) changeFrame(app, frame);
}

export function resetFrame(app: App): void {
  const document = app.editor.document();
  if (document) changeFrame(app, pictureRect(document));
}
