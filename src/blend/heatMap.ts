import type { Size } from './size.ts';
export function heatMap(_s: Uint8Array, _r: Uint8Array, _a: Uint8Array, size: Size): Uint8Array {
  return new Uint8Array(size.width * size.height * 4);
}
