import type { Session } from '../editor/session.ts';
import { type Holder, hold, nothingHeld, temporaryTool } from '../tools/temporaryTool.ts';

/** What is held at the moment, and in the session the tool that it makes. */
export function createHeldTools(session: Session) {
  let holding = nothingHeld;

  function show() {
    const { tool, heldTool } = session.store.getState();
    const next = temporaryTool(tool, holding);
    if (next !== heldTool) session.holdTool(next);
  }

  function apply(event: Parameters<typeof hold>[1]) {
    const next = hold(holding, event);
    if (next === holding) return;
    holding = next;
    show();
  }

  // Another tool may be chosen meanwhile.
  const stop = session.store.subscribe((state, before) => {
    if (state.tool !== before.tool) show();
  });

  return {
    has: (what: Holder) => holding.has(what),
    set: (what: Holder, held: boolean) => apply({ type: held ? 'press' : 'release', what }),
    reset: () => apply({ type: 'reset' }),
    dispose() {
      stop();
      apply({ type: 'reset' });
    },
  };
}

export type HeldTools = ReturnType<typeof createHeldTools>;
