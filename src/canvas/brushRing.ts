import { isBrush, type Session } from '../editor/session.ts';
import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';
import { viewPoint } from '../geometry/spaces.ts';
import { type Insets, imageToView } from '../geometry/viewport.ts';

/** Below this diameter, CSS px, the ring gets a centre dot, or it would be lost. */
const TINY = 8;
/** Milliseconds for which a new size is shown. */
const SIZE_SHOWN = 1000;
/** Between the ring and the size below it, CSS px. */
const LABEL_GAP = 8;

interface BrushRingOptions {
  readonly ring: HTMLElement;
  /** Says the size while it changes. */
  readonly label: HTMLElement;
  readonly session: Session;
  readonly insets: (width: number, height: number) => Insets;
}

/**
 * The brush's outline at true size, moved by CSS transform: no canvas is redrawn for it. White inside black, so it
 * is seen on every ground (`brushRing.css`). It stands at the pointer, where keys have moved it, or, while its size is
 * being changed from a panel, in the middle.
 */
export function createBrushRing({ ring, label, session, insets }: BrushRingOptions) {
  let pointer: ViewPoint | null = null;
  let cursor: ImagePoint | null = null;
  let sizing: ReturnType<typeof setTimeout> | null = null;
  let shownDiameter = 0;

  function middle(): ViewPoint {
    const { width, height } = session.store.getState().viewport;
    const { left, top, right, bottom } = insets(width, height);
    return viewPoint((left + width - right) / 2, (top + height - bottom) / 2);
  }

  /** Of the brush, or of a quick-select scribble; the wand is a cross where keys have moved it. Null with other tools. */
  function sizeNow(): number | null {
    const { brush, scribbleSize } = session.store.getState();
    const tool = session.activeTool();
    if (tool === 'wand') return cursor ? 0 : null;
    return isBrush(tool) ? brush.size : tool === 'smart' ? scribbleSize : null;
  }

  function place() {
    const { viewport } = session.store.getState();
    const at = cursor ? imageToView(viewport, cursor) : (pointer ?? (sizing === null ? null : middle()));
    const size = sizeNow();
    const shown = at !== null && size !== null;
    ring.hidden = !shown;
    if (label.hidden !== (!shown || sizing === null)) label.hidden = !label.hidden;
    if (!shown) return;
    const diameter = size * viewport.scale;
    if (diameter !== shownDiameter) {
      shownDiameter = diameter;
      ring.style.width = `${diameter}px`;
      ring.style.height = `${diameter}px`;
      ring.classList.toggle('tiny', diameter < TINY);
    }
    ring.style.transform = `translate(${at.x - diameter / 2}px, ${at.y - diameter / 2}px)`;
    if (label.hidden) return;
    const below = Math.min(
      at.y + diameter / 2 + LABEL_GAP,
      viewport.height - insets(viewport.width, viewport.height).bottom,
    );
    label.textContent = `${size} px`;
    label.style.transform = `translate(${Math.round(at.x)}px, ${Math.round(below)}px) translateX(-50%)`;
  }

  function showSize() {
    if (sizing !== null) clearTimeout(sizing);
    sizing = setTimeout(() => {
      sizing = null;
      place();
    }, SIZE_SHOWN);
  }

  const showTip = () => ring.classList.toggle('square', session.store.getState().brush.tip === 'square');

  const stop = session.store.subscribe((state, before) => {
    if (state.brush.size !== before.brush.size || state.scribbleSize !== before.scribbleSize) showSize();
    if (state.brush.tip !== before.brush.tip) showTip();
    place();
  });
  showTip();
  place();

  return {
    moveTo(point: ViewPoint | null) {
      pointer = point;
      place();
    },
    /** Where keys have moved it; null: it follows the pointer. */
    setCursor(at: ImagePoint | null, drawing: boolean) {
      cursor = at;
      ring.classList.toggle('keys', at !== null);
      ring.classList.toggle('drawing', drawing);
      place();
    },
    dispose() {
      if (sizing !== null) clearTimeout(sizing);
      stop();
    },
  };
}
