import { openLevel } from '../level.ts';
import type { Memory } from '../memory.ts';
import { classify, findOpen, list, refine } from './field.ts';
import { halve } from './halve.ts';
import { refreshCosts, search } from './patchMatch.ts';
import { correct, prepareCorrection, relax } from './poisson.ts';
import { measureGradient, writeTexture } from './texture.ts';
import { vote, voteBest, weigh } from './vote.ts';

const kernels = {
  measureGradient,
  writeTexture,
  halve,
  classify,
  findOpen,
  list,
  refine,
  refreshCosts,
  search,
  weigh,
  vote,
  voteBest,
  prepareCorrection,
  relax,
  correct,
} as const;

export type KernelName = keyof typeof kernels;
export const KERNEL_NAMES = Object.keys(kernels) as readonly KernelName[];

/** Carries out a kernel on the level at an address, see `kernel.ts`. */
export type RunKernel = (
  name: KernelName,
  level: number,
  from: number,
  to: number,
  a: number,
  b: number,
  c: number,
) => number;

/** The kernels as plain TypeScript: where there is no WebAssembly, and what it is measured against. */
export const plainKernels =
  (memory: Memory): RunKernel =>
  (name, level, from, to, a, b, c) =>
    kernels[name](openLevel(memory, level), from, to, a, b, c);
