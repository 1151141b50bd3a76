import type { Document } from '../editor/document.ts';
import type { WandOptions } from '../editor/session.ts';
import { contains, pixelRect } from '../geometry/rect.ts';
import type { ImagePoint } from '../geometry/spaces.ts';
import { eraseFrom, joinMasks } from '../raster/combine.ts';
import { withTilesOf } from '../raster/compare.ts';
import type { Mask } from '../raster/mask.ts';
import type { HeldKeys, Tool, ToolContext } from './tool.ts';

/** Where the wand touched, and what for. */
interface Touch {
  readonly point: ImagePoint;
  readonly subtract: boolean;
}

/** A touch whose selection counts, and can be made anew with other options as long as nothing else was done. */
interface Step extends Touch {
  readonly after: Document;
  /** False when it changed nothing, so that there is nothing to undo. */
  readonly changed: boolean;
}

/** A touch that is waited for. `step`: what the answer takes the place of; null: it is a step of its own. */
interface Asked {
  readonly touch: Touch;
  readonly step: Step | null;
  readonly options: WandOptions;
}

export interface WandState {
  readonly step: Step | null;
  readonly pressed: Touch | null;
  readonly asked: Asked | null;
  /** Touches made while another one was waited for. */
  readonly queue: readonly Touch[];
}

/** Whether a gesture takes away: Alt at its start turns round what is chosen. */
export const takesAway = ({ alt }: HeldKeys, { session }: ToolContext) =>
  (session.store.getState().shapeMode === 'subtract') !== alt;

/** A mask with what was found added or taken away; tiles that are as in `present` stay its own. */
export function selected(base: Mask, found: Mask, subtract: boolean, present = base): Mask {
  return withTilesOf(present, subtract ? eraseFrom(base, found) : joinMasks(base, found));
}

/** Selects the colour that is clicked on. At pointer-up, so that a second finger can still make it a pinch. */
export const wandTool: Tool<WandState> = {
  initial: { step: null, pressed: null, asked: null, queue: [] },
  transition(state, event, context) {
    switch (event.type) {
      case 'down':
        return { ...state, pressed: { point: event.sample.image, subtract: takesAway(event, context) } };
      case 'move':
        return state;
      case 'up': {
        const { pressed, asked, queue } = state;
        if (!pressed) return state;
        if (asked) return { ...state, pressed: null, queue: [...queue, pressed] };
        return ask({ ...state, pressed: null }, pressed, null, context);
      }
      case 'cancel':
        return { ...state, pressed: null };
    }
  },
  answered(state, found, context) {
    const { draft, editor, session } = context;
    if (!state.asked) return state;
    const { touch, step, options } = state.asked;
    // The step is made anew: still one in the history.
    if (step?.changed) editor.undo();
    const base = draft.base();
    if (!base) return wandTool.initial;
    draft.propose(selected(base, found, touch.subtract));
    const changed = draft.commit('wand');
    const made = { ...touch, after: editor.document()!, changed };
    const done = { ...state, asked: null, step: made };
    const [next, ...queue] = state.queue;
    if (next) return ask({ ...done, queue }, next, null, context);
    // A slider went on moving: each answer is seen, and then the newest place counts.
    return options === session.store.getState().wand ? done : ask(done, made, made, context);
  },
  dropped: (state) => ({ ...state, asked: null, queue: [] }),
  optionsChanged(state, context) {
    const { asked, step } = state;
    if (asked || !step || context.editor.document() !== step.after) return state;
    return ask(state, step, step, context);
  },
  left: () => wandTool.initial,
};

function ask(state: WandState, touch: Touch, step: Step | null, context: ToolContext): WandState {
  const { editor, session, selection } = context;
  const [x, y] = [Math.floor(touch.point.x), Math.floor(touch.point.y)];
  const document = editor.document();
  if (!document || !contains(document.frame, pixelRect(x, y, 1, 1))) return state;
  const options = session.store.getState().wand;
  const { tolerance, antialias, contiguous, sample } = options;
  selection.byColour({ x, y, sample, contiguous }, { tolerance, antialias });
  return { ...state, asked: { touch, step, options } };
}
