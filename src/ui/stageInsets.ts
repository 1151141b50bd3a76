import type { ToolId } from '../editor/session.ts';
import type { Insets } from '../geometry/viewport.ts';

/** Below this width (CSS px) the rail moves to the bottom; the same number stands in the style sheets. */
export const NARROW = 900;

/** Below this height (CSS px) the prompt of a small window folds by itself; also in the style sheets. */
export const LOW = 560;

/**
 * CSS px that the panels cover at each edge of a stage of this size, a margin included. The dock counts with two
 * lines of text, or with one and the tray; what is longer may overlap the picture, so that nothing moves.
 */
export function stageInsets(width: number, height: number, tool: ToolId): Insets {
  if (width < NARROW) {
    const bottom = height < LOW ? 80 : 288;
    // The frame's options take two rows.
    return { left: 12, top: tool === 'frame' ? 172 : 124, right: 12, bottom };
  }
  return { left: 80, top: 116, right: 24, bottom: height < 640 ? 120 : 204 };
}
