import type { AbortSignalLike } from './abortSignal.ts';
import { KERNEL_NAMES, type KernelName, plainKernels, type RunKernel } from './kernels/plain.ts';
import { wasmKernels } from './kernels/wasm.ts';
import type { Level } from './level.ts';
import { type Arena, createArena, createMemory, type Memory } from './memory.ts';

/** Most bands of one step; how many there are is decided by the work, never by the threads, nor are their edges. */
export const MOST_BANDS = 32;

/** Carries out kernels band by band, alone or with other threads. */
export interface Team {
  /** Runs a kernel on each band; the bands' edges are rows, from first to last. Returns the sum of what bands returned. */
  run(name: KernelName, level: Level, edges: Int32Array, a?: number, b?: number, c?: number): number;
}

/** Who carries out a fill, and where. */
export interface Crew {
  readonly team: Team;
  /** The crew's memory from its beginning, whatever was in it. */
  arena(): Arena;
}

/** The fastest kernels that this place has. */
export const bestKernels = (memory: Memory): RunKernel => wasmKernels(memory) ?? plainKernels(memory);

/** The calling thread alone, in a memory of its own. */
export function soloCrew(bytes: number, signal: AbortSignalLike | undefined): Crew {
  const memory = createMemory(bytes);
  return { team: createSolo(bestKernels(memory), signal), arena: () => createArena(memory) };
}

export function createSolo(runKernel: RunKernel, signal: AbortSignalLike | undefined): Team {
  return {
    run(name, level, edges, a = 0, b = 0, c = 0) {
      let sum = 0;
      for (let band = 0; band + 1 < edges.length; band++) {
        signal?.throwIfAborted();
        sum += runKernel(name, level.at, edges[band]!, edges[band + 1]!, a, b, c);
      }
      return sum;
    },
  };
}

/**
 * What threads tell each other, as 32-bit words that they all see. `TICKET` holds the number of a step, of its bands, and of
 * the next band, so that a thread that takes it late can't mistake one step for another.
 */
const STEP = 0;
const TICKET = 1;
const DONE = 2;
const ENDED = 3;
const KERNEL = 4;
const LEVEL = 5;
const ARGUMENTS = 6;
const EDGES = 9;
const RESULTS = EDGES + MOST_BANDS + 1;
export const CONTROL_BYTES = (RESULTS + MOST_BANDS) * 4;

const BAND_BITS = 10;
const BAND_MASK = (1 << BAND_BITS) - 1;

/** Takes bands of the current step until there are none. */
function takeBands(control: Int32Array, runKernel: RunKernel, signal?: AbortSignalLike): void {
  for (;;) {
    signal?.throwIfAborted();
    const ticket = Atomics.add(control, TICKET, 1);
    const band = ticket & BAND_MASK;
    if (band >= ((ticket >>> BAND_BITS) & BAND_MASK)) return;
    const from = control[EDGES + band]!;
    const to = control[EDGES + band + 1]!;
    const [a, b, c] = [control[ARGUMENTS]!, control[ARGUMENTS + 1]!, control[ARGUMENTS + 2]!];
    const name = KERNEL_NAMES[control[KERNEL]!]!;
    control[RESULTS + band] = runKernel(name, control[LEVEL]!, from, to, a, b, c);
    if (Atomics.add(control, DONE, 1) + 1 === ((ticket >>> BAND_BITS) & BAND_MASK))
      Atomics.notify(control, DONE);
  }
}

/** A team whose steps other threads may join by `assist`. Blocks while they finish: not for a thread that must not. */
export function createTeam(
  runKernel: RunKernel,
  control: Int32Array,
  signal: AbortSignalLike | undefined,
): Team {
  let step = 0;
  return {
    run(name, level, edges, a = 0, b = 0, c = 0) {
      const bands = edges.length - 1;
      if (bands === 1) {
        signal?.throwIfAborted();
        return runKernel(name, level.at, edges[0]!, edges[1]!, a, b, c);
      }
      control[KERNEL] = KERNEL_NAMES.indexOf(name);
      control[LEVEL] = level.at;
      control.set([a, b, c], ARGUMENTS);
      control.set(edges, EDGES);
      step = (step + 1) & 0xfff;
      Atomics.store(control, DONE, 0);
      Atomics.store(control, TICKET, (step << (2 * BAND_BITS)) | (bands << BAND_BITS));
      Atomics.add(control, STEP, 1);
      Atomics.notify(control, STEP);
      takeBands(control, runKernel, signal);
      for (;;) {
        const done = Atomics.load(control, DONE);
        if (done === bands) break;
        Atomics.wait(control, DONE, done);
      }
      let sum = 0;
      for (let band = 0; band < bands; band++) sum += control[RESULTS + band]!;
      return sum;
    },
  };
}

/** Sends the assistants away; the team itself goes on without them. */
export function dismiss(control: Int32Array): void {
  Atomics.store(control, ENDED, 1);
  Atomics.add(control, STEP, 1);
  Atomics.notify(control, STEP);
}

/** Helps a team until it is dismissed; blocks the thread meanwhile. */
export function assist(runKernel: RunKernel, control: Int32Array): void {
  while (Atomics.load(control, ENDED) === 0) {
    const step = Atomics.load(control, STEP);
    takeBands(control, runKernel);
    if (Atomics.load(control, ENDED) === 0) Atomics.wait(control, STEP, step);
  }
}
