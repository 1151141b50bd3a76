import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import { fillMask } from '../raster/invert.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { flattenRect, peekRect } from './composite.ts';
import { countChanged } from './verify.ts';

const source = (images: Record<string, number[]>) => ({
  pixels: (id: string) => Uint8Array.from(images[id]!),
});

const one = (weight: number): LayerStack => ({
  frame: pixelRect(0, 0, 1, 1),
  picture: { id: 'below', width: 1, height: 1 },
  layers: [
    {
      id: 'l',
      image: { id: 'above', width: 1, height: 1 },
      rect: pixelRect(0, 0, 1, 1),
      mask: maskFromCoverage(Uint8Array.of(weight), pixelRect(0, 0, 1, 1)),
      visible: true,
    },
  ],
});

const byte = fc.integer({ min: 0, max: 255 });
const pixel = fc.array(byte, { minLength: 4, maxLength: 4 });

test('weight 0 and 255 copy bytes, hidden colour of transparent pixels included', () => {
  fc.assert(
    fc.property(pixel, pixel, (below, above) => {
      const images = source({ below, above });
      expect([...flattenRect(images, one(0), pixelRect(0, 0, 1, 1))]).toEqual(below);
      expect([...flattenRect(images, one(255), pixelRect(0, 0, 1, 1))]).toEqual(above);
    }),
  );
});

test('between, the premultiplied colours are interpolated', () => {
  fc.assert(
    fc.property(pixel, pixel, fc.integer({ min: 1, max: 254 }), (below, above, weight) => {
      const out = flattenRect(source({ below, above }), one(weight), pixelRect(0, 0, 1, 1));
      const t = weight / 255;
      const alpha = below[3]! * (1 - t) + above[3]! * t;
      expect(Math.abs(out[3]! - alpha)).toBeLessThanOrEqual(0.5 + 1e-9);
      if (alpha === 0) return;
      for (let c = 0; c < 3; c++) {
        const colour = (below[c]! * below[3]! * (1 - t) + above[c]! * above[3]! * t) / alpha;
        expect(Math.abs(out[c]! - colour)).toBeLessThanOrEqual(0.5 + 1e-9);
      }
    }),
  );
});

test('outside the picture is transparent black; a layer may lie there; hidden layers count for nothing', () => {
  const stack: LayerStack = {
    ...one(255),
    frame: pixelRect(-1, 0, 3, 1),
    layers: [
      {
        ...one(255).layers[0]!,
        rect: pixelRect(-1, 0, 1, 1),
        mask: maskFromCoverage(Uint8Array.of(255), pixelRect(-1, 0, 1, 1)),
      },
      { ...one(255).layers[0]!, visible: false },
    ],
  };
  const images = source({ below: [1, 2, 3, 4], above: [5, 6, 7, 8] });
  expect([...flattenRect(images, stack, pixelRect(-2, 0, 4, 1))]).toEqual([
    0, 0, 0, 0, 5, 6, 7, 8, 1, 2, 3, 4, 0, 0, 0, 0,
  ]);
});

test('counts pixels that differ in any byte: outside both masks, and under the blend mask alone', () => {
  const before = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9);
  const after = Uint8Array.of(1, 2, 3, 5, 5, 6, 7, 8, 0, 0, 0, 0);
  const count = (painted: number[], blended: number[], now = after) =>
    countChanged(
      before,
      now,
      () => Uint8Array.from(painted),
      () => Uint8Array.from(blended),
    );
  expect(count([0, 0, 1], [0, 0, 0])).toEqual({ outside: 1, beside: 0 });
  expect(count([0, 0, 0], [0, 0, 0])).toEqual({ outside: 2, beside: 0 });
  expect(count([0, 0, 0], [9, 0, 0])).toEqual({ outside: 1, beside: 1 });
  expect(count([255, 0, 0], [9, 0, 1])).toEqual({ outside: 0, beside: 1 });
  expect(count([0, 0, 0], [0, 0, 0], before)).toEqual({ outside: 0, beside: 0 });
});

test('peeking gives the same bytes as flattening, without a copy where only the picture is seen', () => {
  const stack: LayerStack = {
    frame: pixelRect(0, 0, 2, 4),
    picture: { id: 'below', width: 2, height: 4 },
    layers: [{ ...one(255).layers[0]!, rect: pixelRect(1, 3, 1, 1), mask: fillMask(pixelRect(1, 3, 1, 1)) }],
  };
  const below = Uint8Array.from({ length: 32 }, (_, i) => i);
  const images = { pixels: (id: string) => (id === 'below' ? below : Uint8Array.of(9, 9, 9, 255)) };
  for (const rect of [
    pixelRect(0, 0, 2, 3),
    pixelRect(0, 2, 2, 2),
    pixelRect(1, 0, 1, 2),
    pixelRect(-1, 0, 4, 4),
  ]) {
    expect([...peekRect(images, stack, rect)]).toEqual([...flattenRect(images, stack, rect)]);
  }
  expect(peekRect(images, stack, pixelRect(0, 1, 2, 2)).buffer).toBe(below.buffer);
});
