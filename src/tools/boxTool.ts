import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';
import { type DrawnShape, shapeModeOf, writeShape } from './shape.ts';
import type { Tool, ToolContext } from './tool.ts';

/** What is less is a click, CSS px: a finger trembles more than a hand on a mouse. */
const MOUSE_DRAG = 3;
const TOUCH_DRAG = 8;

export type BoxState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'dragging';
      readonly from: ImagePoint;
      readonly fromView: ViewPoint;
      readonly to: ImagePoint;
      /** CSS px from which it is no click any more. */
      readonly least: number;
      readonly dragged: boolean;
      /** Alt was held at the start: it takes away, and means the centre only once it was released. */
      readonly flipped: boolean;
      readonly altFree: boolean;
      readonly square: boolean;
      readonly centred: boolean;
    };

const idle: BoxState = { kind: 'idle' };

/** The whole px of a drag; null when there are none. Corners go to the nearest border between pixels. */
export function draggedBox(
  from: ImagePoint,
  to: ImagePoint,
  { square, centred }: { readonly square: boolean; readonly centred: boolean },
): PixelRect | null {
  const length = (a: number, b: number) =>
    centred ? Math.round(2 * Math.abs(b - a)) : Math.abs(Math.round(b) - Math.round(a));
  const across = length(from.x, to.x);
  const down = length(from.y, to.y);
  const width = square ? Math.max(across, down) : across;
  const height = square ? Math.max(across, down) : down;
  const start = (a: number, b: number, size: number) => {
    if (centred) return Math.round(a - size / 2);
    return b < a ? Math.round(a) - size : Math.round(a);
  };
  if (width === 0 || height === 0) return null;
  return pixelRect(start(from.x, to.x, width), start(from.y, to.y, height), width, height);
}

/** A rectangle or an ellipse from corner to corner; it may begin and end outside the picture. */
export function boxTool(kind: 'rectangle' | 'ellipse'): Tool<BoxState> {
  function drawn(state: BoxState, { session }: ToolContext): DrawnShape | null {
    const rect = state.kind === 'dragging' && state.dragged && draggedBox(state.from, state.to, state);
    if (!rect) return null;
    const mode = shapeModeOf(session, state.flipped);
    return { shape: { kind, rect }, mode, corners: 0, closing: false, at: state.to };
  }

  return {
    initial: idle,
    transition(state, event, context) {
      switch (event.type) {
        case 'down': {
          const { image, view } = event.sample;
          return {
            kind: 'dragging',
            from: image,
            fromView: view,
            to: image,
            least: event.touch ? TOUCH_DRAG : MOUSE_DRAG,
            dragged: false,
            flipped: event.alt,
            altFree: !event.alt,
            square: event.shift,
            centred: false,
          };
        }
        case 'move': {
          if (state.kind !== 'dragging') return state;
          const { fromView, least } = state;
          const far = ({ x, y }: ViewPoint) => Math.hypot(x - fromView.x, y - fromView.y) >= least;
          return {
            ...state,
            to: event.samples.at(-1)?.image ?? state.to,
            dragged: state.dragged || event.samples.some(({ view }) => far(view)),
            altFree: state.altFree || !event.alt,
            square: event.shift,
            centred: event.alt && state.altFree,
          };
        }
        case 'up': {
          const made = drawn(state, context);
          if (made) writeShape(context.draft, made.shape, made.mode);
          return idle;
        }
        case 'cancel':
          return idle;
      }
    },
    drawn,
  };
}
