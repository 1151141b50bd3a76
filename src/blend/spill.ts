import type { Size } from './size.ts';
export function* findSpillSteps(
  _s: Uint8Array,
  _r: Uint8Array,
  _a: Uint8Array,
  _size: Size,
): Generator<void, Uint8Array | null> {
  return null;
}
