import type { Size } from './size.ts';
export interface ColourMatch {
  readonly gain: readonly [number, number, number];
  readonly gamma: readonly [number, number, number];
}
export function matchColour(_s: Uint8Array, _r: Uint8Array, _a: Uint8Array, _size: Size): ColourMatch | null {
  return null;
}
export function colourCorrection(_m: ColourMatch, _strength: number): (pixels: Uint8Array) => void {
  return () => undefined;
}
