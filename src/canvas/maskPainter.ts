import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import { defaultView, type MaskLook, type ViewOptions } from '../editor/viewOptions.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { expand, intersect, pixelRect } from '../geometry/rect.ts';
import type { Viewport } from '../geometry/viewport.ts';
import { zoomOf } from '../geometry/viewport.ts';
import { changedTiles } from '../raster/compare.ts';
import { type CoverageSource, emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { renderCoverage } from '../raster/maskView.ts';
import { reaches } from '../raster/measure.ts';
import { deviceOrigin, deviceRect, onStage, placeCanvas, sizeCanvas } from './devicePixels.ts';
import {
  dashLength,
  HALF,
  type TintInk,
  tintInk,
  writeChecker,
  writeMask,
  writeOutline,
  writeTint,
} from './maskLooks.ts';

/** Edge of a checkerboard square, CSS px. */
const CHECK = 8;
/** Rest of the zoom, ms, after which a mask that was drawn coarsely is drawn well. */
const SETTLE_MS = 80;
/** More changed rectangles than this are painted as one repaint of the whole. */
const MANY = 64;

/** Grey levels 0–255. */
export interface CheckerColours {
  readonly light: number;
  readonly dark: number;
}

interface MaskPainterOptions {
  /** Laid over the stage by the painter itself. Written to, never read back. */
  readonly canvas: HTMLCanvasElement;
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly session: Session;
  readonly colours: () => CheckerColours;
  /** After anything was painted, or hidden. */
  readonly onPaint: (isOutline: boolean) => void;
}

/** The document's frame on the screen, and the part of it inside the stage; device px. */
interface Placement {
  readonly frame: PixelRect;
  readonly area: PixelRect;
  readonly pixelRatio: number;
}

/**
 * Shows the mask: each frame only the device px that changed are computed from the tiles and put into a canvas that
 * covers the visible part of the document, because a browser copies all of a canvas that was written to.
 * Pixel values here are straight RGBA, as `putImageData` takes them.
 */
export function createMaskPainter({ canvas, editor, draft, session, colours, onPaint }: MaskPainterOptions) {
  const context = canvas.getContext('2d')!;
  let frame: number | null = null;
  let hidden = false;
  let view: ViewOptions = defaultView;
  let ink: { readonly of: TintInk; readonly pixelRatio: number } | null = null;
  let tinted: Mask | null = null;
  let repaint = true;
  let dirty: PixelRect[] = [];
  let placed: Placement | null = null;
  let zoom = 0;
  /** Runs while the zoom is changing: meanwhile the mask is drawn with one point per device px. */
  let settling: ReturnType<typeof setTimeout> | null = null;
  let pixels = new ImageData(1, 1);
  let coverage = new Uint8Array(1);
  /** Coverage from which a px lies inside the outline. */
  let inside = HALF;
  let measured: Mask | null = null;

  const viewport = () => session.store.getState().viewport;

  function source(): CoverageSource | null {
    const live = draft.shown();
    if (live) return live;
    if (tinted) return maskSource(tinted);
    // What is erased of a layer is seen by itself.
    if (session.store.getState().layerId !== null) return null;
    const mask = editor.document()?.mask;
    if (mask && mask.tiles.size > 0) return maskSource(mask);
    // By itself, a mask is seen also while it is empty.
    return mask && lookNow() === 'mask' ? maskSource(emptyMask) : null;
  }

  function lookNow(): MaskLook {
    const { resultInView, layerId } = session.store.getState();
    // Strokes on a layer are tinted as well: a hole in it has no checkerboard below.
    if (layerId !== null || (tinted && !draft.shown())) return 'tint';
    return resultInView ? 'outline' : view.maskLook;
  }

  function inkFor({ pixelRatio }: Viewport): TintInk {
    if (ink?.pixelRatio !== pixelRatio) ink = { of: tintInk(view.tint, pixelRatio), pixelRatio };
    return ink.of;
  }

  function placementIn(of: Viewport): Placement | null {
    const document = editor.document();
    if (!document || hidden) return null;
    const onScreen = deviceRect(of, document.frame);
    const area = onStage(of, onScreen);
    return area && { frame: onScreen, area, pixelRatio: of.pixelRatio };
  }

  /** Lays the canvas over `next`; what it shows stays right when the picture was only moved. */
  function place(next: Placement, of: Viewport) {
    const { area } = next;
    const moved = placed && { x: next.frame.x - placed.frame.x, y: next.frame.y - placed.frame.y };
    const sameSize =
      placed?.area.width === area.width &&
      placed.area.height === area.height &&
      // Browser zoom leaves as many device px in fewer CSS px.
      placed.pixelRatio === next.pixelRatio;
    const samePart =
      placed && moved && area.x - placed.area.x === moved.x && area.y - placed.area.y === moved.y;
    if (!sameSize) {
      sizeCanvas(canvas, area, of.pixelRatio);
      pixels = new ImageData(area.width, area.height);
    }
    if (!sameSize || !samePart || zoom !== zoomOf(of)) repaint = true;
    if (placed && zoom !== zoomOf(of)) settle();
    placeCanvas(canvas, area, of.pixelRatio);
    placed = next;
    zoom = zoomOf(of);
  }

  function settle() {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(() => {
      settling = null;
      repaintAll();
    }, SETTLE_MS);
  }

  /** `rect` in device px of the stage, inside the placed area. */
  function paintRect(of: CoverageSource, on: Viewport, look: MaskLook, rect: PixelRect, { area }: Placement) {
    // One device px more on each side, so that the outline sees its neighbours.
    const around = pixelRect(rect.x - 1, rect.y - 1, rect.width + 2, rect.height + 2);
    const length = around.width * around.height;
    if (coverage.length < length) coverage = new Uint8Array(length);
    const { pixelRatio } = on;
    const offset = { offsetX: on.originX * pixelRatio, offsetY: on.originY * pixelRatio };
    renderCoverage(of, { scale: zoomOf(on), ...offset }, around, coverage, settling !== null);
    const origin = deviceOrigin(on);
    const target = {
      words: new Uint32Array(pixels.data.buffer),
      stride: area.width,
      x: rect.x - area.x,
      y: rect.y - area.y,
      width: rect.width,
      height: rect.height,
      fromOriginX: rect.x - origin.x,
      fromOriginY: rect.y - origin.y,
    };
    switch (look) {
      case 'erased':
        writeChecker(target, coverage, { ...colours(), square: CHECK * pixelRatio });
        break;
      case 'tint':
        writeTint(target, coverage, inkFor(on));
        break;
      case 'mask':
        writeMask(target, coverage);
        break;
      case 'outline':
        writeOutline(target, coverage, dashLength(pixelRatio), inside);
        break;
    }
    context.putImageData(pixels, 0, 0, target.x, target.y, rect.width, rect.height);
  }

  function paint() {
    frame = null;
    const on = viewport();
    const of = source();
    const next = of && placementIn(on);
    canvas.hidden = !next;
    dirty.push(...draft.takeDirty());
    if (!of || !next) {
      placed = null;
      dirty = [];
      onPaint(false);
      return;
    }
    place(next, on);
    const look = lookNow();
    if (look === 'outline') findInside();
    if (repaint || dirty.length > MANY) paintRect(of, on, look, next.area, next);
    else {
      for (const rect of dirty) {
        // What is inside an outline goes by its neighbours.
        const touched = expand(deviceRect(on, rect), look === 'outline' ? 1 : 0);
        const shown = touched && intersect(touched, next.area);
        if (shown) paintRect(of, on, look, shown, next);
      }
    }
    repaint = false;
    dirty = [];
    onPaint(look === 'outline');
  }

  /** A mask that nowhere reaches half would have no outline, and would be applied unseen. */
  function findInside() {
    const mask = editor.document()?.mask;
    if (!mask || mask === measured || draft.shown()) return;
    measured = mask;
    const found = reaches(mask, HALF) || mask.tiles.size === 0 ? HALF : 1;
    if (found !== inside) repaint = true;
    inside = found;
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
      if (state.resultInView !== before.resultInView || state.layerId !== before.layerId) repaintAll();
      else if (state.viewport !== before.viewport) schedule();
    }),
  ];

  return {
    /** After the colours changed. */
    repaintAll,
    setView(next: ViewOptions) {
      if (view === next) return;
      view = next;
      ink = null;
      repaintAll();
    },
    /** Hides the mask, e.g. while a picture that it does not belong to is previewed. */
    setHidden(value: boolean) {
      if (hidden === value) return;
      hidden = value;
      schedule();
    },
    /** What the canvas shows, while that is the document's outline, well drawn; for reading only. */
    outline(): { readonly words: Uint32Array; readonly area: PixelRect; readonly pixelRatio: number } | null {
      const still = placed && frame === null && settling === null && !draft.shown();
      if (!still || lookNow() !== 'outline') return null;
      return {
        words: new Uint32Array(pixels.data.buffer),
        area: placed!.area,
        pixelRatio: placed!.pixelRatio,
      };
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

export type MaskPainter = ReturnType<typeof createMaskPainter>;
