import { expect, test } from 'vitest';
import { HEAT_STOPS, heatMap } from './heatMap.ts';
import { linearOf } from './srgbCurve.ts';

const size = { width: 256, height: 2 };

/** Column x differs by x levels in one channel; the second row is asked. */
function heatRow(channel: number): Uint8Array {
  const sent = new Uint8Array(size.width * size.height * 4).fill(255);
  const returned = sent.map((value, i) => ((i & 3) === channel ? value - ((i >> 2) % size.width) : value));
  const asked = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i < size.width ? 0 : 1));
  return heatMap(sent, returned, asked, size);
}

/** CIELAB of sRGB, white D65 (CIE 15). */
function labOf(colour: readonly number[]): { lightness: number; a: number; b: number } {
  const [r, g, b] = colour.map(linearOf) as [number, number, number];
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return { lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) };
}

test('rounding and the asked region are transparent, all else shows, in any channel', () => {
  for (const channel of [0, 1, 2, 3]) {
    const heat = heatRow(channel);
    for (let x = 0; x < 256; x++) {
      const alpha = heat[x * 4 + 3]!;
      if (x <= 2) expect([...heat.subarray(x * 4, x * 4 + 4)]).toEqual([0, 0, 0, 0]);
      else expect(alpha).toBeGreaterThanOrEqual(100);
    }
    expect(heat.subarray(256 * 4).every((value) => value === 0)).toBe(true);
  }
});

test('the legend’s stops are the map’s colours', () => {
  const heat = heatRow(1);
  for (const { difference, colour, alpha } of HEAT_STOPS) {
    expect([...heat.subarray(difference * 4, difference * 4 + 4)]).toEqual([
      ...colour,
      Math.round(255 * alpha),
    ]);
  }
  expect(heat.subarray(255 * 4, 256 * 4)).toEqual(heat.subarray(96 * 4, 97 * 4));
});

test('the order can be told by lightness alone, and by blue against yellow; alpha rises', () => {
  const heat = heatRow(0);
  const labs = Array.from({ length: 94 }, (_, i) => labOf([...heat.subarray((i + 3) * 4, (i + 3) * 4 + 3)]));
  for (const [i, lab] of labs.entries()) {
    // Readable on white as well as on black.
    expect(lab.lightness).toBeGreaterThan(45);
    expect(lab.lightness).toBeLessThan(78);
    if (i === 0) continue;
    // Bytes are rounded, so single steps may stand still.
    expect(lab.lightness).toBeLessThanOrEqual(labs[i - 1]!.lightness + 0.3);
    expect(lab.b).toBeGreaterThanOrEqual(labs[i - 1]!.b - 0.6);
    expect(heat[(i + 3) * 4 + 3]).toBeGreaterThanOrEqual(heat[(i + 2) * 4 + 3]!);
  }
  const stops = HEAT_STOPS.map(({ colour }) => labOf(colour));
  for (let i = 1; i < stops.length; i++) {
    expect(stops[i - 1]!.lightness - stops[i]!.lightness).toBeGreaterThan(6);
    expect(stops[i]!.b - stops[i - 1]!.b).toBeGreaterThan(15);
  }
});

test('hidden colours of transparent pixels are no change', () => {
  const one = { width: 1, height: 1 };
  const map = heatMap(Uint8Array.of(9, 9, 9, 0), Uint8Array.of(99, 0, 9, 0), Uint8Array.of(0), one);
  expect([...map]).toEqual([0, 0, 0, 0]);
});
