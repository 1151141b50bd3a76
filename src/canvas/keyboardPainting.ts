import type { Editor } from '../editor/editor.ts';
import { isMovedByKeys, type Session, type ToolId } from '../editor/session.ts';
import { type ImagePoint, type ViewPoint, viewPoint } from '../geometry/spaces.ts';
import { type Insets, imageToView, panIntoSight, viewToImage } from '../geometry/viewport.ts';
import { onPixel, steppedCursor } from '../tools/keyCursor.ts';
import type { HeldKeys, PointerSample } from '../tools/tool.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** Of the keyboard's brush, for those who don't see it. */
export type KeyboardNews =
  /** Where it has come to rest, document px. */
  | { readonly kind: 'at'; readonly tool: ToolId; readonly x: number; readonly y: number }
  | { readonly kind: 'begun' | 'dropped' };

/** The brush stays so far away from what covers the stage, CSS px, where there is room. */
const MARGIN = 48;
/** Milliseconds without a move after which the position is said. */
const REST = 350;
/** The wand has no size: keys move it as they would a brush of so many document px. */
const WAND_SIZE = 40;
/** Keys know where to go: there is nothing to steady, and no line to draw from an earlier click. */
const noKeys: HeldKeys = { shift: false, alt: false };

interface KeyboardPaintingOptions {
  readonly container: HTMLElement;
  readonly editor: Editor;
  readonly session: Session;
  readonly toolbox: Toolbox;
  readonly insets: (width: number, height: number) => Insets;
  /** Shows the brush at a place, or no more; `drawing` while a stroke is being made. */
  readonly onCursor: (at: ImagePoint | null, drawing: boolean) => void;
  readonly onNews: (news: KeyboardNews) => void;
}

/** A brush that is moved and pressed by keys: it sends the tools what a pointer would. */
export function createKeyboardPainting(options: KeyboardPaintingOptions) {
  const { container, editor, session, toolbox, onCursor, onNews } = options;
  let at: ImagePoint | null = null;
  let shown = false;
  /** The tool with which a stroke was begun. */
  let drawing: ToolId | null = null;
  let saying: ReturnType<typeof setTimeout> | undefined;

  const viewport = () => session.store.getState().viewport;
  const frame = () => editor.document()?.frame ?? null;
  const usable = () => frame() !== null && isMovedByKeys(session.activeTool());

  function sizeNow(): number {
    const { brush, scribbleSize } = session.store.getState();
    const tool = session.activeTool();
    return tool === 'wand' ? WAND_SIZE : tool === 'smart' ? scribbleSize : brush.size;
  }

  const sample = (image: ImagePoint): PointerSample => ({
    image,
    view: imageToView(viewport(), image),
    pressure: 1,
  });

  function between(): ImagePoint {
    const { width, height } = viewport();
    const { left, top, right, bottom } = options.insets(width, height);
    return viewToImage(viewport(), viewPoint((left + width - right) / 2, (top + height - bottom) / 2));
  }

  function show() {
    onCursor(shown ? at : null, drawing !== null);
    container.toggleAttribute('data-keys', shown);
  }

  function sayPlace() {
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (at && shown) onNews({ kind: 'at', tool: session.activeTool(), x: at.x - 0.5, y: at.y - 0.5 });
    }, REST);
  }

  function place(point: ImagePoint) {
    at = point;
    const { width, height } = viewport();
    const inSight = panIntoSight(viewport(), point, options.insets(width, height), MARGIN);
    if (inSight !== viewport()) session.setViewport(inSight);
    show();
    sayPlace();
  }

  /** The stroke so far counts. */
  function endStroke() {
    if (!drawing) return;
    drawing = null;
    toolbox.send({ type: 'up' });
    show();
  }

  function leave() {
    if (!shown) return;
    endStroke();
    clearTimeout(saying);
    shown = false;
    show();
  }

  function begin() {
    if (!at) return;
    // What comes of it is worth more than where it is.
    clearTimeout(saying);
    drawing = session.activeTool();
    toolbox.send({ type: 'down', sample: sample(at), touch: false, exact: true, ...noKeys });
    show();
  }

  const stop = session.store.subscribe(() => {
    if (drawing && session.activeTool() !== drawing) endStroke();
    if (shown && !usable()) leave();
  });
  const stopEditor = editor.store.subscribe(({ document }, { document: former }) => {
    if (document?.id === former?.id) return;
    leave();
    at = null;
  });

  return {
    shown: () => shown,
    drawing: () => drawing !== null,
    usable,
    /** Shows the brush: under the pointer, where it was before, or in the middle. */
    enter(pointer: ViewPoint | null) {
      const within = frame();
      if (shown || !within || !usable()) return;
      shown = true;
      container.focus({ preventScroll: true });
      place(onPixel(pointer ? viewToImage(viewport(), pointer) : (at ?? between()), within));
    },
    move(direction: readonly [dx: number, dy: number], keys: HeldKeys) {
      const within = frame();
      if (!shown || !at || !within) return;
      place(steppedCursor(at, direction, keys, sizeNow(), within));
      if (drawing) toolbox.send({ type: 'move', samples: [sample(at)], ...noKeys });
    },
    /** Within a stroke there is nothing to stamp. */
    stamp() {
      if (!shown || drawing) return;
      begin();
      endStroke();
    },
    toggleStroke() {
      if (!shown) return;
      if (drawing) return endStroke();
      begin();
      // The wand has nothing to draw.
      if (drawing === 'wand') return endStroke();
      onNews({ kind: 'begun' });
    },
    /** The stroke was taken back. */
    dropped() {
      if (!drawing) return;
      drawing = null;
      show();
      onNews({ kind: 'dropped' });
    },
    leave,
    dispose() {
      leave();
      stop();
      stopEditor();
    },
  };
}

export type KeyboardPainting = ReturnType<typeof createKeyboardPainting>;
