import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlowGraph } from './maxFlow.ts';

interface Network {
  readonly terminals: readonly (readonly [fromSource: number, toSink: number])[];
  readonly edges: readonly (readonly [a: number, b: number, capacity: number])[];
}

const networks: fc.Arbitrary<Network> = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.record({
    terminals: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: count, maxLength: count }),
    edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.nat(15)), { maxLength: 24 }),
  }),
);

/** What a labelling cuts: `inside(node)` lies on the source's side. */
function cost({ terminals, edges }: Network, inside: (node: number) => boolean): number {
  let sum = 0;
  terminals.forEach(([fromSource, toSink], node) => {
    sum += inside(node) ? toSink : fromSource;
  });
  for (const [a, b, capacity] of edges) if (inside(a) !== inside(b)) sum += capacity;
  return sum;
}

function cut({ terminals, edges }: Network): Uint8Array {
  const graph = new FlowGraph(terminals.length, edges.length);
  for (const [node, ends] of terminals.entries()) graph.connectTerminals(node, ...ends);
  for (const [a, b, capacity] of edges) if (a !== b) graph.connect(a, b, capacity);
  const steps = graph.cutSteps();
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

test('cuts as little as the best of all labellings', () => {
  fc.assert(
    fc.property(networks, (network) => {
      const labels = cut(network);
      let least = Number.POSITIVE_INFINITY;
      for (let bits = 0; bits < 1 << network.terminals.length; bits++) {
        least = Math.min(
          least,
          cost(network, (node) => ((bits >> node) & 1) === 1),
        );
      }
      expect(cost(network, (node) => labels[node] === 1)).toBe(least);
    }),
    { numRuns: 2000 },
  );
});

/** Large enough that trees lose branches and adopt them again many times over. */
test('no single pixel of a large grid could change sides for less', () => {
  const edge = 60;
  const random = (i: number) => (Math.imul(i ^ 0x9e3779b9, 0x85ebca6b) >>> 8) % 100;
  const network: Network = {
    terminals: Array.from({ length: edge * edge }, (_, i) => [random(i), random(i + 7919)] as const),
    edges: Array.from({ length: edge * edge }, (_, i) => i).flatMap((i) => [
      ...(i % edge < edge - 1 ? [[i, i + 1, random(i + 31)] as const] : []),
      ...(i + edge < edge * edge ? [[i, i + edge, random(i + 57)] as const] : []),
    ]),
  };
  const labels = cut(network);
  const best = cost(network, (node) => labels[node] === 1);
  expect(labels.includes(1) && labels.includes(0)).toBe(true);
  for (let flipped = 0; flipped < edge * edge; flipped += 7) {
    const other = cost(network, (node) => (labels[node] === 1) !== (node === flipped));
    expect(other).toBeGreaterThanOrEqual(best);
  }
});
