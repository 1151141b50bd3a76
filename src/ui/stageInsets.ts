import type { Insets } from '../geometry/viewport.ts';

/** Below this width (CSS px) the rail moves to the bottom; the same number stands in the style sheets. */
export const NARROW = 900;

/**
 * CSS px that the panels cover at each edge of a stage of this size, a margin included. The dock counts with two
 * lines of text; the tray and a longer prompt may overlap the picture, so that nothing moves when they appear.
 */
export function stageInsets(width: number, height: number): Insets {
  if (width < NARROW) {
    const bottom = height < 560 ? 80 : 288;
    return { left: 12, top: 124, right: 12, bottom };
  }
  return { left: 80, top: 116, right: 24, bottom: height < 640 ? 120 : 204 };
}
