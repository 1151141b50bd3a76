import { type PixelRect, pixelRect } from '../../geometry/rect.ts';
import { maskBounds } from '../../raster/measure.ts';
import type { ShapeMode } from '../../raster/rectangle.ts';
import { writeShape } from '../../tools/shape.ts';
import type { App } from '../app.ts';

export type BoxKind = 'rectangle' | 'ellipse';

/** Where numbers begin: around what is erased, or in the middle of the frame, half as large. */
export function firstBox({ draft, editor }: App): PixelRect | null {
  const document = editor.document();
  const base = draft.base();
  if (!document || !base) return null;
  const { x, y, width, height } = document.frame;
  const half = pixelRect(
    x + Math.floor(width / 4),
    y + Math.floor(height / 4),
    Math.max(1, Math.floor(width / 2)),
    Math.max(1, Math.floor(height / 2)),
  );
  return maskBounds(base) ?? half;
}

/** One undoable step, and it is said what was done. */
export function placeBox({ draft, ui }: App, kind: BoxKind, rect: PixelRect, mode: ShapeMode): void {
  if (!writeShape(draft, { kind, rect }, mode)) {
    ui.announce('shape.nothing');
    return;
  }
  ui.announce(mode === 'add' ? 'shape.added' : 'shape.subtracted', {
    shape: { key: `tool.${kind}` },
    x: rect.x,
    y: rect.y,
    width: rect.width,
    height: rect.height,
  });
}
