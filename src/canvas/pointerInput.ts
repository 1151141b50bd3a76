import type { Editor } from '../editor/editor.ts';
import type { Session } from '../editor/session.ts';
import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';
import { type Insets, viewToImage } from '../geometry/viewport.ts';
import { createFingers } from '../tools/fingers.ts';
import { pinch } from '../tools/pinch.ts';
import type { Holder } from '../tools/temporaryTool.ts';
import type { HeldKeys, PointerSample } from '../tools/tool.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { createHeldTools } from './heldTools.ts';
import { createKeyboardPainting, type KeyboardNews } from './keyboardPainting.ts';
import { attachKeyInput } from './keyInput.ts';
import { createStageCorner } from './stageCorner.ts';
import { attachWheelInput, keepPageFromZooming } from './wheelInput.ts';

/** By `button`: its bit in `buttons`, and what it holds. Others leave the picture alone. */
const buttons: Readonly<Record<number, { readonly bit: number; readonly holds: Holder | null }>> = {
  0: { bit: 1, holds: null },
  1: { bit: 4, holds: 'middle-button' },
  5: { bit: 32, holds: 'eraser-end' },
};

/** A pen that barely touches still paints: pressure 0 is a device without a sensor. */
const pressureOf = (event: PointerEvent) =>
  event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 1;

const held = (event: MouseEvent): HeldKeys => ({ shift: event.shiftKey, alt: event.altKey });

/** What input means beyond the picture; a stable object. */
export interface InputNews {
  /** Two or more fingers tapped. */
  readonly onTap: (fingers: number) => void;
  /** A finger moves the picture instead of painting, because a pen was seen: told once. */
  readonly onFingerPans: () => void;
  readonly onKeyboard: (news: KeyboardNews) => void;
}

interface PointerInputOptions extends InputNews {
  readonly container: HTMLElement;
  readonly editor: Editor;
  readonly session: Session;
  readonly toolbox: Toolbox;
  readonly insets: (width: number, height: number) => Insets;
  /** Pointer over the stage, for the brush ring; null when it left. */
  readonly onHover: (point: ViewPoint | null) => void;
  /** The keyboard's brush; `drawing` while it makes a stroke. */
  readonly onCursor: (at: ImagePoint | null, drawing: boolean) => void;
}

/** The pointer that uses a tool. */
interface Active {
  readonly id: number;
  readonly type: string;
  readonly button: { readonly bit: number; readonly holds: Holder | null };
}

/**
 * Native pointer events of the stage → tool events; returns the disposal. One finger uses the tool; a second one
 * takes the stroke back and both pan and zoom. Once a pen was seen, one finger pans: a hand that rests paints
 * nothing. Whatever ends a stroke but Escape, undo and a second finger keeps what was painted.
 */
