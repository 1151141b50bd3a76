/** The kernels in WebAssembly with SIMD, one for one those of `../kernels`, where they are explained. */

export { classify, findOpen, list, refine } from './field';
export { halve } from './halve';
export { refreshCosts, search } from './patchMatch';
export { correct, prepareCorrection, relax } from './poisson';
export { measureGradient, writeTexture } from './texture';
export { vote, voteBest, weigh } from './vote';
