import type { PixelRect } from './rect.ts';
import type { ClientPoint, ImagePoint, ViewPoint } from './spaces.ts';
import { clientPoint, imagePoint, viewPoint } from './spaces.ts';

/** How document px lie in the stage. */
export interface Viewport {
  /** Stage size in CSS px. */
  readonly width: number;
  readonly height: number;
  /** Device px per CSS px. */
  readonly pixelRatio: number;
  /** CSS px per document px. 100 % means one document px on one device px: scale = 1 / pixelRatio. */
  readonly scale: number;
  /** Where document px (0, 0)'s corner lies in the stage, CSS px; kept on whole device px. */
  readonly originX: number;
  readonly originY: number;
  /** The same before rounding, so that many small zoom steps don't drift. */
  readonly exactX: number;
  readonly exactY: number;
}

/** 2 % … 6400 % of a device px. */
export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 64;

/** A stage that has not been measured yet. */
export const unmeasured: Viewport = {
  width: 1,
  height: 1,
  pixelRatio: 1,
  scale: 1,
  originX: 0,
  originY: 0,
  exactX: 0,
  exactY: 0,
};

export const zoomOf = (viewport: Viewport) => viewport.scale * viewport.pixelRatio;

export const viewToImage = (viewport: Viewport, point: ViewPoint): ImagePoint =>
  imagePoint((point.x - viewport.originX) / viewport.scale, (point.y - viewport.originY) / viewport.scale);

export const imageToView = (viewport: Viewport, point: ImagePoint): ViewPoint =>
  viewPoint(point.x * viewport.scale + viewport.originX, point.y * viewport.scale + viewport.originY);

/** `stage` is the stage's corner in client px (its bounding client rect). */
export const clientToView = (stage: { left: number; top: number }, point: ClientPoint): ViewPoint =>
  viewPoint(point.x - stage.left, point.y - stage.top);

export const viewToClient = (stage: { left: number; top: number }, point: ViewPoint): ClientPoint =>
  clientPoint(point.x + stage.left, point.y + stage.top);

const onDevicePixel = (viewport: Viewport, value: number) =>
  Math.round(value * viewport.pixelRatio) / viewport.pixelRatio;

function placed(viewport: Viewport, scale: number, originX: number, originY: number): Viewport {
  return {
    ...viewport,
    scale,
    originX: onDevicePixel(viewport, originX),
    originY: onDevicePixel(viewport, originY),
    exactX: originX,
    exactY: originY,
  };
}

const clampScale = (viewport: Viewport, scale: number) =>
  Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, scale * viewport.pixelRatio)) / viewport.pixelRatio;

/** Scales so that the document point under `anchor` stays there (to half a device px). */
export function scaleAt(viewport: Viewport, anchor: ViewPoint, wanted: number): Viewport {
  const scale = clampScale(viewport, wanted);
  const k = scale / viewport.scale;
  return placed(
    viewport,
    scale,
    anchor.x - (anchor.x - viewport.exactX) * k,
    anchor.y - (anchor.y - viewport.exactY) * k,
  );
}

export const zoomBy = (viewport: Viewport, anchor: ViewPoint, factor: number) =>
  scaleAt(viewport, anchor, viewport.scale * factor);

export const panBy = (viewport: Viewport, dx: number, dy: number) =>
  placed(viewport, viewport.scale, viewport.exactX + dx, viewport.exactY + dy);

export const viewCentre = (viewport: Viewport) => viewPoint(viewport.width / 2, viewport.height / 2);

/** CSS px that panels cover at each edge of the stage. */
export interface Insets {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Shows all of `frame` centred between the insets; never above 100 % unless the picture is tiny (≤ 4 ×). */
export function fitFrame(viewport: Viewport, frame: PixelRect, insets: Insets): Viewport {
  const width = Math.max(1, viewport.width - insets.left - insets.right);
  const height = Math.max(1, viewport.height - insets.top - insets.bottom);
  const fitting = Math.min(width / frame.width, height / frame.height);
  const scale = clampScale(viewport, Math.min(fitting, 4 / viewport.pixelRatio));
  return placed(
    viewport,
    scale,
    insets.left + (width - frame.width * scale) / 2 - frame.x * scale,
    insets.top + (height - frame.height * scale) / 2 - frame.y * scale,
  );
}

interface StageSize {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/**
 * New stage size or pixel ratio. The document point in the middle between the panels stays there, also when a phone is
 * turned and they lie elsewhere; many small steps don't drift.
 */
export function resizeStage(
  viewport: Viewport,
  size: StageSize,
  insets: (width: number, height: number) => Insets,
): Viewport {
  const middle = ({ width, height }: { width: number; height: number }) => {
    const { left, top, right, bottom } = insets(width, height);
    return viewPoint((left + width - right) / 2, (top + height - bottom) / 2);
  };
  const before = middle(viewport);
  const after = middle(size);
  const resized = { ...viewport, ...size };
  const scale = clampScale(resized, viewport.scale);
  const k = scale / viewport.scale;
  return placed(
    resized,
    scale,
    after.x - (before.x - viewport.exactX) * k,
    after.y - (before.y - viewport.exactY) * k,
  );
}

/** Moved no further than needed, so that the point lies between the insets, `margin` CSS px away where there is room. */
export function panIntoSight(
  viewport: Viewport,
  point: ImagePoint,
  { left, top, right, bottom }: Insets,
  margin: number,
): Viewport {
  const { x, y } = imageToView(viewport, point);
  const needed = (at: number, low: number, high: number) => {
    const inner = Math.max(0, Math.min(margin, (high - low) / 2));
    return Math.max(0, low + inner - at) + Math.min(0, high - inner - at);
  };
  const dx = needed(x, left, viewport.width - right);
  const dy = needed(y, top, viewport.height - bottom);
  return dx === 0 && dy === 0 ? viewport : panBy(viewport, dx, dy);
}
