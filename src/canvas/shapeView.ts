import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { type ImagePoint, imagePoint } from '../geometry/spaces.ts';
import { imageToView } from '../geometry/viewport.ts';
import type { DrawnShape, Shape } from '../tools/shape.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** From the pointer to the label, CSS px: below the cursor, clear of a crosshair; above a finger, which hides it. */
const LABEL_X = 14;
const MOUSE_LABEL_Y = 16;
const TOUCH_LABEL_Y = -72;
/** Room that the label keeps free of the stage's edges, CSS px. */
const LABEL_WIDTH = 120;
const LABEL_HEIGHT = 32;

interface ShapeViewOptions {
  /** As `ShapeOutline.tsx` renders it. */
  readonly element: HTMLElement;
  readonly session: Session;
  readonly toolbox: Toolbox;
}

/** Parts of the picture in SVG's path language, document px. */
type Paths = Readonly<Record<'fill' | 'line' | 'closing' | 'corners' | 'first', string>>;

const line = (points: readonly ImagePoint[]) => points.map(({ x, y }) => `${x} ${y}`).join('L');
/** Round caps make a dot of a line without length. */
const dots = (points: readonly ImagePoint[]) => points.map(({ x, y }) => `M${x} ${y}h0`).join('');

function pathsOf({ shape, corners, closing }: DrawnShape): Paths {
  if ('rect' in shape) {
    const around = closedPath(shape);
    return { fill: around, line: around, closing: '', corners: '', first: '' };
  }
  const { points } = shape;
  const first = points.slice(0, 1);
  const outline = `M${line(points)}`;
  const back = `M${line([...points.slice(-1), ...first])}`;
  return {
    fill: outline,
    line: closing ? `${outline}Z` : outline,
    closing: closing || points.length < 3 ? '' : back,
    corners: dots(points.slice(closing ? 1 : 0, corners)),
    first: closing ? dots(first) : '',
  };
}

function closedPath({ kind, rect }: Extract<Shape, { readonly rect: PixelRect }>): string {
  const { x, y, width, height } = rect;
  if (kind === 'rectangle') return `M${x} ${y}h${width}v${height}h${-width}Z`;
  const arc = (to: number) => `a${width / 2} ${height / 2} 0 0 1 ${to} 0`;
  return `M${x} ${y + height / 2}${arc(width)}${arc(-width)}Z`;
}

/**
 * The shape that is being made, or typed as numbers: an outline over the stage that the browser draws, so that its
 * cost does not depend on the picture's size, and no component renders while the pointer moves.
 */
export function createShapeView({ element, session, toolbox }: ShapeViewOptions) {
  const group = element.querySelector('g')!;
  const size = element.querySelector<HTMLElement>('[data-size]')!;
  const coarse = window.matchMedia('(pointer: coarse)');
  let frame: number | null = null;

  function typed(): DrawnShape | null {
    const { tool, liveRect, shapeMode } = session.store.getState();
    if (!liveRect || (tool !== 'rectangle' && tool !== 'ellipse')) return null;
    const at = imagePoint(liveRect.x + liveRect.width, liveRect.y + liveRect.height);
    return { shape: { kind: tool, rect: liveRect }, mode: shapeMode, corners: 0, closing: false, at };
  }

  const current = () => toolbox.drawn() ?? typed();

  function draw() {
    frame = null;
    const drawn = current();
    element.hidden = !drawn;
    if (!drawn) return;
    const { shape, mode, at } = drawn;
    const { viewport } = session.store.getState();
    const { scale, originX, originY } = viewport;
    element.dataset['mode'] = mode;
    group.setAttribute('transform', `matrix(${scale} 0 0 ${scale} ${originX} ${originY})`);
    const paths = pathsOf(drawn);
    for (const path of group.querySelectorAll<SVGPathElement>('path'))
      path.setAttribute('d', paths[path.dataset['part'] as keyof Paths]);
    size.textContent = 'rect' in shape ? `${shape.rect.width} × ${shape.rect.height}` : '';
    const { x, y } = imageToView(viewport, at);
    const labelY = coarse.matches ? TOUCH_LABEL_Y : MOUSE_LABEL_Y;
    const left = Math.max(0, Math.min(x + LABEL_X, viewport.width - LABEL_WIDTH));
    const top = Math.max(0, Math.min(y + labelY, viewport.height - LABEL_HEIGHT));
    size.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  const schedule = () => {
    // Strokes of a brush come here as well.
    if (!element.hidden || current()) frame ??= requestAnimationFrame(draw);
  };
  const stops = [
    toolbox.subscribe(schedule),
    session.store.subscribe((state, before) => {
      const moved = state.viewport !== before.viewport || state.shapeMode !== before.shapeMode;
      if (state.liveRect !== before.liveRect || (moved && !element.hidden)) schedule();
    }),
  ];

  return {
    dispose() {
      if (frame !== null) cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    },
  };
}
