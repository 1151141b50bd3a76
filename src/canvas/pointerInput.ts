import type { Session } from '../editor/session.ts';
import type { ViewPoint } from '../geometry/spaces.ts';
import { clientPoint } from '../geometry/spaces.ts';
import { clientToView, panBy, viewToImage, zoomBy } from '../geometry/viewport.ts';
import { pinch } from '../tools/pinch.ts';
import type { HeldKeys, PointerSample } from '../tools/tool.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** Wheel units per e-fold of zoom; a mouse notch (100 px) is 22 %, a pinch reports about 1–10 px per event. */
const WHEEL_PER_E = 500;
const PINCH_PER_E = 100;
/** A pinch reports small steps; a mouse notch with Ctrl held would be a leap. */
const PINCH_MOST = 20;
const LINE_PX = 16;
const PAGE_PX = 400;
const MIDDLE_BUTTON = 1;

/** A pen that barely touches still paints: pressure 0 is a device without a sensor. */
const pressureOf = (event: PointerEvent) =>
  event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 1;

const held = (event: MouseEvent | KeyboardEvent): HeldKeys => ({
  shift: event.shiftKey,
  alt: event.altKey,
});

/** Unit steps of the arrow keys. */
const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Document px per press of an arrow with Shift. */
const BIG_NUDGE = 10;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

interface PointerInputOptions {
  readonly container: HTMLElement;
  readonly session: Session;
  readonly toolbox: Toolbox;
  /** Pointer over the stage, for the brush ring; null when it left. */
  readonly onHover: (point: ViewPoint | null) => void;
}

/**
 * Native pointer, wheel and Space events of the stage → tool events and viewport changes. Returns the disposal.
 * One finger uses the tool; a second one takes the stroke back and both pan and zoom.
 */
export function attachPointerInput({
  container,
  session,
  toolbox,
  onHover,
}: PointerInputOptions): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const fingers = new Map<number, ViewPoint>();
  let active: number | null = null;
  let hovering = false;

  const viewport = () => session.store.getState().viewport;

  /** The stage's corner, read when a pointer comes and not per move: reading it may cost a layout. */
  let corner = container.getBoundingClientRect();
  const readCorner = () => {
    corner = container.getBoundingClientRect();
  };
  container.addEventListener('pointerenter', readCorner, { signal });

  const toView = (event: { clientX: number; clientY: number }) =>
    clientToView(corner, clientPoint(event.clientX, event.clientY));

  function sample(event: PointerEvent): PointerSample {
    const view = toView(event);
    return { view, image: viewToImage(viewport(), view), pressure: pressureOf(event) };
  }

  function twoFingers() {
    const [a, b] = fingers.values();
    return a && b ? { a, b } : null;
  }

  container.addEventListener(
    'pointerdown',
    (event) => {
      const middle = event.pointerType === 'mouse' && event.button === MIDDLE_BUTTON;
      if (event.button > 0 && !middle) return;
      // Keeps the browser from starting a text selection or a middle-button scroll.
      event.preventDefault();
      // Focus by pointer needs no ring, whatever key was pressed before.
      container.dataset['byPointer'] = '';
      container.focus({ preventScroll: true });
      readCorner();
      container.setPointerCapture(event.pointerId);
      if (event.pointerType === 'touch') {
        fingers.set(event.pointerId, toView(event));
        if (fingers.size > 1) {
          toolbox.send({ type: 'cancel' });
          active = null;
          return;
        }
      }
      if (active !== null) return;
      active = event.pointerId;
      onHover(toView(event));
      toolbox.send(
        { type: 'down', sample: sample(event), touch: event.pointerType === 'touch', ...held(event) },
        middle ? 'hand' : session.activeTool(),
      );
    },
    { signal },
  );

  container.addEventListener(
    'pointermove',
    (event) => {
      hovering = true;
      if (fingers.has(event.pointerId)) {
        const before = twoFingers();
        fingers.set(event.pointerId, toView(event));
        const now = twoFingers();
        if (before && now) {
          session.setViewport(pinch(viewport(), before, now));
          return;
        }
      }
      onHover(toView(event));
      if (event.pointerId !== active) return;
      // React listens at the root, and would search its tree at each move of a stroke.
      event.stopPropagation();
      // Some browsers give an empty list for synthetic events.
      const readings = event.getCoalescedEvents?.() ?? [];
      const samples = (readings.length > 0 ? readings : [event]).map(sample);
      toolbox.send({ type: 'move', samples, ...held(event) });
    },
    { signal },
  );

  function end(event: PointerEvent, type: 'up' | 'cancel') {
    fingers.delete(event.pointerId);
    if (event.pointerType === 'touch') onHover(null);
    if (event.pointerId !== active) return;
    active = null;
    toolbox.send({ type });
  }
  container.addEventListener('pointerup', (event) => end(event, 'up'), { signal });
  container.addEventListener('pointercancel', (event) => end(event, 'cancel'), { signal });
  // A capture lost without up (another window, a removed device) ends the stroke with what was painted.
  container.addEventListener('lostpointercapture', (event) => end(event, 'up'), { signal });
  container.addEventListener(
    'pointerleave',
    () => {
      hovering = false;
      onHover(null);
    },
    { signal },
  );
  container.addEventListener('blur', () => delete container.dataset['byPointer'], { signal });
  container.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });

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
      session.setViewport(zoomBy(viewport(), toView(event), Math.exp(-es)));
    },
    { signal, passive: false },
  );

  // Shift and Alt count at once, not only when the pointer moves again. Alt alone would open a browser's menu.
  for (const type of ['keydown', 'keyup'] as const) {
    window.addEventListener(
      type,
      (event) => {
        if ((event.key !== 'Shift' && event.key !== 'Alt') || !toolbox.busy()) return;
        event.preventDefault();
        if (!event.repeat) toolbox.send({ type: 'move', samples: [], ...held(event) });
      },
      { signal, capture: true },
    );
  }

  window.addEventListener(
    'keydown',
    (event) => {
      const step = arrows[event.code];
      const here = event.target === document.body || event.target === container;
      if (!step || !here || event.altKey) return;
      const by = event.shiftKey ? BIG_NUDGE : 1;
      const resize = event.ctrlKey || event.metaKey;
      if (toolbox.nudge({ dx: step[0] * by, dy: step[1] * by, resize })) event.preventDefault();
    },
    { signal },
  );

  // Space holds the hand while the pointer is over the picture; elsewhere it keeps pressing buttons.
  window.addEventListener(
    'keydown',
    (event) => {
      // Escape, or undo in mid-stroke, takes this stroke back and nothing else.
      const undo = event.code === 'KeyZ' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if ((event.code === 'Escape' || undo) && (toolbox.busy() || toolbox.waiting())) {
        active = null;
        toolbox.send({ type: 'cancel' });
        toolbox.stopWaiting();
        event.preventDefault();
        event.stopPropagation();
      }
      if (event.code !== 'Space' || !hovering || typing(event.target)) return;
      event.preventDefault();
      if (!event.repeat) session.holdTool('hand');
    },
    { signal, capture: true },
  );
  const release = () => {
    if (session.store.getState().heldTool) session.holdTool(null);
  };
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.code !== 'Space' || !session.store.getState().heldTool) return;
      event.preventDefault();
      release();
    },
    { signal, capture: true },
  );
  window.addEventListener('blur', release, { signal });

  return () => {
    listening.abort();
    toolbox.send({ type: 'cancel' });
    toolbox.stopWaiting();
  };
}
