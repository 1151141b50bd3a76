import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { MaskLook, Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { intersect, pixelRect, rectBetween } from '../geometry/rect.ts';
import type { Viewport } from '../geometry/viewport.ts';
import { zoomOf } from '../geometry/viewport.ts';
import { changedTiles } from '../raster/compare.ts';
import { type CoverageSource, maskSource } from '../raster/mask.ts';
import { renderCoverage } from '../raster/maskView.ts';

/** Edge of a checkerboard square, CSS px. */
const CHECK = 8;
/** Length of a dash of the outline, device px (a power of two). */
const DASH = 4;
/** Coverage from which a device px counts as inside the outline. */
const INSIDE = 128;
/** More changed rectangles than this are painted as one repaint of the whole. */
const MANY = 64;

export interface CheckerColours {
  /** Grey levels 0–255. */
  readonly light: number;
  readonly dark: number;
}

interface MaskPainterOptions {
  /** Covers the stage, in device px. Written to, never read back. */
  readonly canvas: HTMLCanvasElement;
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly session: Session;
  readonly colours: () => CheckerColours;
}

/**
 * Shows the mask: each frame only the device px that changed are computed from the tiles and put into a canvas of
 * the stage's size. Pixel values here are straight RGBA, as `putImageData` takes them.
 */
export function createMaskPainter({ canvas, editor, draft, session, colours }: MaskPainterOptions) {
  const context = canvas.getContext('2d')!;
  let frame: number | null = null;
  let hidden = false;
  let repaint = true;
  let dirty: PixelRect[] = [];
  let pixels = new ImageData(1, 1);
  let words = wordsOf(pixels);
  let coverage = new Uint8Array(1);

  const viewport = () => session.store.getState().viewport;

  function source(): CoverageSource | null {
    const mask = editor.document()?.mask;
    return draft.current() ?? (mask ? maskSource(mask) : null);
  }

  /** Device px that the document's frame takes in the stage. */
  function shownFrame(view: Viewport): PixelRect | null {
    const document = editor.document();
    return (
      document && intersect(deviceRect(view, document.frame), pixelRect(0, 0, canvas.width, canvas.height))
    );
  }

  function paintRect(of: CoverageSource, view: Viewport, look: MaskLook, rect: PixelRect) {
    // One device px more on each side, so that the outline sees its neighbours.
    const around = pixelRect(rect.x - 1, rect.y - 1, rect.width + 2, rect.height + 2);
    const length = around.width * around.height;
    if (coverage.length < length) coverage = new Uint8Array(length);
    renderCoverage(
      of,
      {
        scale: zoomOf(view),
        offsetX: view.originX * view.pixelRatio,
        offsetY: view.originY * view.pixelRatio,
      },
      around,
      coverage,
    );
    if (look === 'outline') writeOutline(words, coverage, rect);
    else writeChecker(words, coverage, rect, view, colours());
    context.putImageData(pixels, 0, 0, rect.x, rect.y, rect.width, rect.height);
  }

  function paint() {
    frame = null;
    const view = viewport();
    const of = source();
    const visible = hidden ? null : shownFrame(view);
    const look = session.store.getState().maskLook;
    if (pixels.width !== canvas.width || pixels.height !== canvas.height) {
      pixels = new ImageData(Math.max(1, canvas.width), Math.max(1, canvas.height));
      words = wordsOf(pixels);
      repaint = true;
    }
    const live = draft.current()?.takeDirty();
    if (live) dirty.push(live);
    if (repaint || dirty.length > MANY) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (of && visible) paintRect(of, view, look, visible);
    } else if (of && visible) {
      for (const rect of dirty) {
        const shown = intersect(deviceRect(view, rect), visible);
        if (shown) paintRect(of, view, look, shown);
      }
    }
    repaint = false;
    dirty = [];
  }

  function schedule() {
    frame ??= requestAnimationFrame(paint);
  }

  function repaintAll() {
    repaint = true;
    schedule();
  }

  const stops = [
    draft.subscribe((event) => {
      // What a dropped draft had painted is not known any more.
      if (event === 'dropped') repaint = true;
      schedule();
    }),
    editor.store.subscribe((state, before) => {
      if (state.document?.id !== before.document?.id || state.document?.frame !== before.document?.frame) {
        repaintAll();
      } else if (state.document && before.document && state.document.mask !== before.document.mask) {
        dirty.push(...changedTiles(before.document.mask, state.document.mask));
        schedule();
      }
    }),
    session.store.subscribe((state, before) => {
      if (state.viewport !== before.viewport || state.maskLook !== before.maskLook) repaintAll();
    }),
  ];

  return {
    /** After the canvas was resized or cleared by somebody else, or the colours changed. */
    repaintAll,
    /** Hides the mask, e.g. while a picture that it does not belong to is previewed. */
    setHidden(value: boolean) {
      if (hidden === value) return;
      hidden = value;
      repaintAll();
    },
    dispose() {
      if (frame !== null) cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    },
  };
}

