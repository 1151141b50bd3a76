import { withRoom } from '../../canvas/stageControl.ts';
import { bottom, type PixelRect, right } from '../../geometry/rect.ts';
import type { App } from '../app.ts';

/** Zooms out where the frame could not be dragged outwards. */
export function makeRoomAroundFrame({ editor, stage }: App): void {
  const document = editor.document();
  if (!document) return;
  const seen = stage.inSight();
  const wanted = withRoom(document.frame);
  const roomy =
    wanted.x >= seen.left &&
    wanted.y >= seen.top &&
    right(wanted) <= seen.right &&
    bottom(wanted) <= seen.bottom;
  if (!roomy) stage.fit();
}

/** A frame that fills less of what is seen than this has become too small to work on. */
const TINY = 0.25;

/**
 * Fits a changed frame when a side that moved is out of sight, or when it has become tiny. A side that was just
 * dragged is in sight, so the view does not jump under the hand.
 */
export function revealFrame({ stage }: App, frame: PixelRect, former: PixelRect): void {
  const seen = stage.inSight();
  const lost = (now: number, before: number, low: number, high: number) =>
    now !== before && (now < low || now > high);
  const share = ({ width, height }: PixelRect) =>
    Math.max(width / (seen.right - seen.left), height / (seen.bottom - seen.top));
  if (
    lost(frame.x, former.x, seen.left, seen.right) ||
    lost(right(frame), right(former), seen.left, seen.right) ||
    lost(frame.y, former.y, seen.top, seen.bottom) ||
    lost(bottom(frame), bottom(former), seen.top, seen.bottom) ||
    (share(frame) < TINY && share(former) >= TINY)
  )
    stage.fit();
}
