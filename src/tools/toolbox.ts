import type { ToolId } from '../editor/session.ts';
import type { Guides } from '../geometry/rectEdit.ts';
import type { ImagePoint } from '../geometry/spaces.ts';
import { brushTool } from './brushTool.ts';
import { frameSubject } from './frameTool.ts';
import { handTool } from './handTool.ts';
import { placeSubject } from './placeTool.ts';
import { planSubject } from './planTool.ts';
import { type Grip, gripAt, type RectSubject, rectTool } from './rectDrag.ts';
import type { Nudge, Tool, ToolContext, ToolEvent } from './tool.ts';

/** The rectangle that a tool drags; null for tools that drag none. */
const subjects: Readonly<Record<ToolId, RectSubject | null>> = {
  hand: null,
  erase: null,
  restore: null,
  frame: frameSubject,
  plan: planSubject,
  place: placeSubject,
};

interface Running {
  send(event: ToolEvent): void;
  /** False when the tool leaves arrow keys alone. */
  nudge(nudge: Nudge): boolean;
}

/** Keeps a tool's state between events. */
function running<State>(tool: Tool<State>, context: ToolContext): Running {
  let state = tool.initial;
  return {
    send(event) {
      state = tool.transition(state, event, context);
    },
    nudge(nudge) {
      tool.nudge?.(nudge, context);
      return tool.nudge !== undefined;
    },
  };
}

/** Sends events to the active tool. A gesture stays with the tool it began with, whatever key is held meanwhile. */
export function createToolbox(context: ToolContext) {
  const tools: Record<ToolId, Running> = {
    hand: running(handTool, context),
    erase: running(brushTool('erase'), context),
    restore: running(brushTool('restore'), context),
    frame: running(rectTool(frameSubject), context),
    plan: running(rectTool(planSubject), context),
    place: running(rectTool(placeSubject), context),
  };
  let held: Running | null = null;

  return {
    /** `tool` overrides the active one, for the middle mouse button. */
    send(event: ToolEvent, tool: ToolId = context.session.activeTool()) {
      if (event.type === 'down') {
        held?.send({ type: 'cancel' });
        held = tools[tool];
      }
      held?.send(event);
      if (event.type === 'up' || event.type === 'cancel') held = null;
    },
    /** True between down and up. */
    busy: () => held !== null,
    /** An arrow key, between gestures; false when the active tool has no use for it. */
    nudge: (nudge: Nudge) => held === null && tools[context.session.activeTool()].nudge(nudge),
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
