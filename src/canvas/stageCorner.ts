import { clientPoint } from '../geometry/spaces.ts';
import { clientToView } from '../geometry/viewport.ts';

/** Client px → px of the stage. The corner is read when a pointer comes and not per move: it may cost a layout. */
export function createStageCorner(container: HTMLElement, signal: AbortSignal) {
  let corner = container.getBoundingClientRect();
  const read = () => {
    corner = container.getBoundingClientRect();
  };
  container.addEventListener('pointerenter', read, { signal });
  return {
    read,
    toView: (event: { readonly clientX: number; readonly clientY: number }) =>
      clientToView(corner, clientPoint(event.clientX, event.clientY)),
  };
}

export type StageCorner = ReturnType<typeof createStageCorner>;
