import type { PixelRect } from '../geometry/rect.ts';
import type { Draft } from './draft.ts';
import { coverPolygon } from './polygon.ts';
import type { Outline } from './polygonRow.ts';
import type { ShapeMode } from './rectangle.ts';

/** Furthest that a chord lies inside the curve, px: half a byte of a pixel's area. */
const SAGITTA = 1 / 512;

/** The ellipse that touches all four sides of `rect`, as chords; about 3,000 of them for one 8,192 px wide. */
function ellipseOutline({ x, y, width, height }: PixelRect): Outline {
  const largest = Math.max(width, height) / 2;
  // By fours, so that all four sides are touched.
  const chords = 4 * Math.ceil(Math.PI / Math.acos(1 - SAGITTA / largest) / 4);
  return Array.from({ length: chords }, (_, k) => {
    const angle = (2 * Math.PI * k) / chords;
    return {
      x: x + (width / 2) * (1 + Math.cos(angle)),
      y: y + (height / 2) * (1 + Math.sin(angle)),
    };
  });
}

/** Covers the ellipse inside `rect`: each pixel by its share of the area, to one in 255. */
export const coverEllipse = (draft: Draft, mode: ShapeMode, rect: PixelRect): void =>
  coverPolygon(draft, mode, ellipseOutline(rect));
