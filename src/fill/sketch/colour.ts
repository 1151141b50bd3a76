/** Linear light, 1 = white of the screen; larger values are bright light and are compressed at the end. */
export type Colour = readonly [red: number, green: number, blue: number];

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** From a screen colour written as 0xRRGGBB (sRGB). */
export const rgb = (hex: number): Colour => [
  toLinear((hex >> 16) / 255),
  toLinear(((hex >> 8) & 255) / 255),
  toLinear((hex & 255) / 255),
];

export const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

export const scale = (colour: Colour, factor: number): Colour => [
  colour[0] * factor,
  colour[1] * factor,
  colour[2] * factor,
];

export const luminance = (colour: Colour) => 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];

export const clamp01 = (value: number) => Math.min(1, Math.max(0, value));

/** 0 below `from`, 1 above `to`, an S between; `from` may be the larger one. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = clamp01((value - from) / (to - from));
  return share * share * (3 - 2 * share);
}

/** A colour along a list of evenly spaced ones, 0..1. */
export function along(colours: readonly Colour[], share: number): Colour {
  const place = clamp01(share) * (colours.length - 1);
  const index = Math.min(colours.length - 2, Math.floor(place));
  if (index < 0) return colours[0]!;
  return mix(colours[index]!, colours[index + 1]!, smoothstep(0, 1, place - index));
}
