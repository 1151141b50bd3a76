import { isBrush, type ToolId } from '../editor/session.ts';

/** What switches to another tool for as long as it is held. */
export type Holder = 'space' | 'middle-button' | 'alt' | 'eraser-end';

export type Holding = ReadonlySet<Holder>;

export type HoldEvent =
  | { readonly type: 'press' | 'release'; readonly what: Holder }
  /** The window lost the keyboard: what is let go meanwhile is never told. */
  | { readonly type: 'reset' };

export const nothingHeld: Holding = new Set();

/** The same value when nothing changed, as when a key repeats. */
export function hold(holding: Holding, event: HoldEvent): Holding {
  if (event.type === 'reset') return nothingHeld;
  if (holding.has(event.what) === (event.type === 'press')) return holding;
  const next = new Set(holding);
  if (event.type === 'press') next.add(event.what);
  else next.delete(event.what);
  return next;
}

/**
 * The tool that takes the place of the chosen one, or null. Space and the middle button hold the hand, before all
 * else; Alt and the other end of a pen turn a brush round, and each other.
 */
export function temporaryTool(tool: ToolId, holding: Holding): ToolId | null {
  if (holding.has('space') || holding.has('middle-button')) return 'hand';
  if (!isBrush(tool) || holding.has('alt') === holding.has('eraser-end')) return null;
  return tool === 'erase' ? 'restore' : 'erase';
}
