import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';
import { shapeModeOf, writeShape } from './shape.ts';
import type { Tool } from './tool.ts';

/** Readings that lie closer together, CSS px, tell nothing of the outline. */
const STEP = 0.5;

export type LassoState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'drawing';
      readonly points: readonly ImagePoint[];
      /** Of the last point. */
      readonly view: ViewPoint;
      readonly flipped: boolean;
    };

const idle: LassoState = { kind: 'idle' };

/** An outline drawn by hand, closed by a straight line where the pointer is released. */
export const lassoTool: Tool<LassoState> = {
  initial: idle,
  transition(state, event, context) {
    switch (event.type) {
      case 'down': {
        const { image, view } = event.sample;
        return { kind: 'drawing', points: [image], view, flipped: event.alt };
      }
      case 'move': {
        if (state.kind !== 'drawing') return state;
        const points = [...state.points];
        let { view } = state;
        for (const sample of event.samples) {
          if (Math.hypot(sample.view.x - view.x, sample.view.y - view.y) < STEP) continue;
          points.push(sample.image);
          view = sample.view;
        }
        return { ...state, points, view };
      }
      case 'up': {
        if (state.kind !== 'drawing') return state;
        const { points, flipped } = state;
        if (points.length > 2)
          writeShape(context.draft, { kind: 'lasso', points }, shapeModeOf(context.session, flipped));
        return idle;
      }
      case 'cancel':
        return idle;
    }
  },
  drawn(state, { session }) {
    if (state.kind !== 'drawing' || state.points.length < 2) return null;
    const { points, flipped } = state;
    return {
      shape: { kind: 'lasso', points },
      mode: shapeModeOf(session, flipped),
      corners: 0,
      closing: false,
      at: points.at(-1)!,
    };
  },
};
