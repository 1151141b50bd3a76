const NONE = -1;
const TERMINAL = -2;
const ORPHAN = -3;

/** Growth steps between two steps of the generator. */
const NODES_PER_STEP = 4096;

/**
 * A graph between a source and a sink, and its minimum cut by the algorithm of Y. Boykov and V. Kolmogorov ("An
 * experimental comparison of min-cut/max-flow algorithms", 2004, with the distance marks of Kolmogorov's thesis): two
 * trees grow from the terminals until they meet, the path is filled, and what lost its parent is adopted anew.
 * Capacities are whole numbers, so that a filled edge is exactly empty.
 */
export class FlowGraph {
  readonly #nodes: number;
  /** Arcs come in pairs: `arc ^ 1` is the way back. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #to: Int32Array;
  readonly #rest: Int32Array;
  #arcs = 0;
  /** What is left of the edge from the source (above 0) or to the sink (below 0). */
  readonly #terminal: Int32Array;

  constructor(nodes: number, edges: number) {
    this.#nodes = nodes;
    this.#first = new Int32Array(nodes).fill(NONE);
    this.#next = new Int32Array(edges * 2);
    this.#to = new Int32Array(edges * 2);
    this.#rest = new Int32Array(edges * 2);
    this.#terminal = new Int32Array(nodes);
  }

  /** May be called again for a node: what goes straight from source to sink cancels out. */
  connectTerminals(node: number, fromSource: number, toSink: number): void {
    this.#terminal[node]! += fromSource - toSink;
  }

  /** Of the same capacity both ways. */
  connect(a: number, b: number, capacity: number): void {
    this.#add(a, b, capacity);
    this.#add(b, a, capacity);
  }

