import { createStore } from 'zustand/vanilla';
import type { Editor } from '../editor/editor.ts';
import type { LiveDraft } from '../editor/liveDraft.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { MaskWay } from '../raster/combineSteps.ts';
import type { Mask } from '../raster/mask.ts';
import { coveredShare } from '../raster/measure.ts';
import type { MaskOperation } from '../raster/operations/operation.ts';

/** A mask that came from a file, in `rect`, and what it does to the one that is there. */
export interface MaskImport {
  readonly kind: 'import';
  readonly mask: Mask;
  readonly rect: PixelRect;
  readonly flipped: boolean;
  readonly way: MaskWay;
}

export type Modification = MaskOperation | MaskImport;

/** Makes another mask of one, elsewhere; gives the mask itself when nothing changes. */
export type Modify = (signal: AbortSignal, mask: Mask, frame: PixelRect, wish: Modification) => Promise<Mask>;

export interface ModifyingState {
  /** What the panel says; null when nothing is previewed. */
  readonly wish: Modification | null;
  /** What is seen is not yet what the panel says. */
  readonly working: boolean;
  /** Share of the frame (0–1) that is covered before and after; null until it is known. */
  readonly covered: { readonly before: number; readonly after: number } | null;
}

export interface ModifyingOptions {
  readonly editor: Editor;
  readonly draft: LiveDraft;
  readonly modify: Modify;
  readonly onError: (error: unknown) => void;
}

const idle: ModifyingState = { wish: null, working: false, covered: null };

/**
 * A change of the whole mask while its sliders move: the newest wish wins, each is previewed as a proposal as soon as it
 * is computed, and it becomes one step of the history, or goes without a trace. A stroke, an undo, another frame or
 * another document ends it.
 */
export function createModifying({ editor, draft, modify, onError }: ModifyingOptions) {
  const store = createStore<ModifyingState>(() => idle);
  let base: Mask | null = null;
  let controller = new AbortController();
  let running: Modification | null = null;
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

  async function work(wish: Modification, of: Mask, within: PixelRect) {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    running = wish;
    try {
      const mask = await modify(signal, of, within, wish);
      if (signal.aborted) return;
      proposing = true;
      draft.propose(mask);
      proposing = false;
      proposed = true;
      running = null;
      const covered = { before: coveredShare(of, within), after: coveredShare(mask, within) };
      const newest = store.getState().wish;
      store.setState({ covered, working: newest !== wish });
      if (newest !== wish && newest) void work(newest, of, within);
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

    /** Previews a change in place of the one before. Nothing happens while a stroke is being made. */
    preview(wish: Modification): void {
      frame = editor.document()?.frame ?? null;
      base ??= draft.current() ? null : draft.base();
      if (!base || !frame) return;
      store.setState({ wish, working: true });
      // What runs is finished and seen, however fast a slider moves; another kind has no use for it.
      if (running?.kind !== wish.kind) void work(wish, base, frame);
    },

    /**
     * Makes the newest wish one step of the history, labelled with its kind, once it is computed. Null when it was
     * dropped or applied meanwhile.
     */
    async apply(): Promise<{ readonly kind: Modification['kind']; readonly changed: boolean } | null> {
      if (store.getState().working) await new Promise<void>((resolve) => settled.push(resolve));
      const kind = store.getState().wish?.kind;
      if (!base || !kind) return null;
      stop();
      return { kind, changed: draft.commit(kind) };
    },
  };
}

export type Modifying = ReturnType<typeof createModifying>;
