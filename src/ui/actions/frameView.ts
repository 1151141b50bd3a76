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

/** Fits a changed frame when a side that moved is out of sight. A side that was dragged never is. */
export function revealFrame({ stage }: App, frame: PixelRect, former: PixelRect): void {
  const seen = stage.inSight();
  const lost = (now: number, before: number, low: number, high: number) =>
    now !== before && (now < low || now > high);
  if (
    lost(frame.x, former.x, seen.left, seen.right) ||
    lost(right(frame), right(former), seen.left, seen.right) ||
    lost(frame.y, former.y, seen.top, seen.bottom) ||
    lost(bottom(frame), bottom(former), seen.top, seen.bottom)
  )
    stage.fit();
}
