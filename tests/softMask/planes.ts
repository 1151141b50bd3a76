import type { Size } from '../../src/blend/size.ts';

/** Red, green and blue of a picture, one float per pixel and plane, 0–255 and beyond until they become bytes. */
export interface Planes {
  readonly size: Size;
  readonly channels: readonly [Float32Array, Float32Array, Float32Array];
}

export function createPlanes(size: Size): Planes {
  const plane = () => new Float32Array(size.width * size.height);
  return { size, channels: [plane(), plane(), plane()] };
}

/** @param pixels RGBA; alpha is dropped: these services do not return any */
export function planesOf(pixels: Uint8Array, size: Size): Planes {
  const planes = createPlanes(size);
  for (const [c, channel] of planes.channels.entries()) {
    for (let i = 0; i < channel.length; i++) channel[i] = pixels[i * 4 + c]!;
  }
  return planes;
}

/** Opaque RGBA, rounded and clamped. */
export function bytesOf({ channels }: Planes): Uint8Array<ArrayBuffer> {
  const out = new Uint8ClampedArray(channels[0].length * 4).fill(255);
  for (const [c, channel] of channels.entries()) {
    for (let i = 0; i < channel.length; i++) out[i * 4 + c] = channel[i]!;
  }
  return new Uint8Array(out.buffer);
}
