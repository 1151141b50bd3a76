import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { atLimit, snappedTo } from '../geometry/rectEdit.ts';
import type { ViewPoint } from '../geometry/spaces.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { type Insets, imageToView, viewToImage } from '../geometry/viewport.ts';
import { frameLimits } from '../tools/frameTool.ts';
import { type Grip, MOUSE_REACH } from '../tools/rectDrag.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** Below this length of an edge, CSS px, the handle in its middle would touch those at its ends. */
const ROOM_FOR_MIDDLE = 64;
/** Between the label and the rectangle, CSS px. */
const LABEL_GAP = 8;
/** From the rectangle's corner to a label inside it, CSS px. */
const LABEL_INSIDE = 16;
/** Needed for the label above the rectangle, CSS px. */
const LABEL_ROOM = 52;
/** Width that the label keeps free of the stage's right edge, CSS px. */
const LABEL_WIDTH = 180;

const cursors: Readonly<Record<Grip, string>> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
  inside: 'move',
};

interface RectViewOptions {
  readonly container: HTMLElement;
  /** Outline with its handles as children, laid over the stage. */
  readonly box: HTMLElement;
  /** Lines across the stage, shown where a dragged edge snapped. */
  readonly guideX: HTMLElement;
  readonly guideY: HTMLElement;
  /** Stands at the rectangle's top left. Its `[data-size]` gets the size as text. */
  readonly label: HTMLElement;
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly session: Session;
  readonly toolbox: Toolbox;
  readonly insets: (width: number, height: number) => Insets;
}

/** A rectangle on the canvas. The look is what the style sheet goes by. */
interface ShownRect {
  readonly rect: PixelRect;
  readonly look: 'frame' | 'plan' | 'place';
  readonly handles: boolean;
}

/**
 * The rectangle that a tool drags, or what will be sent: elements moved by style, so that lines stay crisp at every
 * zoom and a pointer move draws no canvas and renders no component.
 */
export function createRectView(options: RectViewOptions) {
  const { container, box, label, editor, draft, session, toolbox } = options;
  const size = label.querySelector<HTMLElement>('[data-size]');
  let hidden = false;
  let pointer: ViewPoint | null = null;

  function current(): ShownRect | null {
    const { tool, liveRect, plan } = session.store.getState();
    if (hidden) return null;
    if (tool === 'frame' || tool === 'plan' || tool === 'place') {
      const rect = toolbox.rectOf(tool);
      return rect && { rect: liveRect ?? rect, look: tool, handles: true };
    }
    // A stroke changes what will be sent; it is shown again when that is known.
    return plan && !draft.shown() ? { rect: plan.rect, look: 'plan', handles: false } : null;
  }

  function placeBox({ rect, look, handles }: ShownRect) {
    const { viewport } = session.store.getState();
    const corner = imageToView(viewport, imagePoint(rect.x, rect.y));
    const width = rect.width * viewport.scale;
    const height = rect.height * viewport.scale;
    box.dataset['look'] = look;
    box.toggleAttribute('data-handles', handles);
    box.toggleAttribute('data-narrow', width < ROOM_FOR_MIDDLE);
    box.toggleAttribute('data-low', height < ROOM_FOR_MIDDLE);
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    box.style.transform = `translate(${corner.x}px, ${corner.y}px)`;

    const { left, top, right, bottom } = options.insets(viewport.width, viewport.height);
    const inSight =
      corner.x + width > left &&
      corner.y + height > top &&
      corner.x < viewport.width - right &&
      corner.y < viewport.height - bottom;
    const above = corner.y - LABEL_ROOM >= top;
    // The frame's size stands among its options as well; there its handles are worth more.
    label.hidden = !inSight || (look === 'frame' && !above);
    label.dataset['look'] = look;
    label.toggleAttribute('data-largest', look === 'frame' && atLimit(rect, frameLimits));
    if (size) size.textContent = `${rect.width} × ${rect.height}`;
    // Above the rectangle; inside it, beside its handles, where the panels leave no room.
    const x = Math.max(
      left,
      Math.min(corner.x + (above ? 0 : LABEL_INSIDE), viewport.width - right - LABEL_WIDTH),
    );
    const y = above
      ? `${Math.round(corner.y) - LABEL_GAP}px - 100%`
      : `${Math.round(corner.y) + LABEL_INSIDE}px`;
    label.style.transform = `translate(${Math.round(x)}px, max(${top}px, ${y}))`;
  }

  function placeGuides() {
    const { tool, liveRect, viewport } = session.store.getState();
    const start = liveRect && toolbox.busy() ? toolbox.rectOf(tool) : null;
    const at = liveRect && start && snappedTo(liveRect, start, toolbox.guidesOf(tool));
    const { x, y } = imageToView(viewport, imagePoint(at?.x ?? 0, at?.y ?? 0));
    options.guideX.hidden = at?.x == null;
    options.guideX.style.transform = `translateX(${x}px)`;
    options.guideY.hidden = at?.y == null;
    options.guideY.style.transform = `translateY(${y}px)`;
  }

  function placeCursor() {
    if (toolbox.busy()) return;
    const tool = session.activeTool();
    const { viewport } = session.store.getState();
    const grip =
      pointer &&
      !hidden &&
      toolbox.gripAt(tool, viewToImage(viewport, pointer), MOUSE_REACH / viewport.scale);
    container.style.cursor = grip ? cursors[grip] : '';
  }

  function place() {
    const shown = current();
    // Written only when it changes: this runs at each move of a stroke.
    if (box.hidden === (shown !== null)) box.hidden = !shown;
    if (shown) placeBox(shown);
    else if (!label.hidden) label.hidden = true;
    if (shown || !options.guideX.hidden || !options.guideY.hidden) placeGuides();
    placeCursor();
  }

  const stops = [session.store.subscribe(place), editor.store.subscribe(place), draft.subscribe(place)];
  place();

  return {
    /** Pointer over the stage; null when it left. */
    hover(point: ViewPoint | null) {
      pointer = point;
      placeCursor();
    },
    /** Hides the rectangle, e.g. while a picture that it does not belong to is previewed. */
    setHidden(value: boolean) {
      hidden = value;
      place();
    },
    dispose() {
      for (const stop of stops) stop();
      container.style.cursor = '';
    },
  };
}
