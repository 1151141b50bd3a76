import type { BrushTip, StrokeMode, StrokeSample } from '../raster/stroke.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import type { PointerSample, Tool, ToolContext } from './tool.ts';

export type BrushState =
  /** `end`: where the last stroke ended, for a straight line to the next Shift-click. */
  | { readonly kind: 'idle'; readonly end: StrokeSample | null }
  | { readonly kind: 'drawing'; readonly last: StrokeSample; readonly endBefore: StrokeSample | null };

const strokeSample = ({ image, pressure }: PointerSample): StrokeSample => ({
  x: image.x,
  y: image.y,
  pressure,
});

function tip({ session }: ToolContext): BrushTip {
  const { size, hardness } = session.store.getState().brush;
  return { diameter: size, hardness, opacity: 1 };
}

/** Brush and eraser are one tool with a mode. */
export function brushTool(mode: StrokeMode): Tool<BrushState> {
  const label = mode === 'erase' ? 'brush' : 'restore';

  /** `continues`: what lies around `from` was painted by the part before. */
  function paint(context: ToolContext, from: StrokeSample, to: StrokeSample, continues: boolean) {
    const draft = context.draft.current();
    if (draft) strokeCapsule(draft, mode, tip(context), from, to, continues);
  }

  return {
    initial: { kind: 'idle', end: null },
    transition(state, event, context) {
      switch (event.type) {
        case 'down': {
          const endBefore = state.kind === 'idle' ? state.end : state.endBefore;
          if (!context.draft.begin()) return state;
          const last = strokeSample(event.sample);
          paint(context, event.shift && endBefore ? endBefore : last, last, false);
          context.draft.changed();
          return { kind: 'drawing', last, endBefore };
        }
        case 'move': {
          if (state.kind !== 'drawing') return state;
          let last = state.last;
          for (const sample of event.samples) {
            const next = strokeSample(sample);
            paint(context, last, next, true);
            last = next;
          }
          context.draft.changed();
          return { ...state, last };
        }
        case 'up':
          if (state.kind !== 'drawing') return state;
          context.draft.commit(label);
          return { kind: 'idle', end: state.last };
        case 'cancel':
          if (state.kind !== 'drawing') return state;
          context.draft.drop();
          return { kind: 'idle', end: state.endBefore };
      }
    },
  };
}
