import { type WasmMemory, webAssembly } from './webAssembly.ts';

/** One block of memory that every kernel and every thread of a fill works in; addresses are byte offsets into it. */
export interface Memory {
  /** Absent where WebAssembly is: then the plain kernels work in the same layout. */
  readonly wasm: WasmMemory | null;
  readonly buffer: ArrayBufferLike;
}

/** WebAssembly counts memory in pages of so many bytes. */
const PAGE = 65_536;
/** What a fill may take at most; WebAssembly could address 4 GB. */
const MOST_BYTES = 2 ** 31 - PAGE;

/** Weights of the vote, see `kernels/vote.ts`: 128 × u16 of exp(−x) · 4096, x in sixteenths. */
export const DECAY_AT = 0;
const DECAY_COUNT = 128;
/** Where arrays may begin: behind the tables, and never at 0, which stands for "none". */
const FIRST_FREE = 1024;

/** Sized once: growing a shared memory would leave every view of it behind. Zeroed, and not resident until touched. */
export function createMemory(bytes: number): Memory {
  const pages = Math.ceil((bytes + FIRST_FREE) / PAGE);
  if (pages * PAGE > MOST_BYTES) throw new RangeError(`A fill of ${bytes} bytes`);
  const wasm = webAssembly ? new webAssembly.Memory({ initial: pages, maximum: pages, shared: true }) : null;
  const memory = { wasm, buffer: wasm ? wasm.buffer : new ArrayBuffer(pages * PAGE) };
  const decay = new Uint16Array(memory.buffer, DECAY_AT, DECAY_COUNT);
  for (let i = 0; i < DECAY_COUNT; i++) decay[i] = Math.max(1, Math.round(4096 * Math.exp(-i / 16)));
  return memory;
}

/** Hands out stretches of a memory, one behind the other, 16-byte aligned. */
export interface Arena {
  readonly memory: Memory;
  /** Address of so many fresh bytes, of any content. */
  take(bytes: number): number;
}

export function createArena(memory: Memory): Arena {
  let next = FIRST_FREE;
  return {
    memory,
    take(bytes) {
      const at = next;
      next = (next + bytes + 15) & ~15;
      if (next > memory.buffer.byteLength) throw new RangeError('A fill outgrew its memory');
      return at;
    },
  };
}
