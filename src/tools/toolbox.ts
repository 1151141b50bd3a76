import type { ToolId } from '../editor/session.ts';
import { brushTool } from './brushTool.ts';
import { handTool } from './handTool.ts';
import type { Tool, ToolContext, ToolEvent } from './tool.ts';

/** Keeps a tool's state between events. */
function running<State>(tool: Tool<State>, context: ToolContext) {
  let state = tool.initial;
  return (event: ToolEvent) => {
    state = tool.transition(state, event, context);
  };
}

/** Sends events to the active tool. A gesture stays with the tool it began with, whatever key is held meanwhile. */
export function createToolbox(context: ToolContext) {
  const tools: Record<ToolId, (event: ToolEvent) => void> = {
    hand: running(handTool, context),
    erase: running(brushTool('erase'), context),
    restore: running(brushTool('restore'), context),
  };
  let held: ((event: ToolEvent) => void) | null = null;

  return {
    /** `tool` overrides the active one, for the middle mouse button. */
    send(event: ToolEvent, tool: ToolId = context.session.activeTool()) {
      if (event.type === 'down') {
        held?.({ type: 'cancel' });
        held = tools[tool];
      }
      held?.(event);
      if (event.type === 'up' || event.type === 'cancel') held = null;
    },
    /** True between down and up. */
    busy: () => held !== null,
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
