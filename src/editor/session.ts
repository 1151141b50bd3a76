import { createStore } from 'zustand/vanilla';
import type { Wish } from '../blend/cropPlan.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { unmeasured, type Viewport } from '../geometry/viewport.ts';

/** 'plan' and 'place' adjust a rectangle for a while and are left for the tool before (`leaveTool`). */
export type ToolId = 'hand' | 'erase' | 'restore' | 'wand' | 'smart' | 'frame' | PassingTool;
export type PassingTool = 'plan' | 'place';

/** How the mask is drawn: the erased look while painting, an outline while a result is looked at. */
export type MaskLook = 'erased' | 'outline';

export interface BrushOptions {
  /** Diameter in document px, 1–1000. */
  readonly size: number;
  /** Solid share of the radius, 0–1. */
  readonly hardness: number;
}

/** What a gesture of a selecting tool does; Alt held at its start turns it round. */
export type ShapeMode = 'add' | 'subtract';

export interface WandOptions {
  /** 0–100: up to which distance in OKLab, in hundredths, a colour counts as the one that was clicked. */
  readonly tolerance: number;
  /** Only what hangs together with the click; otherwise the whole picture. */
  readonly contiguous: boolean;
  /** The colour is the mean of so many px across and down: 1, 3 or 5. */
  readonly sample: number;
  readonly antialias: boolean;
}

/** What will be sent: a rectangle in document px, and what is said of it. */
export interface PlanShown {
  readonly rect: PixelRect;
  readonly label: string;
}

export type AskMode = 'edit' | 'generate' | 'variations';

/** What the prompt dock holds. Saved with the document, never undone. */
export interface Ask {
  readonly mode: AskMode;
  readonly prompt: string;
  /** Number of results, 1–10. */
  readonly count: number;
  /** "WIDTHxHEIGHT" or "auto"; edits take the size from the crop plan. */
  readonly size: string;
  /** Model id; null is the server's default. */
  readonly model: string | null;
  /** A quality of the model; null is the server's default. */
  readonly quality: string | null;
}

export interface SessionState {
  readonly tool: ToolId;
  /** Tool held by a key (Space); shown instead of `tool` while it is held. */
  readonly heldTool: ToolId | null;
  readonly brush: BrushOptions;
  readonly shapeMode: ShapeMode;
  readonly wand: WandOptions;
  /** Diameter of a quick-select scribble in document px, 1–1000. */
  readonly scribbleSize: number;
  /** A tool has waited long enough for the worker that it should be seen. */
  readonly waiting: boolean;
  readonly maskLook: MaskLook;
  /** The layer that brushes erase; null: they paint the mask. */
  readonly layerId: string | null;
  readonly viewport: Viewport;
  readonly ask: Ask;
  /** How much of the picture an edit sends; a rectangle that the user drew goes before it. */
  readonly wish: Wish;
  /** Far-apart parts of the mask are sent one by one. */
  readonly split: boolean;
  /** A rectangle while it is dragged or typed, before it counts; shown instead of the one that counts. */
  readonly liveRect: PixelRect | null;
  /** Shown on the canvas while it is not null. */
  readonly plan: PlanShown | null;
  /** The rectangle that the user wants sent; null leaves the choice to the plan. */
  readonly planRect: PixelRect | null;
  /** Id of the layer that the tool 'place' moves. */
  readonly placing: string | null;
}

export const isPassing = (tool: ToolId): tool is PassingTool => tool === 'plan' || tool === 'place';

export const isBrush = (tool: ToolId) => tool === 'erase' || tool === 'restore';

export const MIN_BRUSH = 1;
export const MAX_BRUSH = 1000;

export const initialAsk: Ask = {
  mode: 'edit',
  prompt: '',
  count: 1,
  size: 'auto',
  model: null,
  quality: null,
};

/** What the user holds and sees; never undone. */
export function createSession() {
  const store = createStore<SessionState>(() => ({
    tool: 'erase',
    heldTool: null,
    brush: { size: 60, hardness: 1 },
    shapeMode: 'add',
    wand: { tolerance: 12, contiguous: true, sample: 3, antialias: true },
    scribbleSize: 30,
    waiting: false,
    maskLook: 'erased',
    layerId: null,
    viewport: unmeasured,
    ask: initialAsk,
    wish: 'automatic',
    split: false,
    liveRect: null,
    plan: null,
    planRect: null,
    placing: null,
  }));
  /** Where `leaveTool` goes back to. */
  let before: ToolId = 'erase';

  function setTool(tool: ToolId) {
    const { tool: former } = store.getState();
    if (!isPassing(former)) before = former;
    store.setState({ tool, liveRect: null, ...(tool === 'place' ? {} : { placing: null }) });
  }

  /** From a passing tool back to the one before. */
  function leaveTool() {
    if (isPassing(store.getState().tool)) setTool(before);
  }

  return {
    store,
    setTool,
    leaveTool,
    setLiveRect: (liveRect: PixelRect | null) => store.setState({ liveRect }),
    setPlan: (plan: PlanShown | null) => {
      store.setState({ plan });
      if (!plan && store.getState().tool === 'plan') leaveTool();
    },
    setPlanRect: (planRect: PixelRect | null) => store.setState({ planRect }),
    /** Begins to place a layer, or ends it with null. */
    setPlacing: (placing: string | null) => {
      if (placing !== null) {
        setTool('place');
        store.setState({ placing });
      } else if (store.getState().tool === 'place') leaveTool();
    },
    holdTool: (heldTool: ToolId | null) => store.setState({ heldTool }),
    activeTool: () => store.getState().heldTool ?? store.getState().tool,
    setBrush: (change: Partial<BrushOptions>) => {
      const brush = { ...store.getState().brush, ...change };
      const size = Math.min(MAX_BRUSH, Math.max(MIN_BRUSH, Math.round(brush.size)));
      store.setState({ brush: { size, hardness: Math.min(1, Math.max(0, brush.hardness)) } });
    },
    setShapeMode: (shapeMode: ShapeMode) => store.setState({ shapeMode }),
    setWand: (change: Partial<WandOptions>) =>
      store.setState({ wand: { ...store.getState().wand, ...change } }),
    setScribbleSize: (size: number) =>
      store.setState({ scribbleSize: Math.min(MAX_BRUSH, Math.max(MIN_BRUSH, Math.round(size))) }),
    setWaiting: (waiting: boolean) => store.setState({ waiting }),
    setLayer: (layerId: string | null) => store.setState({ layerId }),
    setMaskLook: (maskLook: MaskLook) => store.setState({ maskLook }),
    setWish: (wish: Wish, split: boolean) => store.setState({ wish, split, planRect: null }),
    setViewport: (viewport: Viewport) => store.setState({ viewport }),
    setAsk: (change: Partial<Ask>) => store.setState({ ask: { ...store.getState().ask, ...change } }),
  };
}

export type Session = ReturnType<typeof createSession>;
