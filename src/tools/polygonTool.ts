import { type ImagePoint, imagePoint } from '../geometry/spaces.ts';
import { shapeModeOf, writeShape } from './shape.ts';
import type { PointerSample, Tool, ToolContext } from './tool.ts';

/** From the first corner, CSS px, where a click closes the polygon. */
const MOUSE_REACH = 8;
const TOUCH_REACH = 22;
/** A click so near the last corner, CSS px, is the second of a double click. */
const MOUSE_AGAIN = 4;
const TOUCH_AGAIN = 12;
/** With Shift a side goes by steps of this angle. */
const ANGLE = Math.PI / 12;

export type PolygonState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'making';
      /** Those that are set; none while the first one is being pressed. */
      readonly corners: readonly ImagePoint[];
      /** Where the next one would be. */
      readonly next: ImagePoint;
      /** Where the pointer is, which Shift does not bind. */
      readonly at: ImagePoint;
      readonly pressed: boolean;
      readonly touch: boolean;
      readonly flipped: boolean;
    };

type Making = PolygonState & { readonly kind: 'making' };

const idle: PolygonState = { kind: 'idle' };

function snapped(from: ImagePoint | undefined, to: ImagePoint): ImagePoint {
  if (!from) return to;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / ANGLE) * ANGLE;
  return imagePoint(from.x + length * Math.cos(angle), from.y + length * Math.sin(angle));
}

/** Whether the points lie within `reach` CSS px of each other. */
function near(a: ImagePoint | undefined, b: ImagePoint, reach: number, { session }: ToolContext): boolean {
  const { scale } = session.store.getState().viewport;
  return a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) * scale <= reach;
}

const closing = ({ corners, at, touch }: Making, context: ToolContext) =>
  corners.length > 2 && near(corners[0], at, touch ? TOUCH_REACH : MOUSE_REACH, context);

const again = ({ corners, at, touch }: Making, context: ToolContext) =>
  near(corners.at(-1), at, touch ? TOUCH_AGAIN : MOUSE_AGAIN, context);

function pointedAt(state: Making, sample: PointerSample | undefined, shift: boolean): Making {
  const at = sample?.image ?? state.at;
  return { ...state, at, next: shift ? snapped(state.corners.at(-1), at) : at };
}

function finish(state: PolygonState, context: ToolContext): PolygonState {
  if (state.kind !== 'making' || state.corners.length < 3) return state;
  const mode = shapeModeOf(context.session, state.flipped);
  writeShape(context.draft, { kind: 'polygon', points: state.corners }, mode);
  return idle;
}

/** A corner is where the pointer is released, so that a finger, which can't hover, sees it before it counts. */
function released(state: Making, context: ToolContext): PolygonState {
  const up = { ...state, pressed: false };
  if (closing(state, context)) return finish(state, context);
  if (again(state, context)) return state.corners.length > 2 ? finish(state, context) : up;
  return { ...up, corners: [...state.corners, state.next] };
}

/** A click is a corner; one on the first corner, a double click or Enter closes. It goes on over many gestures. */
export const polygonTool: Tool<PolygonState> = {
  initial: idle,
  transition(state, event, context) {
    switch (event.type) {
      case 'down': {
        const { sample, touch, shift, alt } = event;
        const at = sample.image;
        const begun: Making =
          state.kind === 'making'
            ? { ...state, pressed: true, touch }
            : { kind: 'making', corners: [], next: at, at, pressed: true, touch, flipped: alt };
        return pointedAt(begun, sample, shift);
      }
      case 'move':
        return state.kind === 'making' ? pointedAt(state, event.samples.at(-1), event.shift) : state;
      case 'up':
        return state.kind === 'making' && state.pressed ? released(state, context) : state;
      case 'cancel':
        // What was set before this gesture began stays.
        return state.kind === 'making' && state.pressed && state.corners.length > 0
          ? { ...state, pressed: false, next: state.corners.at(-1)!, at: state.corners.at(-1)! }
          : idle;
    }
  },
  drawn(state, context) {
    if (state.kind !== 'making') return null;
    const closes = closing(state, context);
    const { corners, next, at, flipped } = state;
    return {
      shape: { kind: 'polygon', points: closes ? corners : [...corners, next] },
      mode: shapeModeOf(context.session, flipped),
      corners: corners.length,
      closing: closes,
      at,
    };
  },
  overGestures: {
    of: (state) =>
      state.kind === 'making' && state.corners.length > 0 ? { complete: state.corners.length > 2 } : null,
    finish,
    takeBack(state) {
      if (state.kind !== 'making' || state.corners.length < 2) return idle;
      return { ...state, corners: state.corners.slice(0, -1) };
    },
  },
};
