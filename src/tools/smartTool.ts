import type { Document } from '../editor/document.ts';
import { intersect, type PixelRect, pixelRect, union } from '../geometry/rect.ts';
import { viewPoint } from '../geometry/spaces.ts';
import { viewToImage } from '../geometry/viewport.ts';
import { eraseFrom, joinMasks, meetMasks } from '../raster/combine.ts';
import { beginDraft, type Draft } from '../raster/draft.ts';
import { emptyMask, type Mask } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { type StrokeSample, strokeCapsule } from '../raster/stroke.ts';
import type { PointerSample, Tool, ToolContext } from './tool.ts';
import { selected, takesAway } from './wandTool.ts';

/** An object that is being selected, scribble by scribble. */
interface SelectedObject {
  /** Its selection is taken away from the mask. */
  readonly subtract: boolean;
  /** The mask before its first scribble. */
  readonly base: Mask;
  /** Scribbled so far: this is the object; this is not. */
  readonly inside: Mask;
  readonly outside: Mask;
  /** As the last answer had it; null before the first. */
  readonly found: Mask | null;
  /** What the scribbles since that answer do to it. */
  readonly since: 'nothing' | 'grow' | 'shrink' | 'both';
}

/** What the last answer left, to be gone on with as long as nothing else was done. */
interface Settled {
  readonly object: SelectedObject;
  readonly after: Document;
}

export type SmartState =
  | { readonly kind: 'idle'; readonly settled: Settled | null }
  | {
      readonly kind: 'scribbling';
      readonly settled: Settled | null;
      /** What the scribble may go on with. */
      readonly object: SelectedObject | null;
      /** Its scribbles before this one were not answered yet. */
      readonly pending: boolean;
      readonly scribble: Draft;
      readonly subtract: boolean;
      readonly last: StrokeSample;
    }
  | { readonly kind: 'asked'; readonly settled: Settled | null; readonly object: SelectedObject };

const sampleOf = ({ image }: PointerSample): StrokeSample => ({ x: image.x, y: image.y, pressure: 1 });

/**
 * Scribbles grow to the edges of the object that they lie on. A scribble that touches the object goes on with it: one
 * of the same kind adds to it, one of the other kind takes from it. Any other begins a new object, and what was
 * selected stays.
 */
export const smartTool: Tool<SmartState> = {
  initial: { kind: 'idle', settled: null },
  transition(state, event, context) {
    const { draft, editor, selection } = context;
    switch (event.type) {
      case 'down': {
        selection.withdraw();
        const document = editor.document();
        // Scribbles that were not answered yet stay seen, and count.
        const pending = state.kind === 'asked';
        if (!document || (!(pending && draft.current()) && !draft.begin())) return smartTool.initial;
        const settled = state.settled?.after === document ? state.settled : null;
        const next = {
          kind: 'scribbling',
          settled,
          object: pending ? state.object : (settled?.object ?? null),
          pending,
          scribble: beginDraft(emptyMask, document.frame),
          subtract: takesAway(event, context),
          last: sampleOf(event.sample),
        } as const;
        paint(next, next.last, false, context);
        draft.changed();
        return next;
      }
      case 'move': {
        if (state.kind !== 'scribbling') return state;
        let { last } = state;
        for (const sample of event.samples) {
          const to = sampleOf(sample);
          paint({ ...state, last }, to, true, context);
          last = to;
        }
        draft.changed();
        return { ...state, last };
      }
      case 'up': {
        if (state.kind !== 'scribbling') return state;
        const scribble = state.scribble.commit();
        const bounds = maskBounds(scribble);
        const base = draft.current() && draft.base();
        if (!base || !bounds) {
          draft.drop();
          return { kind: 'idle', settled: state.settled };
        }
        return ask(told(state.object, scribble, state.subtract, base), bounds, state.settled, context);
      }
      case 'cancel':
        if (state.kind !== 'scribbling') return state;
        draft.drop();
        // Only this scribble is taken back.
        if (state.pending && state.object) {
          const before = maskBounds(joinMasks(state.object.inside, state.object.outside))!;
          return ask(state.object, before, state.settled, context);
        }
        return { kind: 'idle', settled: state.settled };
    }
  },
  answered(state, found, { draft, editor }) {
    if (state.kind !== 'asked') return state;
    const object = { ...state.object, found, since: 'nothing' } as const;
    const base = draft.base();
    if (!base) return smartTool.initial;
    const { subtract, outside } = object;
    // What was scribbled over with the other kind holds, also where the mask was like that before this object.
    const mask = selected(object.base, found, subtract, base);
    draft.propose(selected(mask, outside, !subtract, base));
    draft.commit('smart');
    return { kind: 'idle', settled: { object, after: editor.document()! } };
  },
  dropped(state, { draft }) {
    if (state.kind === 'asked') draft.drop();
    return { kind: 'idle', settled: state.settled };
  },
  left: () => smartTool.initial,
};

/** `scribbled`: where the edges are searched for beyond what is in sight. */
function ask(
  object: SelectedObject,
  scribbled: PixelRect,
  settled: Settled | null,
  context: ToolContext,
): SmartState {
  const { inside, outside, found, since } = object;
  const region = union(inSight(context), scribbled)!;
  // Where scribbles of both kinds wait, the object is found anew from all of them.
  const former = since === 'both' ? null : found;
  context.selection.object({ region, inside, outside, former, grows: since !== 'shrink' });
  return { kind: 'asked', settled, object };
}

/** On the mask, to be seen, and apart from it, to be sent. */
function paint(
  { scribble, subtract, last }: SmartState & { kind: 'scribbling' },
  to: StrokeSample,
  continues: boolean,
  { draft, session }: ToolContext,
) {
  const tip = { diameter: session.store.getState().scribbleSize, hardness: 1, opacity: 1 };
  const seen = draft.current();
  if (!seen) return;
  strokeCapsule(seen, subtract ? 'restore' : 'erase', tip, last, to, continues);
  strokeCapsule(scribble, 'erase', tip, last, to, continues);
}

/** The object with one scribble more, or a new one. */
function told(object: SelectedObject | null, scribble: Mask, subtract: boolean, base: Mask): SelectedObject {
  const known = object && joinMasks(object.found ?? emptyMask, joinMasks(object.inside, object.outside));
  if (!object || !known || meetMasks(known, scribble).tiles.size === 0) {
    return { subtract, base, inside: scribble, outside: emptyMask, found: null, since: 'grow' };
  }
  const grows = subtract === object.subtract;
  const kind = grows ? 'grow' : 'shrink';
  return {
    ...object,
    inside: grows ? joinMasks(object.inside, scribble) : eraseFrom(object.inside, scribble),
    outside: grows ? eraseFrom(object.outside, scribble) : joinMasks(object.outside, scribble),
    since: object.since === 'nothing' || object.since === kind ? kind : 'both',
  };
}

/** Document px that the stage shows: what is searched for the object's edges. */
function inSight({ editor, session }: ToolContext): PixelRect | null {
  const { viewport } = session.store.getState();
  const corner = viewToImage(viewport, viewPoint(0, 0));
  const end = viewToImage(viewport, viewPoint(viewport.width, viewport.height));
  const [x, y] = [Math.floor(corner.x), Math.floor(corner.y)];
  const seen = pixelRect(x, y, Math.ceil(end.x) - x, Math.ceil(end.y) - y);
  return intersect(seen, editor.document()!.frame);
}
