import type { ViewPoint } from '../geometry/spaces.ts';
import { panBy } from '../geometry/viewport.ts';
import type { Tool } from './tool.ts';

export type HandState = { readonly kind: 'idle' } | { readonly kind: 'panning'; readonly last: ViewPoint };

/** Moves the picture under the pointer. */
export const handTool: Tool<HandState> = {
  initial: { kind: 'idle' },
  transition(state, event, { session }) {
    switch (event.type) {
      case 'down':
        return { kind: 'panning', last: event.sample.view };
      case 'move': {
        const last = event.samples.at(-1)?.view;
        if (state.kind !== 'panning' || !last) return state;
        const { viewport } = session.store.getState();
        session.setViewport(panBy(viewport, last.x - state.last.x, last.y - state.last.y));
        return { kind: 'panning', last };
      }
      case 'up':
      case 'cancel':
        return { kind: 'idle' };
    }
  },
};
