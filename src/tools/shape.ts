import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImagePoint } from '../geometry/spaces.ts';
import { coverEllipse } from '../raster/ellipse.ts';
import { coverPolygon } from '../raster/polygon.ts';
import { coverRect, type ShapeMode } from '../raster/rectangle.ts';

export type Shape =
  /** In whole px, so that a rectangle has hard edges. */
  | { readonly kind: 'rectangle' | 'ellipse'; readonly rect: PixelRect }
  | { readonly kind: 'lasso' | 'polygon'; readonly points: readonly ImagePoint[] };

/** A shape that is being made, as it would be if it ended now. */
export interface DrawnShape {
  readonly shape: Shape;
  readonly mode: ShapeMode;
  /** Of a polygon: how many of its points are set. The one after them is at the pointer. */
  readonly corners: number;
  /** The next click closes it. */
  readonly closing: boolean;
  /** Where the pointer is. */
  readonly at: ImagePoint;
}

/** `flipped`: Alt was held when the gesture began. */
export function shapeModeOf(session: Session, flipped: boolean): ShapeMode {
  const { shapeMode } = session.store.getState();
  return flipped === (shapeMode === 'add') ? 'subtract' : 'add';
}

/** Writes a shape into what brushes paint on; one undoable step. False when nothing changed. */
export function writeShape(draft: LiveDraft, shape: Shape, mode: ShapeMode): boolean {
  const written = draft.begin();
  if (!written) return false;
  if ('points' in shape) coverPolygon(written, mode, shape.points);
  else if (shape.kind === 'ellipse') coverEllipse(written, mode, shape.rect);
  else coverRect(written, mode, shape.rect);
  return draft.commit(`${shape.kind}.${mode}`);
}
