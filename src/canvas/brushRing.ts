import { isBrush, type Session } from '../editor/session.ts';
import type { ViewPoint } from '../geometry/spaces.ts';

/** Below this diameter, CSS px, the ring gets a centre dot, or it would be lost. */
const TINY = 8;

/**
 * The brush's outline at true size, moved by CSS transform: no canvas is redrawn for it. White inside black, so it
 * is seen on every ground (`canvas.css`).
 */
export function createBrushRing(ring: HTMLElement, session: Session) {
  let at: ViewPoint | null = null;
  let shownDiameter = 0;

  function place() {
    const { brush, scribbleSize, viewport } = session.store.getState();
    const tool = session.activeTool();
    const shown = at !== null && (isBrush(tool) || tool === 'smart');
    ring.hidden = !shown;
    if (!at || !shown) return;
    const diameter = (tool === 'smart' ? scribbleSize : brush.size) * viewport.scale;
    if (diameter !== shownDiameter) {
      shownDiameter = diameter;
      ring.style.width = `${diameter}px`;
      ring.style.height = `${diameter}px`;
      ring.classList.toggle('tiny', diameter < TINY);
    }
    ring.style.transform = `translate(${at.x - diameter / 2}px, ${at.y - diameter / 2}px)`;
  }

  const stop = session.store.subscribe(place);
  place();

  return {
    moveTo(point: ViewPoint | null) {
      at = point;
      place();
    },
    dispose: stop,
  };
}
