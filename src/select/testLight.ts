import type { Light } from './oklab.ts';

const curve = Float32Array.from({ length: 256 }, (_, code) => {
  const value = code / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Plain sRGB, for tests; the codec gives a document's own. */
export const SRGB_LIGHT: Light = { curves: [curve, curve, curve], toLinearSrgb: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
