import { createStore } from 'zustand/vanilla';
import type { Wish } from '../blend/cropPlan.ts';
import type { PixelRect } from '../geometry/rect.ts';
import { unmeasured, type Viewport } from '../geometry/viewport.ts';
import type { TipShape } from '../raster/stroke.ts';

/** 'plan' and 'place' adjust a rectangle for a while and are left for the tool before (`leaveTool`). */
export type ToolId = 'hand' | 'erase' | 'restore' | ShapeTool | 'wand' | 'smart' | 'frame' | PassingTool;
export type ShapeTool = 'rectangle' | 'ellipse' | 'lasso' | 'polygon';
export type PassingTool = 'plan' | 'place';

export interface BrushOptions {
  /** Diameter in document px, 1–1000. */
  readonly size: number;
  /** Solid share of the radius, 0–1; a square tip is always hard. */
  readonly hardness: number;
  /** Of a whole stroke, 0.01–1. */
  readonly opacity: number;
  /** How far the paint trails behind the pointer to even its way out: 0 not at all, 1 most. */
  readonly smoothing: number;
  /** What the pressure of a pen changes. */
  readonly pressureSize: boolean;
  readonly pressureOpacity: boolean;
  readonly tip: TipShape;
}

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

/** What is made over several gestures, such as a polygon: buttons reach it here. */
export interface Unfinished {
  /** False while there is too little of it, such as two corners. */
  readonly complete: boolean;
  finish(): void;
  /** Without its last part; nothing is left of one that had no other. */
  takeBack(): void;
  giveUp(): void;
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
  /** Tool held by a key or a button (`tools/temporaryTool.ts`); shown instead of `tool` while it is held. */
  readonly heldTool: ToolId | null;
  readonly brush: BrushOptions;
  /** Whether shapes and selections add to the mask or take away from it; Alt flips it for one gesture. */
  readonly shapeMode: 'add' | 'subtract';
  readonly wand: WandOptions;
  /** Diameter of a quick-select scribble in document px, 1–1000. */
  readonly scribbleSize: number;
  /** A tool has waited long enough for the worker that it should be seen. */
  readonly waiting: boolean;
  readonly unfinished: Unfinished | null;
  /** A result is looked at, and the mask steps back: it is an outline, whatever look is chosen, until it is worked on. */
  readonly resultInView: boolean;
  /** Another picture than the document's is looked at: nothing can be painted on it, and every tool is the hand. */
  readonly foreignInView: boolean;
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

/** Brushes, and tools that touch the picture where a brush would: keys can move and press them. */
export const isMovedByKeys = (tool: ToolId) => isBrush(tool) || tool === 'wand' || tool === 'smart';

export const isBrush = (tool: ToolId) => tool === 'erase' || tool === 'restore';

export const MIN_BRUSH = 1;
export const MAX_BRUSH = 1000;
const MIN_OPACITY = 0.01;

export const initialBrush: BrushOptions = {
  size: 60,
  hardness: 1,
  opacity: 1,
  smoothing: 0,
  pressureSize: true,
  pressureOpacity: false,
  tip: 'round',
};

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

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
    shapeMode: 'add',
    wand: { tolerance: 12, contiguous: true, sample: 3, antialias: true },
    scribbleSize: 30,
    waiting: false,
    unfinished: null,
    brush: initialBrush,
    resultInView: false,
    foreignInView: false,
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
    activeTool: (): ToolId => {
      const { foreignInView, heldTool, tool } = store.getState();
      return foreignInView ? 'hand' : (heldTool ?? tool);
    },
    setBrush: (change: Partial<BrushOptions>) => {
      const brush = { ...store.getState().brush, ...change };
      store.setState({
        brush: {
          ...brush,
          size: clamp(Math.round(brush.size), MIN_BRUSH, MAX_BRUSH),
          hardness: clamp(brush.hardness, 0, 1),
          opacity: clamp(brush.opacity, MIN_OPACITY, 1),
          smoothing: clamp(brush.smoothing, 0, 1),
        },
      });
    },
    setShapeMode: (shapeMode: 'add' | 'subtract') => store.setState({ shapeMode }),
    setWand: (change: Partial<WandOptions>) =>
      store.setState({ wand: { ...store.getState().wand, ...change } }),
    setScribbleSize: (size: number) =>
      store.setState({ scribbleSize: clamp(Math.round(size), MIN_BRUSH, MAX_BRUSH) }),
    setWaiting: (waiting: boolean) => store.setState({ waiting }),
    setUnfinished: (unfinished: Unfinished | null) => store.setState({ unfinished }),
    setLayer: (layerId: string | null) => store.setState({ layerId }),
    setResultInView: (resultInView: boolean) => store.setState({ resultInView }),
    setForeignInView: (foreignInView: boolean) => store.setState({ foreignInView }),
    setWish: (wish: Wish, split: boolean) => store.setState({ wish, split, planRect: null }),
    setViewport: (viewport: Viewport) => store.setState({ viewport }),
    setAsk: (change: Partial<Ask>) => store.setState({ ask: { ...store.getState().ask, ...change } }),
  };
}

export type Session = ReturnType<typeof createSession>;
