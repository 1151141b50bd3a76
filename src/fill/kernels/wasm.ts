import type { Memory } from '../memory.ts';
import { bytesOfBase64, webAssembly } from '../webAssembly.ts';
import type { KernelName, RunKernel } from './plain.ts';
import { WASM_BASE64 } from './wasmBytes.ts';

type Exports = Record<KernelName, (...numbers: number[]) => number>;

/** Compiled once per thread; null where WebAssembly or its SIMD is missing. */
let compiled: object | null | undefined;

function compile(): object | null {
  if (compiled === undefined) {
    const bytes = bytesOfBase64(WASM_BASE64);
    compiled = webAssembly?.validate(bytes) ? new webAssembly.Module(bytes) : null;
  }
  return compiled;
}

/** The kernels of `assembly/` at work in a memory; null where they can't be. */
export function wasmKernels(memory: Memory): RunKernel | null {
  const module = memory.wasm && compile();
  if (!webAssembly || !module) return null;
  const instance = new webAssembly.Instance(module, { env: { memory: memory.wasm } });
  const exports = instance.exports as Exports;
  return (name, level, from, to, a, b, c) => exports[name](level, from, to, a, b, c);
}
