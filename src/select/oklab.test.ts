import { expect, test } from 'vitest';
import { toOklab } from './oklab.ts';
import { SRGB_LIGHT } from './testLight.ts';

const oklab = (r: number, g: number, b: number) => {
  const out = new Float32Array(3);
  toOklab(SRGB_LIGHT)(Uint8Array.of(r, g, b, 255), 0, out, 0);
  return [...out];
};

/** As CSS Color 4 and its reference implementations give them. */
test.each([
  ['black', [0, 0, 0], [0, 0, 0]],
  ['white', [255, 255, 255], [1, 0, 0]],
  ['red', [255, 0, 0], [0.62796, 0.22486, 0.12585]],
  ['lime', [0, 255, 0], [0.86644, -0.23389, 0.1795]],
  ['blue', [0, 0, 255], [0.45201, -0.03246, -0.31153]],
  ['rebeccapurple', [102, 51, 153], [0.44027, 0.08818, -0.13386]],
  ['orange', [255, 165, 0], [0.79269, 0.05661, 0.16138]],
  ['grey', [128, 128, 128], [0.59987, 0, 0]],
] as const)('%s', (_, [r, g, b], expected) => {
  for (const [i, value] of oklab(r, g, b).entries()) expect(value).toBeCloseTo(expected[i]!, 4);
});

/** The table of cube roots is interpolated: near black it must not lie. */
test('every grey is as light as its exact cube root says', () => {
  for (let grey = 0; grey < 256; grey++) {
    const [lightness] = oklab(grey, grey, grey);
    expect(Math.abs(lightness! - Math.cbrt(SRGB_LIGHT.curves[0][grey]!))).toBeLessThan(1e-4);
  }
});
