import type { PixelRect } from '../geometry/rect.ts';
import type { Viewport } from '../geometry/viewport.ts';
import { zoomOf } from '../geometry/viewport.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { ViewSource } from './viewSource.ts';

/** Long side of the whole-picture proxy, px: enough to fill a laptop's screen, 16 MB at most. */
const PROXY_EDGE = 2048;
/** Rest of the viewport before a sharp patch is asked for, ms: a wheel gesture has gaps of about 20. */
const SETTLE_MS = 40;
/** Sharp pixels kept around the visible part, device px, so that a small pan shows no coarse rim. */
const MARGIN = 64;

const CRISP_ZOOM = 2;

interface Piece {
  readonly bitmap: ImageBitmap;
  /** Document px that the bitmap covers; fractional. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly outWidth: number;
  readonly outHeight: number;
}

/** Rounding of a region's edges, document px. */
const SLACK = 1e-6;

const covers = (outer: Omit<Piece, 'bitmap'>, inner: Omit<Piece, 'bitmap'>) =>
  outer.x <= inner.x + SLACK &&
  outer.y <= inner.y + SLACK &&
  outer.x + outer.width >= inner.x + inner.width - SLACK &&
  outer.y + outer.height >= inner.y + inner.height - SLACK;

/** The part of the frame that the stage shows, on whole device px when minified, on whole document px when magnified. */
export function visibleRegion(viewport: Viewport, frame: PixelRect): Region | null {
  const zoom = zoomOf(viewport);
  const originX = viewport.originX * viewport.pixelRatio;
  const originY = viewport.originY * viewport.pixelRatio;
  const left = Math.max(-MARGIN, Math.floor(frame.x * zoom + originX));
  const top = Math.max(-MARGIN, Math.floor(frame.y * zoom + originY));
  const endX = Math.min(
    Math.ceil(viewport.width * viewport.pixelRatio) + MARGIN,
    Math.ceil((frame.x + frame.width) * zoom + originX),
  );
  const endY = Math.min(
    Math.ceil(viewport.height * viewport.pixelRatio) + MARGIN,
    Math.ceil((frame.y + frame.height) * zoom + originY),
  );
  if (endX <= left || endY <= top) return null;
  if (zoom >= 1) {
    const x = Math.max(frame.x, Math.floor((left - originX) / zoom));
    const y = Math.max(frame.y, Math.floor((top - originY) / zoom));
    const width = Math.min(frame.x + frame.width, Math.ceil((endX - originX) / zoom)) - x;
    const height = Math.min(frame.y + frame.height, Math.ceil((endY - originY) / zoom)) - y;
    return width > 0 && height > 0 ? { x, y, width, height, outWidth: width, outHeight: height } : null;
  }
  return {
    x: (left - originX) / zoom,
    y: (top - originY) / zoom,
    width: (endX - left) / zoom,
    height: (endY - top) / zoom,
    outWidth: endX - left,
    outHeight: endY - top,
  };
}

/** What of a canvas lies outside `inner` (device px, fractional), with the px that its edges cut; up to four rectangles. */
export function stripsAround(
  inner: Omit<Piece, 'bitmap'>,
  width: number,
  height: number,
): Omit<Piece, 'bitmap'>[] {
  const left = Math.min(width, Math.max(0, Math.ceil(inner.x)));
  const top = Math.min(height, Math.max(0, Math.ceil(inner.y)));
  const endX = Math.max(left, Math.min(width, Math.floor(inner.x + inner.width)));
  const endY = Math.max(top, Math.min(height, Math.floor(inner.y + inner.height)));
  return [
    { x: 0, y: 0, width, height: top },
    { x: 0, y: top, width: left, height: endY - top },
    { x: endX, y: top, width: width - endX, height: endY - top },
    { x: 0, y: endY, width, height: height - endY },
  ].filter((strip) => strip.width > 0 && strip.height > 0);
}

interface SceneOptions {
  readonly source: ViewSource;
  readonly viewport: () => Viewport;
  /** The pieces changed: draw again in the next frame. */
  readonly onChange: () => void;
}

/**
 * The flattened picture on the screen: a proxy of the whole for instant panning, and over it a patch of the
 * visible part at the screen's own resolution, asked from the worker when the viewport rests.
 */
export function createScene({ source, viewport, onChange }: SceneOptions) {
  let stack: LayerStack | null = null;
  let proxy: Piece | null = null;
  let patch: Piece | null = null;
  /** Of the stack that is shown; aborted when another one is shown. */
  let showing = new AbortController();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asking = false;
  let stale = false;

  function replace(current: Piece | null, next: Piece | null): Piece | null {
    if (current && current.bitmap !== next?.bitmap) current.bitmap.close();
    onChange();
    return next;
  }

  async function ask(region: Region, take: (piece: Piece) => void) {
    const { signal } = showing;
    if (!stack) return;
    try {
      const bitmap = await source.renderView(signal, stack, region, region.outWidth, region.outHeight);
      if (signal.aborted) bitmap.close();
      else take({ ...region, bitmap });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async function refine() {
    timer = null;
    const region = stack && visibleRegion(viewport(), stack.frame);
    if (!region) return;
    asking = true;
    stale = false;
    const { signal } = showing;
    try {
      await ask(region, (piece) => {
        patch = replace(patch, piece);
      });
    } finally {
      if (!signal.aborted) {
        asking = false;
        if (stale) settle();
      }
    }
  }

  function settle() {
    if (asking) {
      stale = true;
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(refine, SETTLE_MS);
  }

  return {
    /** Shows another flattened stack. `instant` is a bitmap of its picture without layers, when one is at hand. */
    show(next: LayerStack | null, instant: ImageBitmap | null) {
      const samePicture = stack && next && stack.picture.id === next.picture.id;
      stack = next;
      showing.abort();
      showing = new AbortController();
      asking = false;
      if (!next) {
        proxy = replace(proxy, null);
        patch = replace(patch, null);
        return;
      }
      const { frame } = next;
      if (!samePicture) {
        // Pixels of another picture must not be seen under this one's name.
        patch = replace(patch, null);
        proxy = replace(
          proxy,
          instant && { x: 0, y: 0, width: next.picture.width, height: next.picture.height, bitmap: instant },
        );
      }
      if (!instant || next.layers.length > 0) {
        const scale = Math.min(1, PROXY_EDGE / Math.max(frame.width, frame.height));
        const outWidth = Math.max(1, Math.round(frame.width * scale));
        const outHeight = Math.max(1, Math.round(frame.height * scale));
        void ask({ ...frame, outWidth, outHeight }, (piece) => {
          proxy = replace(proxy, piece);
        });
      }
      settle();
    },
    viewportChanged: settle,
    /** True once something of the stack can be drawn. */
    visible: () => proxy !== null || patch !== null,
    /** Draws in device px. Leaves a clip to the frame in `context`, whose transform must be the identity. */
    draw(context: CanvasRenderingContext2D) {
      if (!stack) return;
      const { pixelRatio, originX, originY } = viewport();
      const zoom = zoomOf(viewport());
      const { frame } = stack;
      // A proxy of the whole picture reaches beyond a frame that was cropped, and so does a patch made before.
      const left = Math.floor(frame.x * zoom + originX * pixelRatio);
      const top = Math.floor(frame.y * zoom + originY * pixelRatio);
      context.beginPath();
      context.rect(
        left,
        top,
        Math.ceil((frame.x + frame.width) * zoom + originX * pixelRatio) - left,
        Math.ceil((frame.y + frame.height) * zoom + originY * pixelRatio) - top,
      );
      context.clip();
      // The patch has the screen's own resolution; the proxy is seen for a moment, and mip levels for it would cost frames.
      context.imageSmoothingQuality = 'low';
      const toDevice = (piece: Piece) => ({
        x: piece.x * zoom + originX * pixelRatio,
        y: piece.y * zoom + originY * pixelRatio,
        width: piece.width * zoom,
        height: piece.height * zoom,
      });
      function drawPiece(piece: Piece) {
        const { x, y, width, height } = toDevice(piece);
        // From 200 % on a document px is shown as a crisp square; below, uneven squares would only look ragged.
        context.imageSmoothingEnabled = zoom < CRISP_ZOOM || piece.bitmap.width < piece.width;
        const exact = Math.abs(width / piece.bitmap.width - 1) < 1e-6;
        if (exact) context.drawImage(piece.bitmap, Math.round(x), Math.round(y));
        else context.drawImage(piece.bitmap, x, y, width, height);
      }
      const region = visibleRegion(viewport(), frame);
      const covered = region && patch && covers(patch, region);
      if (proxy && !covered) {
        // Scaling is what costs, so only what the patch leaves free is drawn of the proxy.
        const { width, height } = context.canvas;
        for (const strip of patch ? stripsAround(toDevice(patch), width, height) : [null]) {
          context.save();
          if (strip) {
            context.beginPath();
            context.rect(strip.x, strip.y, strip.width, strip.height);
            context.clip();
          }
          drawPiece(proxy);
          context.restore();
        }
      }
      if (!patch) return;
      const { x, y, width, height } = toDevice(patch);
      // Where the picture is half transparent, the coarse pixels at its rim must not shine through the sharp ones.
      if (!covered) context.clearRect(x, y, width, height);
      drawPiece(patch);
    },
    dispose() {
      showing.abort();
      if (timer !== null) clearTimeout(timer);
      proxy?.bitmap.close();
      patch?.bitmap.close();
    },
  };
}
