import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { type Viewport, zoomOf } from '../geometry/viewport.ts';
import { deviceOrigin, deviceRect, onStage, placeCanvas, sizeCanvas } from './devicePixels.ts';

/** Device px per document px above which there is room for lines. */
const GRID_ZOOM = 8;
/** Lines are dotted in dark and light, so that they are seen on every ground without weight. */
const DARK = 'rgb(0 0 0 / 32%)';
const LIGHT = 'rgb(255 255 255 / 32%)';

/**
 * First device px of each document px from `start + 1` to `end − 1`, where the picture's crisp squares meet. Document
 * px i is seen in the device px whose centre lies in it.
 */
export function gridLines(start: number, end: number, zoom: number, origin: number): number[] {
  return Array.from({ length: Math.max(0, end - start - 1) }, (_, k) =>
    Math.ceil((start + 1 + k) * zoom + origin - 0.5),
  );
}

interface PixelGridOptions {
  readonly canvas: HTMLCanvasElement;
  readonly session: Session;
}

/** Lines between document px at high zoom, one device px wide. Drawn when the view changes; below that zoom nothing is there. */
export function createPixelGrid({ canvas, session }: PixelGridOptions) {
  const context = canvas.getContext('2d')!;
  let frame: PixelRect | null = null;
  let wanted = true;
  let due: number | null = null;

  function lineIn(view: Viewport, of: PixelRect, area: PixelRect) {
    const zoom = zoomOf(view);
    const origin = deviceOrigin(view);
    const seen = (from: number, to: number, first: number, last: number, at: number) =>
      // Only document px that the area shows.
      gridLines(
        Math.max(first, Math.floor((from - at) / zoom) - 1),
        Math.min(last, Math.ceil((to - at) / zoom) + 1),
        zoom,
        at,
      );
    context.beginPath();
    for (const x of seen(area.x, area.x + area.width, of.x, of.x + of.width, origin.x)) {
      context.rect(x - area.x, 0, 1, area.height);
    }
    for (const y of seen(area.y, area.y + area.height, of.y, of.y + of.height, origin.y)) {
      context.rect(0, y - area.y, area.width, 1);
    }
    const dots = dotted(context, view.pixelRatio);
    dots.setTransform(new DOMMatrix().translate(origin.x - area.x, origin.y - area.y));
    context.fillStyle = dots;
    context.fill();
  }

  function draw() {
    due = null;
    const { viewport } = session.store.getState();
    const shown = wanted && frame && zoomOf(viewport) > GRID_ZOOM;
    const area = shown ? onStage(viewport, deviceRect(viewport, frame!)) : null;
    canvas.hidden = !area;
    if (!area) {
      // Its memory goes as well.
      canvas.width = 0;
      return;
    }
    sizeCanvas(canvas, area, viewport.pixelRatio);
    placeCanvas(canvas, area, viewport.pixelRatio);
    lineIn(viewport, frame!, area);
  }

  function changed() {
    const nothing =
      canvas.hidden && (!wanted || !frame || zoomOf(session.store.getState().viewport) <= GRID_ZOOM);
    if (!nothing) due ??= requestAnimationFrame(draw);
  }

  const stop = session.store.subscribe((state, before) => {
    if (state.viewport !== before.viewport) changed();
  });

  return {
    /** Of the picture that is shown. */
    setFrame(next: PixelRect | null) {
      frame = next;
      changed();
    },
    setWanted(next: boolean) {
      wanted = next;
      changed();
    },
    dispose() {
      if (due !== null) cancelAnimationFrame(due);
      stop();
    },
  };
}

/** A checkerboard of two by two; where two lines cross, it goes on evenly. */
function dotted(context: CanvasRenderingContext2D, pixelRatio: number): CanvasPattern {
  const dot = Math.max(1, Math.round(pixelRatio));
  const tile = new OffscreenCanvas(dot * 2, dot * 2);
  const pen = tile.getContext('2d')!;
  pen.fillStyle = DARK;
  pen.fillRect(0, 0, dot, dot);
  pen.fillRect(dot, dot, dot, dot);
  pen.fillStyle = LIGHT;
  pen.fillRect(dot, 0, dot, dot);
  pen.fillRect(0, dot, dot, dot);
  return context.createPattern(tile, 'repeat')!;
}
