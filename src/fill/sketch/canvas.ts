import type { AbortSignalLike } from '../abortSignal.ts';
import { type Colour, clamp01 } from './colour.ts';

/** What the painters paint on: linear RGB, 3 floats per pixel. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
  /** Pixels per unit: the side of a square of the same area. Scenes are described in units. */
  readonly unit: number;
  readonly signal: AbortSignalLike | undefined;
}

export function createCanvas(width: number, height: number, signal: AbortSignalLike | undefined): Canvas {
  const light = new Float32Array(width * height * 3);
  return { width, height, light, unit: Math.sqrt(width * height), signal };
}

/** Lays a colour over a pixel. */
export function lay(canvas: Canvas, pixel: number, colour: Colour, opacity: number): void {
  const { light } = canvas;
  const share = clamp01(opacity);
  const at = pixel * 3;
  light[at]! += (colour[0] - light[at]!) * share;
  light[at + 1]! += (colour[1] - light[at + 1]!) * share;
  light[at + 2]! += (colour[2] - light[at + 2]!) * share;
}

/** Adds light to a pixel. */
export function shine(canvas: Canvas, pixel: number, colour: Colour, strength: number): void {
  const { light } = canvas;
  const at = pixel * 3;
  light[at]! += colour[0] * strength;
  light[at + 1]! += colour[1] * strength;
  light[at + 2]! += colour[2] * strength;
}

/** Calls back for every pixel of the rows from `top` to `bottom` (half-open), watching the signal. */
export function eachPixel(
  canvas: Canvas,
  top: number,
  bottom: number,
  visit: (x: number, y: number, pixel: number) => void,
): void {
  const last = Math.min(canvas.height, Math.ceil(bottom));
  for (let y = Math.max(0, Math.floor(top)); y < last; y++) {
    if ((y & 7) === 0) canvas.signal?.throwIfAborted();
    for (let x = 0; x < canvas.width; x++) visit(x, y, y * canvas.width + x);
  }
}
