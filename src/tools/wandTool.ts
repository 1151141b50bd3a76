import type { Document } from '../editor/document.ts';
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

export type WandState =
  | { readonly kind: 'idle'; readonly step: Step | null }
  | { readonly kind: 'pressed'; readonly touch: Touch; readonly step: Step | null }
  /** `step`: what the answer takes the place of; null: it is a step of its own. */
  | { readonly kind: 'asked'; readonly touch: Touch; readonly step: Step | null };

/** Whether a gesture takes away: Alt at its start turns round what is chosen. */
export const takesAway = ({ alt }: HeldKeys, { session }: ToolContext) =>
  (session.store.getState().shapeMode === 'subtract') !== alt;

/** A mask with what was found added or taken away; tiles that are as in `present` stay its own. */
export function selected(base: Mask, found: Mask, subtract: boolean, present = base): Mask {
  return withTilesOf(present, subtract ? eraseFrom(base, found) : joinMasks(base, found));
}

/** Selects the colour that is clicked on. At pointer-up, so that a second finger can still make it a pinch. */
export const wandTool: Tool<WandState> = {
  initial: { kind: 'idle', step: null },
  transition(state, event, context) {
    switch (event.type) {
      case 'down':
        context.selection.withdraw();
        return {
          kind: 'pressed',
          touch: { point: event.sample.image, subtract: takesAway(event, context) },
          step: state.step,
        };
      case 'move':
        return state;
      case 'up':
        return state.kind === 'pressed' ? ask(state.touch, null, context) : state;
      case 'cancel':
        context.selection.withdraw();
        return { kind: 'idle', step: state.step };
    }
  },
  answered(state, found, context) {
    const { draft, editor } = context;
    if (state.kind !== 'asked') return state;
    const { touch, step } = state;
    // The step is made anew: still one in the history.
    if (step?.changed) editor.undo();
    const base = draft.base();
    if (!base) return wandTool.initial;
    draft.propose(selected(base, found, touch.subtract));
    const changed = draft.commit('wand');
    return { kind: 'idle', step: { ...touch, after: editor.document()!, changed } };
  },
  dropped: (state) => ({ kind: 'idle', step: state.step }),
  optionsChanged(state, context) {
    if (state.kind === 'asked') return ask(state.touch, state.step, context);
    if (state.kind !== 'idle' || !state.step || context.editor.document() !== state.step.after) return state;
    return ask(state.step, state.step, context);
  },
  left: () => wandTool.initial,
};

function ask(touch: Touch, step: Step | null, { editor, session, selection }: ToolContext): WandState {
  const [x, y] = [Math.floor(touch.point.x), Math.floor(touch.point.y)];
  const document = editor.document();
  if (!document || !contains(document.frame, pixelRect(x, y, 1, 1))) return { kind: 'idle', step };
  const { tolerance, antialias, contiguous, sample } = session.store.getState().wand;
  selection.byColour({ x, y, sample, contiguous }, { tolerance, antialias });
  return { kind: 'asked', touch, step };
}
