import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { Session } from '../editor/session.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImagePoint, ViewPoint } from '../geometry/spaces.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import type { ColourReach, ColourSeed } from '../select/colourSelection.ts';
import type { ObjectHints } from '../select/growObject.ts';
import type { DrawnShape } from './shape.ts';

/** One pointer reading in both spaces. */
export interface PointerSample {
  readonly image: ImagePoint;
  readonly view: ViewPoint;
  /** 0–1 from a pen; 1 from a mouse or a finger, which have none. */
  readonly pressure: number;
}

export interface HeldKeys {
  readonly shift: boolean;
  readonly alt: boolean;
}

export type ToolEvent =
  | ({
      readonly type: 'down';
      readonly sample: PointerSample;
      /** A finger, which aims less well than a mouse or a pen. */
      readonly touch: boolean;
      /** Moved by keys: where it goes is meant exactly, and nothing has to be evened out. */
      readonly exact?: boolean;
    } & HeldKeys)
  /**
   * Coalesced readings since the last event, in order of time; none when only the held keys changed. Between gestures
   * only a tool with something unfinished gets it.
   */
  | ({ readonly type: 'move'; readonly samples: readonly PointerSample[] } & HeldKeys)
  | { readonly type: 'up' }
  /** Escape, undo, a second finger: everything since `down` is taken back. */
  | { readonly type: 'cancel' };

export interface Nudge {
  readonly dx: number;
  readonly dy: number;
  /** The right or bottom edge alone moves. */
  readonly resize: boolean;
}

/** Where a layer lies, for the tool that places it. */
export interface Placement {
  /** null when there is no such layer. */
  rectOf(layerId: string): PixelRect | null;
  /** One undoable step. */
  set(layerId: string, rect: PixelRect): void;
}

/** A selection that is being made. */
export interface PendingSelection {
  /** null: it was abandoned, or failed, and the user was told. Never rejects. */
  readonly answer: Promise<Mask | null>;
  abandon(): void;
}

/** Where selections by the picture's pixels are made, of a stack as it is seen. */
export interface SelectionSource {
  byColour(stack: LayerStack, seed: ColourSeed, reach: ColourReach): PendingSelection;
  object(stack: LayerStack, hints: ObjectHints): PendingSelection;
}

/**
 * A tool's asks for selections of the document as it is seen. The answer comes to the tool's `answered`; `dropped`
 * tells it that there will be none: it failed, the document changed meanwhile, or another tool was chosen.
 */
export interface Asking {
  /** Each of these ends the ask before it, of which the tool hears nothing more. */
  byColour(seed: ColourSeed, reach: ColourReach): void;
  object(hints: ObjectHints): void;
  withdraw(): void;
}

/** The only way in which a tool has an effect. */
export interface ToolContext {
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly session: Session;
  readonly place: Placement;
  readonly selection: Asking;
}

/** What goes on over several gestures; `cancel` takes back the last one only. */
export interface OverGestures<State> {
  /** null: nothing of the kind. `complete`: there is enough of it to be finished. */
  of(state: State): { readonly complete: boolean } | null;
  /** Enter. The same state while it is not complete. */
  finish(state: State, context: ToolContext): State;
  /** Backspace, undo: without its last part. */
  takeBack(state: State): State;
}

/** A state machine; states are values, so a tool can be driven and compared without a browser. */
export interface Tool<State> {
  readonly initial: State;
  transition(state: State, event: ToolEvent, context: ToolContext): State;
  /** An arrow key, by whole document px along one axis; tools without it leave arrows alone. */
  readonly nudge?: (nudge: Nudge, context: ToolContext) => void;
  /** What the canvas shows of a shape that is being made. */
  readonly drawn?: (state: State, context: ToolContext) => DrawnShape | null;
  readonly overGestures?: OverGestures<State>;
  /** What was asked of `context.selection`. */
  readonly answered?: (state: State, mask: Mask, context: ToolContext) => State;
  readonly dropped?: (state: State, context: ToolContext) => State;
  /** What can be set of the tool was changed, while it is the chosen one. */
  readonly optionsChanged?: (state: State, context: ToolContext) => State;
  /** Another tool was chosen, or something else is painted on. */
  readonly left?: (state: State) => State;
}
