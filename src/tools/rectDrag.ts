import type { PixelRect } from '../geometry/rect.ts';
import { bottom, right, sameRect } from '../geometry/rect.ts';
import type { Guides, Handle, RectLimits } from '../geometry/rectEdit.ts';
import { moveRect, resizeRect } from '../geometry/rectEdit.ts';
import type { ImagePoint } from '../geometry/spaces.ts';
import type { HeldKeys, Nudge, Tool, ToolContext } from './tool.ts';

/** What of a rectangle lies under a point. */
export type Grip = Handle | 'inside';

/** How far from an edge it can be taken, CSS px: the same on the screen at every zoom. */
export const MOUSE_REACH = 8;
const TOUCH_REACH = 22;
/** Distance from which an edge snaps, CSS px. */
const SNAP = 8;

/**
 * The grip at a point, null beyond reach of the rectangle. `reach` in document px. Edges can be taken along their
 * whole length; on a rectangle that is small on the screen they leave its middle third free for moving it.
 */
export function gripAt(rect: PixelRect, { x, y }: ImagePoint, reach: number): Grip | null {
  const side = (at: number, low: number, high: number) => {
    if (at < low - reach || at > high + reach) return null;
    const inner = Math.min(reach, (high - low) / 3);
    const fromLow = at - low;
    const fromHigh = high - at;
    if (fromLow <= inner && fromLow <= fromHigh) return -1;
    return fromHigh <= inner ? 1 : 0;
  };
  const across = side(x, rect.x, right(rect));
  const down = side(y, rect.y, bottom(rect));
  if (across === null || down === null) return null;
  const name = `${['n', '', 's'][down + 1]}${['w', '', 'e'][across + 1]}`;
  return name === '' ? 'inside' : (name as Handle);
}

/** A rectangle that a tool drags. All of it is asked anew, so that it may depend on the document. */
export interface RectSubject {
  /** null while there is nothing to drag. */
  rect(context: ToolContext): PixelRect | null;
  guides(context: ToolContext): Guides;
  limits(context: ToolContext): RectLimits;
  /** True: the aspect stays unless Shift is held; false: the other way round. */
  readonly keepsAspect: boolean;
  /** True: dragging inside moves the rectangle, and so do the arrow keys. */
  readonly movable: boolean;
  /** At pointer-up, with another rectangle than before. */
  commit(rect: PixelRect, context: ToolContext): void;
}

export type RectDragState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'dragging';
      readonly grip: Grip;
      readonly start: PixelRect;
      readonly from: ImagePoint;
      readonly to: ImagePoint;
    };

const idle: RectDragState = { kind: 'idle' };

/**
 * Drags a rectangle by its handles. Meanwhile it lies in the session (`liveRect`); it counts at pointer-up, and
 * Escape, a second finger or a lost pointer leave everything as it was.
 */
export function rectTool(subject: RectSubject): Tool<RectDragState> {
  function dragged(state: RectDragState & { kind: 'dragging' }, keys: HeldKeys, context: ToolContext) {
    const { grip, start, from, to } = state;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const guides = subject.guides(context);
    const limits = subject.limits(context);
    const snap = SNAP / context.session.store.getState().viewport.scale;
    return grip === 'inside'
      ? moveRect(start, dx, dy, { guides, snap, bounds: limits.bounds })
      : resizeRect(start, grip, dx, dy, {
          keepAspect: subject.keepsAspect !== keys.shift,
          centred: keys.alt,
          guides,
          snap,
          limits,
        });
  }

  function nudged(rect: PixelRect, { dx, dy, resize }: Nudge, limits: RectLimits) {
    const unsnapped = { guides: { x: [], y: [] }, snap: 0 };
    if (!resize) return moveRect(rect, dx, dy, { ...unsnapped, bounds: limits.bounds });
    const { keepsAspect } = subject;
    // At a corner the larger change leads, so the other axis goes along.
    const [byX, byY] = !keepsAspect
      ? [dx, dy]
      : dx !== 0
        ? [dx, (dx * rect.height) / rect.width]
        : [(dy * rect.width) / rect.height, dy];
    return resizeRect(rect, 'se', byX, byY, {
      ...unsnapped,
      keepAspect: keepsAspect,
      centred: false,
      limits,
    });
  }

  /** Undo or another document in mid-drag: what was dragged is not there any more. */
  function stillThere(start: PixelRect, context: ToolContext) {
    const now = subject.rect(context);
    return now !== null && sameRect(now, start);
  }

  return {
    initial: idle,
    transition(state, event, context) {
      const { session } = context;
      switch (event.type) {
        case 'down': {
          const start = subject.rect(context);
          const { scale } = session.store.getState().viewport;
          const reach = (event.touch ? TOUCH_REACH : MOUSE_REACH) / scale;
          const grip = start && gripAt(start, event.sample.image, reach);
          if (!grip || (grip === 'inside' && !subject.movable)) return idle;
          return { kind: 'dragging', grip, start, from: event.sample.image, to: event.sample.image };
        }
        case 'move': {
          if (state.kind !== 'dragging') return state;
          const next = { ...state, to: event.samples.at(-1)?.image ?? state.to };
          if (!stillThere(state.start, context)) {
            session.setLiveRect(null);
            return idle;
          }
          session.setLiveRect(dragged(next, event, context));
          return next;
        }
        case 'up': {
          if (state.kind !== 'dragging') return state;
          const { liveRect } = session.store.getState();
          session.setLiveRect(null);
          if (liveRect && !sameRect(liveRect, state.start) && stillThere(state.start, context))
            subject.commit(liveRect, context);
          return idle;
        }
        case 'cancel':
          if (state.kind === 'dragging') session.setLiveRect(null);
          return idle;
      }
    },
    ...(subject.movable && {
      nudge(nudge: Nudge, context: ToolContext) {
        const rect = subject.rect(context);
        if (!rect) return;
        const next = nudged(rect, nudge, subject.limits(context));
        if (!sameRect(next, rect)) subject.commit(next, context);
      },
    }),
  };
}
