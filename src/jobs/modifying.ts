import { createStore } from 'zustand/vanilla';
import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { Mask } from '../raster/mask.ts';
import { coveredShare } from '../raster/measure.ts';
import type { MaskOperation, OperationKind } from '../raster/operations/operation.ts';

/** Runs an operation elsewhere; gives the mask itself when nothing changes. */
export type Operate = (
  signal: AbortSignal,
  mask: Mask,
  frame: PixelRect,
  operation: MaskOperation,
) => Promise<Mask>;

export interface ModifyingState {
  /** What the sliders say; null when nothing is previewed. */
  readonly operation: MaskOperation | null;
  /** What is seen is not yet what the sliders say. */
  readonly working: boolean;
  /** Share of the frame (0–1) that is covered before and after; null until it is known. */
  readonly covered: { readonly before: number; readonly after: number } | null;
}

export interface ModifyingOptions {
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly operate: Operate;
  readonly onError: (error: unknown) => void;
}

const idle: ModifyingState = { operation: null, working: false, covered: null };

/**
 * An operation on the mask while its sliders move: the newest wish wins, each is previewed as a proposal as soon as it
 * is computed, and it becomes one step of the history, or goes without a trace. A stroke, an undo or another document
 * ends it.
 */
export function createModifying({ editor, draft, operate, onError }: ModifyingOptions) {
  const store = createStore<ModifyingState>(() => idle);
  let base: Mask | null = null;
  let controller = new AbortController();
  let running: MaskOperation | null = null;
  let frame: PixelRect | null = null;
  let proposing = false;
  let proposed = false;
  /** To be told once what is seen is what was wished, or it all ended. */
  let settled: (() => void)[] = [];

  function tellSettled() {
    const waiting = settled;
    settled = [];
    for (const tell of waiting) tell();
  }

  /** Stops without touching the draft. */
  function stop() {
    controller.abort();
    running = null;
    base = null;
    proposed = false;
    store.setState(idle, true);
    tellSettled();
  }

  function drop() {
    if (!base) return;
    const ours = proposed;
    stop();
    if (ours) draft.drop();
  }

  async function work(operation: MaskOperation, of: Mask, within: PixelRect) {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    running = operation;
    try {
      const mask = await operate(signal, of, within, operation);
      if (signal.aborted) return;
      proposing = true;
      draft.propose(mask);
      proposing = false;
      proposed = true;
      running = null;
      const covered = { before: coveredShare(of, within), after: coveredShare(mask, within) };
      const wished = store.getState().operation;
      store.setState({ covered, working: wished !== operation });
      if (wished !== operation && wished) void work(wished, of, within);
      else tellSettled();
    } catch (error) {
      if (signal.aborted) return;
      drop();
      onError(error);
    }
  }

  // Somebody else's draft takes the place of the proposal, or what it lies on is gone.
  draft.subscribe((event) => {
    if (!proposing && base && (proposed || event !== 'dropped')) stop();
  });
  editor.store.subscribe(() => {
    if (base && (draft.base() !== base || editor.document()?.frame !== frame)) drop();
  });

  return {
    store,
    drop,

    /** Previews an operation in place of the one before. Nothing happens while a stroke is being made. */
    preview(operation: MaskOperation): void {
      frame = editor.document()?.frame ?? null;
      base ??= draft.current() ? null : draft.base();
      if (!base || !frame) return;
      store.setState({ operation, working: true });
      // What runs is finished and seen, however fast a slider moves; another kind of operation has no use for it.
      if (running?.kind !== operation.kind) void work(operation, base, frame);
    },

    /**
     * Makes the newest operation one step of the history, labelled with its kind, once it is computed. Null when it was
     * dropped or applied meanwhile.
     */
    async apply(): Promise<{ readonly kind: OperationKind; readonly changed: boolean } | null> {
      if (store.getState().working) await new Promise<void>((resolve) => settled.push(resolve));
      const kind = store.getState().operation?.kind;
      if (!base || !kind) return null;
      stop();
      return { kind, changed: draft.commit(kind) };
    },
  };
}

export type Modifying = ReturnType<typeof createModifying>;
