import { FlowGraph } from './maxFlow.ts';

/** A cost of 1 as a capacity. */
const SCALE = 64;
/** Can't be cut. */
const FIRM = 1 << 28;

/** Pairs of nodes, one after the other, and what it costs to part each. */
export interface Links {
  readonly pairs: Int32Array;
  readonly costs: Float32Array;
}

/**
 * Tells nodes apart at the least cost. `preference`: what it costs to leave a node out more than to take it in;
 * ±Infinity decides. Gives 1 for nodes that are taken in.
 */
export function* leastCutSteps(
  preference: Float32Array,
  { pairs, costs }: Links,
): Generator<void, Uint8Array> {
  const graph = new FlowGraph(preference.length, costs.length);
  preference.forEach((value, node) => {
    const capacity = Math.round(Math.max(-FIRM, Math.min(FIRM, value * SCALE)));
    graph.connectTerminals(node, Math.max(0, capacity), Math.max(0, -capacity));
  });
  // Never 0: of equal cuts the shorter one.
  costs.forEach((cost, k) => {
    graph.connect(pairs[k * 2]!, pairs[k * 2 + 1]!, Math.round(cost * SCALE) + 1);
  });
  yield;
  return yield* graph.cutSteps();
}
