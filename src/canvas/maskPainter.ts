import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { MaskLook, Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { intersect, pixelRect, rectBetween } from '../geometry/rect.ts';
import type { Viewport } from '../geometry/viewport.ts';
import { zoomOf } from '../geometry/viewport.ts';
import { changedTiles } from '../raster/compare.ts';
import { type CoverageSource, type Mask, maskSource } from '../raster/mask.ts';
import { renderCoverage } from '../raster/maskView.ts';
import { writeTint } from './overlay.ts';

/** Edge of a checkerboard square, CSS px. */
const CHECK = 8;
/** Width of a tint's stripe, CSS px. */
const STRIPE = 4;
/** Length of a dash of the outline, device px (a power of two). */
const DASH = 4;
/** Coverage from which a device px counts as inside the outline. */
const INSIDE = 128;
/** Rest of the zoom, ms, after which a mask that was drawn coarsely is drawn well. */
const SETTLE_MS = 80;
/** More changed rectangles than this are painted as one repaint of the whole. */
const MANY = 64;

export interface CheckerColours {
  /** Grey levels 0–255. */
  readonly light: number;
  readonly dark: number;
  /** Of a tint: red, green, blue as the low three bytes. */
  readonly tint: number;
}

interface MaskPainterOptions {
  /** Laid over the stage by the painter itself. Written to, never read back. */
  readonly canvas: HTMLCanvasElement;
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly session: Session;
  readonly colours: () => CheckerColours;
}

/** The document's frame on the screen, and the part of it inside the stage; device px. */
interface Placement {
  readonly frame: PixelRect;
  readonly area: PixelRect;
}

/**
 * Shows the mask: each frame only the device px that changed are computed from the tiles and put into a canvas that
 * covers the visible part of the document, because a browser copies all of a canvas that was written to.
 * Pixel values here are straight RGBA, as `putImageData` takes them.
 */
export function createMaskPainter({ canvas, editor, draft, session, colours }: MaskPainterOptions) {
  const context = canvas.getContext('2d')!;
  let frame: number | null = null;
  let hidden = false;
  let tinted: Mask | null = null;
  let repaint = true;
  let dirty: PixelRect[] = [];
  let placed: Placement | null = null;
  let zoom = 0;
  /** Runs while the zoom is changing: meanwhile the mask is drawn with one point per device px. */
  let settling: ReturnType<typeof setTimeout> | null = null;
  let pixels = new ImageData(1, 1);
  let coverage = new Uint8Array(1);

  const viewport = () => session.store.getState().viewport;

  function source(): CoverageSource | null {
    const live = draft.shown();
    if (live) return live;
    if (tinted) return maskSource(tinted);
    // What is erased of a layer is seen by itself.
    if (session.store.getState().layerId !== null) return null;
    const mask = editor.document()?.mask;
    return mask && mask.tiles.size > 0 ? maskSource(mask) : null;
  }

  /** Strokes on a layer are tinted as well: a hole in it has no checkerboard below. */
  function lookNow(): MaskLook | 'tint' {
    const { maskLook, layerId } = session.store.getState();
    return layerId !== null || (tinted && !draft.shown()) ? 'tint' : maskLook;
  }

  function placementIn(view: Viewport): Placement | null {
    const document = editor.document();
    if (!document || hidden) return null;
    const onScreen = deviceRect(view, document.frame);
    const stage = pixelRect(
      0,
      0,
      Math.round(view.width * view.pixelRatio),
      Math.round(view.height * view.pixelRatio),
    );
    const area = intersect(onScreen, stage);
    return area && { frame: onScreen, area };
  }

  /** Lays the canvas over `next`; what it shows stays right when the picture was only moved. */
  function place(next: Placement, view: Viewport) {
    const { area } = next;
    const moved = placed && { x: next.frame.x - placed.frame.x, y: next.frame.y - placed.frame.y };
    const sameSize = placed?.area.width === area.width && placed.area.height === area.height;
    const samePart =
      placed && moved && area.x - placed.area.x === moved.x && area.y - placed.area.y === moved.y;
    if (!sameSize) {
      canvas.width = area.width;
      canvas.height = area.height;
      pixels = new ImageData(area.width, area.height);
      canvas.style.width = `${area.width / view.pixelRatio}px`;
      canvas.style.height = `${area.height / view.pixelRatio}px`;
    }
    if (!sameSize || !samePart || zoom !== zoomOf(view)) repaint = true;
    if (placed && zoom !== zoomOf(view)) settle();
    canvas.style.transform = `translate(${area.x / view.pixelRatio}px, ${area.y / view.pixelRatio}px)`;
    placed = next;
    zoom = zoomOf(view);
  }

  function settle() {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(() => {
      settling = null;
      repaintAll();
    }, SETTLE_MS);
  }

  /** `rect` in device px of the stage, inside the placed area. */
  function paintRect(
    of: CoverageSource,
    view: Viewport,
    look: MaskLook | 'tint',
    rect: PixelRect,
    { area }: Placement,
  ) {
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
      settling !== null,
    );
    const target = {
      words: new Uint32Array(pixels.data.buffer),
      stride: area.width,
      x: rect.x - area.x,
      y: rect.y - area.y,
      width: rect.width,
      height: rect.height,
      fromOriginX: rect.x - Math.round(view.originX * view.pixelRatio),
      fromOriginY: rect.y - Math.round(view.originY * view.pixelRatio),
    };
    if (look === 'outline') writeOutline(target, coverage);
    else if (look === 'tint') {
      const phase = rect.x + rect.y - Math.round((view.originX + view.originY) * view.pixelRatio);
      writeTint(target, coverage, colours().tint, STRIPE * view.pixelRatio, phase);
    } else writeChecker(target, coverage, CHECK * view.pixelRatio, colours());
    context.putImageData(pixels, 0, 0, target.x, target.y, rect.width, rect.height);
  }

  function paint() {
    frame = null;
    const view = viewport();
    const of = source();
    const next = of && placementIn(view);
    canvas.hidden = !next;
    dirty.push(...draft.takeDirty());
    if (!of || !next) {
      placed = null;
      dirty = [];
      return;
    }
    place(next, view);
    const look = lookNow();
    if (repaint || dirty.length > MANY) paintRect(of, view, look, next.area, next);
    else {
      for (const rect of dirty) {
        const shown = intersect(deviceRect(view, rect), next.area);
        if (shown) paintRect(of, view, look, shown, next);
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
      // A tinted mask had made room for the draft.
      if (event === 'dropped' || tinted) repaint = true;
      schedule();
    }),
    editor.store.subscribe(({ document }, { document: former }) => {
      if (document?.id !== former?.id || document?.frame !== former?.frame) repaintAll();
      else if (document && former && document.mask !== former.mask) {
        dirty.push(...changedTiles(former.mask, document.mask));
        schedule();
      }
    }),
    session.store.subscribe((state, before) => {
      if (state.maskLook !== before.maskLook || state.layerId !== before.layerId) repaintAll();
      else if (state.viewport !== before.viewport) schedule();
    }),
  ];

  return {
    /** After the colours changed. */
    repaintAll,
    /** Hides the mask, e.g. while a picture that it does not belong to is previewed. */
    setHidden(value: boolean) {
      if (hidden === value) return;
      hidden = value;
      schedule();
    },
    /** A mask to be looked at instead of the document's. */
    setTint(mask: Mask | null) {
      if (tinted === mask) return;
      tinted = mask;
      repaintAll();
    },
    dispose() {
      if (frame !== null) cancelAnimationFrame(frame);
      if (settling !== null) clearTimeout(settling);
      for (const stop of stops) stop();
    },
  };
}

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

