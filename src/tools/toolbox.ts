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
import { smartTool } from './smartTool.ts';
import type { Nudge, SelectionSource, Tool, ToolContext, ToolEvent } from './tool.ts';
import { wandTool } from './wandTool.ts';

/** The rectangle that a tool drags; null for tools that drag none. */
const subjects: Readonly<Record<ToolId, RectSubject | null>> = {
  hand: null,
  erase: null,
  restore: null,
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
    optionsChanged() {
      state = tool.optionsChanged?.(state, context) ?? state;
    },
    left() {
      state = tool.left?.(state) ?? state;
    },
  };
}

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
    wand: run(wandTool),
    smart: run(smartTool),
    frame: run(rectTool(frameSubject)),
    plan: run(rectTool(planSubject)),
    place: run(rectTool(placeSubject)),
  };
  let held: Running | null = null;

  rest.session.store.subscribe((state, before) => {
    if (state.tool !== before.tool) {
      asking.drop();
      tools[before.tool].left();
    } else if (state.wand !== before.wand) tools[state.tool].optionsChanged();
  });

  return {
    /** `tool` overrides the active one, for the middle mouse button. */
    send(event: ToolEvent, tool: ToolId = rest.session.activeTool()) {
      if (event.type === 'down') {
        held?.send({ type: 'cancel' });
        held = tools[tool];
      }
      held?.send(event);
      if (event.type === 'up' || event.type === 'cancel') held = null;
    },
    /** True between down and up. */
    busy: () => held !== null,
    /** True while the tool waits for a selection; `stopWaiting` ends that with nothing changed. */
    waiting: asking.pending,
    stopWaiting: asking.drop,
    /** An arrow key, between gestures; false when the active tool has no use for it. */
    nudge: (nudge: Nudge) => held === null && tools[rest.session.activeTool()].nudge(nudge),
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
