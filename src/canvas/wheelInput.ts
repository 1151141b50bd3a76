import type { Session } from '../editor/session.ts';
import { panBy, zoomBy } from '../geometry/viewport.ts';
import type { StageCorner } from './stageCorner.ts';

/** Wheel units per e-fold of zoom; a mouse notch (100 px) is 22 %, a pinch reports about 1–10 px per event. */
const WHEEL_PER_E = 500;
const PINCH_PER_E = 100;
/** A pinch reports small steps; a mouse notch with Ctrl held would be a leap. */
const PINCH_MOST = 20;
const LINE_PX = 16;
const PAGE_PX = 400;

/** What Safari sends for a pinch on a trackpad, in place of a wheel with Ctrl; `scale` since its start. */
interface GestureEvent extends UIEvent {
  readonly scale: number;
  readonly clientX: number;
  readonly clientY: number;
}

interface WheelInputOptions {
  readonly container: HTMLElement;
  readonly session: Session;
  readonly corner: StageCorner;
  /** Fingers on glass send gestures as well; those are seen as pointers. */
  readonly touched: () => boolean;
  readonly signal: AbortSignal;
}

/** Mouse wheel and trackpad over the stage: zoom at the pointer, with Shift pan. */
export function attachWheelInput({ container, session, corner, touched, signal }: WheelInputOptions) {
  const viewport = () => session.store.getState().viewport;

  container.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : event.deltaMode ? PAGE_PX : 1;
      if (event.shiftKey && !event.ctrlKey) {
        // With Shift, browsers turn the wheel sideways; a trackpad gives both.
        session.setViewport(panBy(viewport(), -event.deltaX * unit, -event.deltaY * unit));
        return;
      }
      const delta = event.deltaY * unit;
      const es = event.ctrlKey
        ? Math.max(-PINCH_MOST, Math.min(PINCH_MOST, delta)) / PINCH_PER_E
        : delta / WHEEL_PER_E;
      session.setViewport(zoomBy(viewport(), corner.toView(event), Math.exp(-es)));
    },
    { signal, passive: false },
  );

  let scale = 1;
  container.addEventListener(
    'gesturestart',
    () => {
      scale = 1;
    },
    { signal },
  );
  container.addEventListener(
    'gesturechange',
    (event) => {
      const gesture = event as GestureEvent;
      if (touched() || !(gesture.scale > 0)) return;
      session.setViewport(zoomBy(viewport(), corner.toView(gesture), gesture.scale / scale));
      scale = gesture.scale;
    },
    { signal },
  );
}

/** Over panels too, a pinch or a wheel with Ctrl leaves the page at its size; Ctrl and + still enlarge it. */
export function keepPageFromZooming(signal: AbortSignal) {
  const prevent = (event: Event) => event.preventDefault();
  window.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) event.preventDefault();
    },
    { signal, passive: false },
  );
  for (const type of ['gesturestart', 'gesturechange', 'gestureend'])
    window.addEventListener(type, prevent, { signal, passive: false });
}