/** Where in the canvas's pixels a rectangle is written. */
interface Target {
  /** Straight RGBA, one little-endian word per pixel (every browser's platform). */
  readonly words: Uint32Array;
  /** Words per row. */
  readonly stride: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Distance from document px (0, 0), so that patterns stay with the picture when its frame grows. */
  readonly fromOriginX: number;
  readonly fromOriginY: number;
}

const greyWord = (grey: number) => grey | (grey << 8) | (grey << 16);

/** The erased look: a checkerboard as opaque as the coverage. `square` in device px. */
function writeChecker(target: Target, coverage: Uint8Array, square: number, { light, dark }: CheckerColours) {
  const { words, stride, width, height } = target;
  const odd = (at: number) => Math.floor(at / square) & 1;
  const rows = [new Uint32Array(width), new Uint32Array(width)] as const;
  for (let x = 0; x < width; x++) {
    const first = odd(target.fromOriginX + x);
    rows[0][x] = greyWord(first ? dark : light);
    rows[1][x] = greyWord(first ? light : dark);
  }
  for (let y = 0; y < height; y++) {
    const row = rows[odd(target.fromOriginY + y) ? 1 : 0];
    const from = (y + 1) * (width + 2) + 1;
    const to = (target.y + y) * stride + target.x;
    for (let x = 0; x < width; x++) words[to + x] = row[x]! | (coverage[from + x]! << 24);
  }
}

const BLACK = 0xff000000;
const WHITE = 0xffffffff;

/** The outline: the inner rim of the covered part in black and white dashes, seen on every ground. */
function writeOutline(target: Target, coverage: Uint8Array) {
  const { words, stride, width, height } = target;
  const row = width + 2;
  for (let y = 0; y < height; y++) {
    let at = (y + 1) * row + 1;
    const to = (target.y + y) * stride + target.x;
    const dash = target.fromOriginX + target.fromOriginY + y;
    for (let x = 0; x < width; x++, at++) {
      const rim =
        coverage[at]! >= INSIDE &&
        (coverage[at - 1]! < INSIDE ||
          coverage[at + 1]! < INSIDE ||
          coverage[at - row]! < INSIDE ||
          coverage[at + row]! < INSIDE);
      words[to + x] = rim ? ((dash + x) & DASH ? WHITE : BLACK) : 0;
    }
  }
}