export function attachPointerInput(options: PointerInputOptions): () => void {
  const { container, session, toolbox, onHover } = options;
  const listening = new AbortController();
  const { signal } = listening;
  const fingers = createFingers();
  const corner = createStageCorner(container, signal);
  const tools = createHeldTools(session);
  let active: Active | null = null;
  let over: ViewPoint | null = null;
  let penSeen = false;
  let fingerPansSaid = false;

  const viewport = () => session.store.getState().viewport;

  const painting = createKeyboardPainting({ ...options, onNews: options.onKeyboard });
  const keys = attachKeyInput({
    container,
    session,
    toolbox,
    tools,
    painting,
    pointer: () => over,
    onDropped: forgetPointer,
    signal,
  });
  attachWheelInput({ container, session, corner, touched: () => fingers.count() > 0, signal });
  keepPageFromZooming(signal);

  function hover(point: ViewPoint | null) {
    over = point;
    onHover(point);
  }

  function sample(event: PointerEvent): PointerSample {
    const view = corner.toView(event);
    return { view, image: viewToImage(viewport(), view), pressure: pressureOf(event) };
  }

  function forgetPointer() {
    if (active?.button.holds) tools.set(active.button.holds, false);
    active = null;
  }

  /** The gesture ends here, with what was made so far or with nothing. */
  function finish(type: 'up' | 'cancel') {
    if (!active) return;
    forgetPointer();
    toolbox.send({ type });
  }

  /** False: this finger is none that uses a tool. */
  function fingerDown(event: PointerEvent): boolean {
    // A palm, while the pen draws.
    if (active?.type === 'pen') return false;
    fingers.down(event.pointerId, corner.toView(event), event.timeStamp);
    if (fingers.count() === 1) return true;
    if (active?.type === 'touch') finish('cancel');
    return false;
  }

  /** A hand that came down before the pen did not mean to paint. */
  function penDown() {
    penSeen = true;
    fingers.clear();
    if (active?.type === 'touch') finish('cancel');
  }

  function toolFor(event: PointerEvent) {
    if (event.pointerType !== 'touch' || !penSeen) return session.activeTool();
    if (!fingerPansSaid) options.onFingerPans();
    fingerPansSaid = true;
    return 'hand';
  }

  container.addEventListener(
    'pointerdown',
    (event) => {
      const button = buttons[event.button];
      if (!button) return;
      // Keeps the browser from starting a text selection or a middle-button scroll.
      event.preventDefault();
      // Focus by pointer needs no ring, whatever key was pressed before.
      container.dataset['byPointer'] = '';
      container.focus({ preventScroll: true });
      corner.read();
      capture(container, event.pointerId);
      if (event.pointerType === 'pen') penDown();
      if (event.pointerType === 'touch' && !fingerDown(event)) return;
      if (active) return;
      keys.pointerUsed();
      active = { id: event.pointerId, type: event.pointerType, button };
      tools.set('alt', event.altKey);
      if (button.holds) tools.set(button.holds, true);
      hover(corner.toView(event));
      toolbox.send(
        { type: 'down', sample: sample(event), touch: event.pointerType === 'touch', ...held(event) },
        toolFor(event),
      );
    },
    { signal },
  );

  container.addEventListener(
    'pointermove',
    (event) => {
      const point = corner.toView(event);
      if (event.pointerType === 'pen') penSeen = true;
      if (event.pointerType === 'touch') {
        const change = fingers.move(event.pointerId, point);
        if (change) session.setViewport(pinch(viewport(), change.before, change.now));
        if (event.pointerId !== active?.id) return;
      }
      if (event.pointerId === active?.id) {
        // React listens at the root, and would search its tree at each move of a stroke.
        event.stopPropagation();
        // With another button still down, or after a menu of the browser, a release is only seen here.
        if ((event.buttons & active.button.bit) === 0) return finish('up');
        hover(point);
      } else {
        // Browsers send a move where none was made, when what lies under the pointer has changed.
        if (painting.shown() && (event.movementX !== 0 || event.movementY !== 0)) keys.pointerUsed();
        hover(point);
        // Between two corners of a polygon its line follows a pointer that is not pressed.
        if (active || !toolbox.listens()) return;
      }
      // Some browsers give an empty list for synthetic events.
      const readings = event.getCoalescedEvents?.() ?? [];
      const samples = (readings.length > 0 ? readings : [event]).map(sample);
      toolbox.send({ type: 'move', samples, ...held(event) });
    },
    { signal },
  );

  function end(event: PointerEvent, tapped: boolean) {
    const tap = fingers.up(event.pointerId, event.timeStamp);
    if (event.pointerType === 'touch' && active?.type !== 'pen') hover(null);
    if (event.pointerId === active?.id) finish('up');
    if (tap > 1 && tapped) options.onTap(tap);
  }
  container.addEventListener('pointerup', (event) => end(event, true), { signal });
  container.addEventListener('pointercancel', (event) => end(event, false), { signal });
  // A capture lost without up: another window, a removed device.
  container.addEventListener('lostpointercapture', (event) => end(event, false), { signal });
  container.addEventListener('pointerleave', () => hover(null), { signal });
  container.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });

  /** The window goes: what happens to keys and buttons meanwhile is never told. */
  function pause() {
    finish('up');
    fingers.clear();
    keys.forget();
    painting.leave();
  }
  window.addEventListener('blur', pause, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') pause();
    },
    { signal },
  );
  container.addEventListener(
    'blur',
    () => {
      delete container.dataset['byPointer'];
      painting.leave();
    },
    { signal },
  );

  return () => {
    listening.abort();
    painting.dispose();
    tools.dispose();
    toolbox.send({ type: 'cancel' });
  };
}

/** A pointer that is gone by the time its event arrives can't be captured; it is followed as far as the stage goes. */
function capture(container: HTMLElement, pointerId: number) {
  try {
    container.setPointerCapture(pointerId);
  } catch {}
}