interface Words {
  readonly words: Uint32Array;
  /** Pixels per row. */
  readonly width: number;
}

const wordsOf = (pixels: ImageData): Words => ({
  words: new Uint32Array(pixels.data.buffer),
  width: pixels.width,
});

/** Device px touched by document px; half-open, outward. */
function deviceRect(view: Viewport, rect: PixelRect): PixelRect {
  const zoom = zoomOf(view);
  const originX = view.originX * view.pixelRatio;
  const originY = view.originY * view.pixelRatio;
  const left = Math.floor(rect.x * zoom + originX);
  const top = Math.floor(rect.y * zoom + originY);
  return (
    rectBetween(
      left,
      top,
      Math.ceil((rect.x + rect.width) * zoom + originX),
      Math.ceil((rect.y + rect.height) * zoom + originY),
    ) ?? pixelRect(left, top, 1, 1)
  );
}

/** Straight RGBA of a grey without its alpha, as one little-endian word (every browser's platform). */
const greyWord = (grey: number) => grey | (grey << 8) | (grey << 16);

/** The erased look: a checkerboard that moves with the picture, as opaque as the coverage. */
function writeChecker(
  { words, width }: Words,
  coverage: Uint8Array,
  rect: PixelRect,
  view: Viewport,
  { light, dark }: CheckerColours,
) {
  const square = CHECK * view.pixelRatio;
  const isOdd = (at: number, origin: number) =>
    Math.floor((at - Math.round(origin * view.pixelRatio)) / square) & 1;
  const even = new Uint32Array(rect.width);
  const odd = new Uint32Array(rect.width);
  for (let x = 0; x < rect.width; x++) {
    const first = isOdd(rect.x + x, view.originX);
    even[x] = greyWord(first ? dark : light);
    odd[x] = greyWord(first ? light : dark);
  }
  for (let y = 0; y < rect.height; y++) {
    const row = isOdd(rect.y + y, view.originY) ? odd : even;
    const from = (y + 1) * (rect.width + 2) + 1;
    const to = (rect.y + y) * width + rect.x;
    for (let x = 0; x < rect.width; x++) words[to + x] = row[x]! | (coverage[from + x]! << 24);
  }
}

const BLACK = 0xff000000;
const WHITE = 0xffffffff;

/** The outline: the inner rim of the covered part in black and white dashes, seen on every ground. */
function writeOutline({ words, width }: Words, coverage: Uint8Array, rect: PixelRect) {
  const stride = rect.width + 2;
  for (let y = 0; y < rect.height; y++) {
    let at = (y + 1) * stride + 1;
    const to = (rect.y + y) * width + rect.x;
    for (let x = 0; x < rect.width; x++, at++) {
      const rim =
        coverage[at]! >= INSIDE &&
        (coverage[at - 1]! < INSIDE ||
          coverage[at + 1]! < INSIDE ||
          coverage[at - stride]! < INSIDE ||
          coverage[at + stride]! < INSIDE);
      words[to + x] = rim ? ((rect.x + x + rect.y + y) & DASH ? WHITE : BLACK) : 0;
    }
  }
}
