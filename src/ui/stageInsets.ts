import type { ToolId } from '../editor/session.ts';
import type { Insets } from '../geometry/viewport.ts';

/** Below this width (CSS px) the rail moves to the bottom; the same number stands in the style sheets. */
export const NARROW = 900;

/** Below this width (CSS px) the options of a tool and the mask's actions share a row only as icons; also in the style sheets. */
export const COMPACT = 1280;

/** Below this height (CSS px) the prompt of a small window folds by itself; also in the style sheets. */
export const LOW = 560;

/** Below this width (CSS px) the options of the frame and of the wand take two rows; also in the style sheets. */
const TWO_ROWS = 740;

/**
 * CSS px that the panels cover at each edge of a stage of this size, a margin included. The dock counts with two
 * lines of text, or with one and the tray; what is longer may overlap the picture, so that nothing moves.
 */
export function stageInsets(width: number, height: number, tool: ToolId): Insets {
  const framing = tool === 'frame';
  if (width < NARROW) {
    // Handles must be free even where a note of the dock takes another line.
    const bottom = height < LOW ? 80 : framing ? 320 : 288;
    const twoRows = width < TWO_ROWS && (framing || tool === 'wand');
    return { left: 12, top: twoRows ? 172 : 124, right: 12, bottom };
  }
  return { left: 80, top: 116, right: 24, bottom: height < 640 ? 144 : 204 };
}
