import type { Session } from '../editor/session.ts';
import type { ViewPoint } from '../geometry/spaces.ts';
import { arrows, BIG_STEP } from '../tools/keyCursor.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { HeldTools } from './heldTools.ts';
import type { KeyboardPainting } from './keyboardPainting.ts';

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type="range"])'));

/** A control that was reached by key is pressed by Space, wherever the pointer rests. */
const pressedBySpace = (target: EventTarget | null, container: HTMLElement) =>
  target instanceof HTMLElement &&
  target !== document.body &&
  target !== container &&
  target.matches(':focus-visible');

interface KeyInputOptions {
  readonly container: HTMLElement;
  readonly session: Session;
  readonly toolbox: Toolbox;
  readonly tools: HeldTools;
  readonly painting: KeyboardPainting;
  /** The pointer over the stage, or null. */
  readonly pointer: () => ViewPoint | null;
  /** What was being drawn with a pointer has been taken back. */
  readonly onDropped: () => void;
  readonly signal: AbortSignal;
}

/** Keys that belong to the picture: tools held for a while, taking a stroke back, the keyboard's brush, nudging. */
export function attachKeyInput(options: KeyInputOptions) {
  const { container, toolbox, tools, painting, pointer, signal } = options;
  /** Space was pressed where the keyboard paints; a pointer that moves meanwhile makes it the hand. */
  let stamping = false;

  const here = (event: KeyboardEvent) => event.target === document.body || event.target === container;

  function onSpaceDown(event: KeyboardEvent) {
    if (painting.shown() && here(event)) {
      event.preventDefault();
      if (!event.repeat) stamping = true;
    } else if (pointer() && !typing(event.target) && !pressedBySpace(event.target, container)) {
      event.preventDefault();
      tools.set('space', true);
    }
  }

  function onSpaceUp(event: KeyboardEvent) {
    if (stamping) {
      event.preventDefault();
      stamping = false;
      painting.stamp();
    } else if (tools.has('space')) {
      event.preventDefault();
      tools.set('space', false);
    }
  }

  // Before anything else on the page, or a focused button would be pressed as well.
  const early = { signal, capture: true };

  window.addEventListener(
    'keydown',
    (event) => {
      // Escape or undo takes back the stroke that is being made, or a selection that is waited for, and nothing else.
      const undo = event.code === 'KeyZ' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      const back = (event.code === 'Escape' || undo) && !typing(event.target);
      if (back && (toolbox.busy() || toolbox.waiting())) {
        if (toolbox.busy()) {
          options.onDropped();
          toolbox.send({ type: 'cancel' });
          painting.dropped();
        } else toolbox.stopWaiting();
        event.preventDefault();
        event.stopPropagation();
      }
      if (event.code === 'Space') onSpaceDown(event);
      if (event.key === 'Alt' && pointer() && !painting.shown() && !typing(event.target)) {
        // Alone it would open a browser's menu.
        event.preventDefault();
        tools.set('alt', true);
      }
    },
    early,
  );
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.code === 'Space') onSpaceUp(event);
      if (event.key === 'Alt') {
        if (tools.has('alt')) event.preventDefault();
        tools.set('alt', false);
      }
      // Where Tab has brought the focus.
      if (event.key === 'Tab' && event.target === container && !event.altKey) painting.enter(null);
    },
    early,
  );

  // Shift and Alt count at once, not only when the pointer moves again.
  for (const type of ['keydown', 'keyup'] as const) {
    window.addEventListener(
      type,
      (event) => {
        if ((event.key !== 'Shift' && event.key !== 'Alt') || !toolbox.listens()) return;
        event.preventDefault();
        if (!event.repeat && !painting.drawing())
          toolbox.send({ type: 'move', samples: [], shift: event.shiftKey, alt: event.altKey });
      },
      early,
    );
  }

  function onArrow(event: KeyboardEvent, step: readonly [dx: number, dy: number]): boolean {
    const resize = event.ctrlKey || event.metaKey;
    if (painting.usable()) {
      if (resize || (toolbox.busy() && !painting.drawing())) return false;
      tools.set('alt', false);
      painting.enter(pointer());
      painting.move(step, { shift: event.shiftKey, alt: event.altKey });
      return true;
    }
    const by = event.shiftKey ? BIG_STEP : 1;
    return !event.altKey && toolbox.nudge({ dx: step[0] * by, dy: step[1] * by, resize });
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || !here(event)) return;
      const step = arrows[event.code];
      // Alt and an arrow would leave the page.
      if (step && onArrow(event, step)) event.preventDefault();
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
      if ((event.code === 'Enter' || event.code === 'NumpadEnter') && plain && painting.shown()) {
        event.preventDefault();
        painting.toggleStroke();
      }
    },
    { signal },
  );

  return {
    /** A pointer was moved or pressed: the keyboard's brush makes way for it. */
    pointerUsed() {
      if (stamping) tools.set('space', true);
      stamping = false;
      painting.leave();
    },
    /** What is let go while the window has no keyboard is never told. */
    forget() {
      stamping = false;
      tools.reset();
    },
  };
}