  #add(from: number, to: number, capacity: number): void {
    const arc = this.#arcs++;
    this.#to[arc] = to;
    this.#rest[arc] = capacity;
    this.#next[arc] = this.#first[from]!;
    this.#first[from] = arc;
  }

  /** Cuts the graph, which is used up by it: 1 for nodes on the source's side, else 0. */
  *cutSteps(): Generator<void, Uint8Array> {
    const first = this.#first;
    const nextArc = this.#next;
    const to = this.#to;
    const rest = this.#rest;
    const terminal = this.#terminal;
    const count = this.#nodes;
    /** Arc to the parent in the tree. */
    const parent = new Int32Array(count).fill(NONE);
    const inSink = new Uint8Array(count);
    /** When a node's distance to its terminal was last known to hold, and that distance. */
    const known = new Int32Array(count);
    const distance = new Int32Array(count);
    /** Queue of active nodes as a ring: each is in it at most once. */
    const queue = new Int32Array(count + 1);
    const queued = new Uint8Array(count);
    let head = 0;
    let tail = 0;
    let orphans: number[] = [];
    let time = 0;

    function activate(node: number) {
      if (queued[node]) return;
      queued[node] = 1;
      queue[tail] = node;
      tail = tail === count ? 0 : tail + 1;
    }

    for (let node = 0; node < count; node++) {
      if (terminal[node] === 0) continue;
      inSink[node] = terminal[node]! < 0 ? 1 : 0;
      parent[node] = TERMINAL;
      distance[node] = 1;
      activate(node);
    }

    /** Grows a tree from a node; the arc over which it met the other tree, from the source's side, or NONE. */
    function grow(node: number): number {
      const sink = inSink[node]!;
      for (let arc = first[node]!; arc !== NONE; arc = nextArc[arc]!) {
        if (rest[sink ? arc ^ 1 : arc] === 0) continue;
        const other = to[arc]!;
        if (parent[other] === NONE) {
          inSink[other] = sink;
          parent[other] = arc ^ 1;
          known[other] = known[node]!;
          distance[other] = distance[node]! + 1;
          activate(other);
        } else if (inSink[other] !== sink) return sink ? arc ^ 1 : arc;
        else if (known[other]! <= known[node]! && distance[other]! > distance[node]!) {
          // A shorter way to the terminal.
          parent[other] = arc ^ 1;
          known[other] = known[node]!;
          distance[other] = distance[node]! + 1;
        }
      }
      return NONE;
    }

    function orphan(node: number) {
      parent[node] = ORPHAN;
      orphans.push(node);
    }

    /** Fills the path over `bridge`. */
    function augment(bridge: number) {
      let flow = rest[bridge]!;
      let node = to[bridge ^ 1]!;
      for (let arc = parent[node]!; arc !== TERMINAL; node = to[arc]!, arc = parent[node]!) {
        flow = Math.min(flow, rest[arc ^ 1]!);
      }
      flow = Math.min(flow, terminal[node]!);
      node = to[bridge]!;
      for (let arc = parent[node]!; arc !== TERMINAL; node = to[arc]!, arc = parent[node]!) {
        flow = Math.min(flow, rest[arc]!);
      }
      flow = Math.min(flow, -terminal[node]!);

      rest[bridge]! -= flow;
      rest[bridge ^ 1]! += flow;
      node = to[bridge ^ 1]!;
      for (let arc = parent[node]!; arc !== TERMINAL; arc = parent[node]!) {
        rest[arc]! += flow;
        rest[arc ^ 1]! -= flow;
        const above = to[arc]!;
        if (rest[arc ^ 1] === 0) orphan(node);
        node = above;
      }
      terminal[node]! -= flow;
      if (terminal[node] === 0) orphan(node);
      node = to[bridge]!;
      for (let arc = parent[node]!; arc !== TERMINAL; arc = parent[node]!) {
        rest[arc ^ 1]! += flow;
        rest[arc]! -= flow;
        const above = to[arc]!;
        if (rest[arc] === 0) orphan(node);
        node = above;
      }
      terminal[node]! += flow;
      if (terminal[node] === 0) orphan(node);
    }

    /** Steps from a node to its terminal, or Infinity when the way there is broken. */
    function wayUp(start: number): number {
      let steps = 0;
      for (let node = start; ; ) {
        if (known[node] === time) return steps + distance[node]!;
        const arc = parent[node]!;
        steps++;
        if (arc === TERMINAL) {
          known[node] = time;
          distance[node] = 1;
          return steps;
        }
        if (arc === ORPHAN || arc === NONE) return Number.POSITIVE_INFINITY;
        node = to[arc]!;
      }
    }

    /** Finds a new parent in the same tree, or sets the node free. */
    function adopt(node: number) {
      const sink = inSink[node]!;
      let best = NONE;
      let shortest = Number.POSITIVE_INFINITY;
      for (let arc = first[node]!; arc !== NONE; arc = nextArc[arc]!) {
        if (rest[sink ? arc : arc ^ 1] === 0) continue;
        const other = to[arc]!;
        if (inSink[other] !== sink || parent[other] === NONE) continue;
        const steps = wayUp(other);
        if (steps === Number.POSITIVE_INFINITY) continue;
        if (steps < shortest) {
          shortest = steps;
          best = arc;
        }
        for (let up = other, left = steps; known[up] !== time; up = to[parent[up]!]!) {
          known[up] = time;
          distance[up] = left--;
        }
      }
      parent[node] = best;
      if (best !== NONE) {
        known[node] = time;
        distance[node] = shortest + 1;
        return;
      }
      for (let arc = first[node]!; arc !== NONE; arc = nextArc[arc]!) {
        const other = to[arc]!;
        const up = parent[other]!;
        if (inSink[other] !== sink || up === NONE) continue;
        if (rest[sink ? arc : arc ^ 1]! > 0) activate(other);
        if (up >= 0 && to[up] === node) orphan(other);
      }
    }

    for (let steps = 1; head !== tail; steps++) {
      const node = queue[head]!;
      const bridge = parent[node] === NONE ? NONE : grow(node);
      if (bridge === NONE) {
        // Only now: the same node goes on until nothing more is found from it.
        head = head === count ? 0 : head + 1;
        queued[node] = 0;
      } else {
        time++;
        augment(bridge);
        while (orphans.length > 0) {
          const lost = orphans;
          orphans = [];
          for (const each of lost) adopt(each);
        }
      }
      if (steps % NODES_PER_STEP === 0) yield;
    }
    return Uint8Array.from(parent, (arc, node) => (arc !== NONE && !inSink[node] ? 1 : 0));
  }
}
