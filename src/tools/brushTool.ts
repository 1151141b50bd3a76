import type { BrushOptions } from '../editor/session.ts';
import type { Draft } from '../raster/draft.ts';
import type { BrushTip, StrokeMode, StrokeSample } from '../raster/stroke.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import { type AxisLock, decideAxis, onAxis, pulled, stringLength } from './strokePath.ts';
import type { PointerSample, Tool, ToolContext, ToolEvent } from './tool.ts';

/** Where the last stroke ended, for a straight line to the next Shift-click in the same document. */
interface End {
  readonly at: StrokeSample;
  readonly documentId: string;
}

export type BrushState = { readonly kind: 'idle'; readonly end: End | null } | Drawing;

interface Drawing {
  readonly kind: 'drawing';
  /** As far as the stroke is painted, and as far as the pointer has come: smoothing lets the paint trail. */
  readonly last: StrokeSample;
  readonly pointer: StrokeSample;
  readonly lock: AxisLock | null;
  readonly exact: boolean;
  readonly endBefore: End | null;
  readonly documentId: string;
}

/** So far, CSS px, the pointer goes after Shift was pressed before it is clear which way. */
const LOCK_SLACK = 4;

function strokeSample({ image, pressure }: PointerSample, brush: BrushOptions): StrokeSample {
  return {
    x: image.x,
    y: image.y,
    pressure: brush.pressureSize ? pressure : 1,
    strength: brush.pressureOpacity ? pressure : 1,
  };
}

const tipOf = ({ size, hardness, opacity, tip }: BrushOptions): BrushTip => ({
  diameter: size,
  hardness,
  opacity,
  shape: tip,
});

/** Brush and eraser are one tool with a mode. */
export function brushTool(mode: StrokeMode): Tool<BrushState> {
  const label = mode === 'erase' ? 'brush' : 'restore';

  function moved(
    state: Drawing,
    { samples, shift }: ToolEvent & { type: 'move' },
    draft: Draft,
    { session }: ToolContext,
  ): Drawing {
    const { brush, viewport } = session.store.getState();
    const tip = tipOf(brush);
    const string = state.exact ? 0 : stringLength(brush.smoothing, viewport.scale);
    let { last, pointer } = state;
    let lock = shift ? (state.lock ?? { x: pointer.x, y: pointer.y, axis: null }) : null;
    for (const sample of samples) {
      pointer = strokeSample(sample, brush);
      if (lock) {
        lock = decideAxis(lock, pointer, LOCK_SLACK / viewport.scale);
        pointer = onAxis(lock, pointer);
      }
      const next = pulled(last, pointer, string);
      if (!next) continue;
      // What lies around `last` was painted by the part before.
      strokeCapsule(draft, mode, tip, last, next, true);
      last = next;
    }
    return { ...state, last, pointer, lock };
  }

  return {
    initial: { kind: 'idle', end: null },
    transition(state, event, context) {
      switch (event.type) {
        case 'down': {
          const endBefore = state.kind === 'idle' ? state.end : state.endBefore;
          const draft = context.draft.begin();
          const documentId = context.editor.document()?.id;
          if (!draft || !documentId) return state;
          const start = event.shift && endBefore?.documentId === documentId ? endBefore.at : null;
          const { brush } = context.session.store.getState();
          const last = strokeSample(event.sample, brush);
          strokeCapsule(draft, mode, tipOf(brush), start ?? last, last);
          context.draft.changed();
          const exact = event.exact ?? false;
          return { kind: 'drawing', last, pointer: last, lock: null, exact, endBefore, documentId };
        }
        case 'move': {
          const draft = context.draft.current();
          if (state.kind !== 'drawing' || !draft) return state;
          const next = moved(state, event, draft, context);
          context.draft.changed();
          return next;
        }
        case 'up': {
          if (state.kind !== 'drawing') return state;
          const { last, pointer } = state;
          const draft = context.draft.current();
          // However far the paint trailed, the stroke ends where the pointer does.
          if (draft && pointer !== last)
            strokeCapsule(draft, mode, tipOf(context.session.store.getState().brush), last, pointer, true);
          context.draft.commit(label);
          return { kind: 'idle', end: { at: pointer, documentId: state.documentId } };
        }
        case 'cancel':
          if (state.kind !== 'drawing') return state;
          context.draft.drop();
          return { kind: 'idle', end: state.endBefore };
      }
    },
  };
}
