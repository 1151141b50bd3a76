import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';

/** One pointer reading in both spaces. */
export interface PointerSample {
  readonly image: ImagePoint;
  readonly view: ViewPoint;
  /** 0–1 from a pen; 1 from a mouse or a finger, which have none. */
  readonly pressure: number;
}

export type ToolEvent =
  | { readonly type: 'down'; readonly sample: PointerSample; readonly shift: boolean }
  /** Coalesced readings since the last event, in order of time. */
  | { readonly type: 'move'; readonly samples: readonly PointerSample[] }
  | { readonly type: 'up' }
  /** Escape, a lost pointer, a second finger: everything since `down` is taken back. */
  | { readonly type: 'cancel' };

/** The only way in which a tool has an effect. */
export interface ToolContext {
  readonly draft: LiveDraft;
  readonly session: Session;
}

/** A state machine; states are values, so a tool can be driven and compared without a browser. */
export interface Tool<State> {
  readonly initial: State;
  transition(state: State, event: ToolEvent, context: ToolContext): State;
}
