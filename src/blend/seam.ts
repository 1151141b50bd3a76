import type { Size } from './size.ts';
export function* seamCorrectionSteps(
  _r: Uint8Array,
  _b: Uint8Array,
  _w: Uint8Array,
  _size: Size,
): Generator<void, void> {}
