import type { Size } from './size.ts';
export interface Registration {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}
export const IDENTITY: Registration = { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 };
export type Fit =
  | { readonly kind: 'same' }
  | { readonly kind: 'moved'; readonly registration: Registration }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'reframed' };
export function* registerSteps(
  _s: Uint8Array,
  _r: Uint8Array,
  _a: Uint8Array,
  _size: Size,
): Generator<void, Fit> {
  return { kind: 'same' };
}
