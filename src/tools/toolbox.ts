import type { ToolId } from '../editor/session.ts';
import type { Guides } from '../geometry/rectEdit.ts';
import type { ImagePoint } from '../geometry/spaces.ts';
import { createAsking } from './asking.ts';
import { brushTool } from './brushTool.ts';
import { frameSubject } from './frameTool.ts';
import { handTool } from './handTool.ts';
import { placeSubject } from './placeTool.ts';
import { planSubject } from './planTool.ts';
import { type Grip, gripAt, type RectSubject, rectTool } from './rectDrag.ts';
import type { DrawnShape } from './shape.ts';
import { smartTool } from './smartTool.ts';
import type { Nudge, SelectionSource, Tool, ToolContext, ToolEvent } from './tool.ts';
import { wandTool } from './wandTool.ts';

/** The rectangle that a tool drags; null for tools that drag none. */
const subjects: Readonly<Record<ToolId, RectSubject | null>> = {
  hand: null,
  erase: null,
  restore: null,
  rectangle: null,
  ellipse: null,
  lasso: null,
  polygon: null,
  wand: null,
  smart: null,
  frame: frameSubject,
  plan: planSubject,
  place: placeSubject,
};

interface Running {
  send(event: ToolEvent): void;
  /** False when the tool leaves arrow keys alone. */
  nudge(nudge: Nudge): boolean;
  drawn(): DrawnShape | null;
  unfinished(): { readonly complete: boolean } | null;
  finish(): void;
  takeBack(): void;
  /** A shape that is being made is dropped. */
  giveUp(): void;
  optionsChanged(): void;
  left(): void;
}

export interface ToolboxContext extends Omit<ToolContext, 'selection'> {
  readonly selection: SelectionSource;
}

/** Keeps a tool's state between events. */
function running<State>(
  tool: Tool<State>,
  rest: Omit<ToolContext, 'selection'>,
  asking: ReturnType<typeof createAsking>,
): Running {
  let state = tool.initial;
  const selection = asking.of({
    answered: (mask) => {
      state = tool.answered?.(state, mask, context) ?? state;
    },
    dropped: () => {
      state = tool.dropped?.(state, context) ?? state;
    },
  });
  const context: ToolContext = { ...rest, selection };
  return {
    send(event) {
      state = tool.transition(state, event, context);
    },
    nudge(nudge) {
      tool.nudge?.(nudge, context);
      return tool.nudge !== undefined;
    },
    drawn: () => tool.drawn?.(state, context) ?? null,
    unfinished: () => tool.overGestures?.of(state) ?? null,
    finish() {
      state = tool.overGestures?.finish(state, context) ?? state;
    },
    takeBack() {
      state = tool.overGestures?.takeBack(state) ?? state;
    },
    giveUp() {
      if (tool.drawn) state = tool.initial;
    },
    optionsChanged() {
      state = tool.optionsChanged?.(state, context) ?? state;
    },
    left() {
      state = tool.left?.(state) ?? state;
    },
  };
}

/** Stands for a tool that is not there yet. */
const noTool: Tool<null> = { initial: null, transition: () => null };

/** Sends events to the active tool. A gesture stays with the tool it began with, whatever key is held meanwhile. */
export function createToolbox({ selection, ...rest }: ToolboxContext) {
  const asking = createAsking({ ...rest, selection });
  /** For rectangles, which are looked at outside any tool. */
  const context: ToolContext = { ...rest, selection: asking.of({ answered: () => {}, dropped: () => {} }) };
  const run = <State>(tool: Tool<State>) => running(tool, rest, asking);
  const tools: Record<ToolId, Running> = {
    hand: run(handTool),
    erase: run(brushTool('erase')),
    restore: run(brushTool('restore')),
    // Until they are added.
    rectangle: run(noTool),
    ellipse: run(noTool),
    lasso: run(noTool),
    polygon: run(noTool),
    wand: run(wandTool),
    smart: run(smartTool),
    frame: run(rectTool(frameSubject)),
    plan: run(rectTool(planSubject)),
    place: run(rectTool(placeSubject)),
  };
  let held: Running | null = null;
  const { editor, draft, session } = context;
  const listeners = new Set<() => void>();
  const chosen = () => tools[session.store.getState().tool];

  /** After a tool's state may have changed. */
  function tell() {
    const now = chosen().unfinished();
    const { unfinished: told } = session.store.getState();
    if (now?.complete !== told?.complete) session.setUnfinished(now && { complete: now.complete, ...steps });
    for (const listener of listeners) listener();
  }

  const afterwards = (change: (tool: Running) => void) => () => {
    change(chosen());
    tell();
  };
  const steps = {
    finish: afterwards((tool) => tool.finish()),
    takeBack: afterwards((tool) => tool.takeBack()),
    giveUp: afterwards((tool) => tool.giveUp()),
  };

  // Undo, another document, another layer, another tool: a shape that was begun before is given up.
  const begunOn = () => [editor.document()?.id, draft.base(), session.store.getState().tool];
  let last = begunOn();
  function look() {
    const now = begunOn();
    if (now.every((value, k) => value === last[k])) return;
    last = now;
    for (const tool of Object.values(tools)) tool.giveUp();
    tell();
  }
  editor.store.subscribe(look);
  session.store.subscribe(look);

  session.store.subscribe((state, before) => {
    if (state.tool !== before.tool || state.layerId !== before.layerId) {
      asking.drop();
      tools[before.tool].left();
    } else if (state.wand !== before.wand) tools[state.tool].optionsChanged();
  });

  return {
    /** A tool that is fetched later than the others. */
    add<State>(id: ToolId, tool: Tool<State>) {
      tools[id] = run(tool);
    },
    /** `tool` overrides the active one, for fingers while a pen paints. */
    send(event: ToolEvent, tool: ToolId = session.activeTool()) {
      if (event.type === 'down') {
        held?.send({ type: 'cancel' });
        held = tools[tool];
      }
      const unfinished = event.type === 'move' && chosen().unfinished() ? chosen() : null;
      (held ?? unfinished)?.send(event);
      if (event.type === 'up' || event.type === 'cancel') held = null;
      tell();
    },
    /** True between down and up. */
    busy: () => held !== null,
    /** True while the tool waits for a selection; `stopWaiting` ends that with nothing changed. */
    waiting: asking.pending,
    stopWaiting: asking.drop,
    /** True while moves matter: between down and up, and between the gestures of something unfinished. */
    listens: () => held !== null || chosen().unfinished() !== null,
    /** The shape that is being made. */
    drawn: () => held?.drawn() ?? chosen().drawn(),
    /** Calls after each event, and when a shape was given up. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** An arrow key, between gestures; false when the active tool has no use for it. */
    nudge: (nudge: Nudge) => held === null && tools[session.activeTool()].nudge(nudge),
    /** The rectangle that a tool drags. */
    rectOf: (tool: ToolId) => subjects[tool]?.rect(context) ?? null,
    /** What that rectangle snaps to. */
    guidesOf: (tool: ToolId): Guides => subjects[tool]?.guides(context) ?? { x: [], y: [] },
    /** What of that rectangle a drag from `point` would take; `reach` in document px. */
    gripAt(tool: ToolId, point: ImagePoint, reach: number): Grip | null {
      const subject = subjects[tool];
      const rect = subject?.rect(context);
      const grip = rect ? gripAt(rect, point, reach) : null;
      return grip === 'inside' && !subject?.movable ? null : grip;
    },
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
