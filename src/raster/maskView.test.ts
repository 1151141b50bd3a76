import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { emptyMask, maskSource } from './mask.ts';
import { type DeviceView, renderCoverage } from './maskView.ts';
import { strokeCapsule } from './stroke.ts';

const painted = () => {
  const draft = beginDraft(emptyMask, pixelRect(-700, -700, 2000, 2000));
  const tip = { diameter: 300, hardness: 0.7, opacity: 1 };
  strokeCapsule(draft, 'erase', tip, { x: -600, y: -300, pressure: 1 }, { x: 900, y: 800, pressure: 0.2 });
  strokeCapsule(
    draft,
    'restore',
    { ...tip, diameter: 40 },
    { x: 0, y: -50, pressure: 1 },
    { x: 300, y: 400, pressure: 1 },
  );
  return draft.commit();
};
const mask = painted();

const render = (view: DeviceView, x: number, y: number, width: number, height: number) => {
  const out = new Uint8Array(width * height);
  renderCoverage(maskSource(mask), view, pixelRect(x, y, width, height), out);
  return out;
};

/** The mean of the points as described, one pixel at a time. */
function pixelByDefinition(view: DeviceView, x: number, y: number): number {
  const points = view.scale >= 1 ? 1 : view.scale > 0.5 ? 2 : 3;
  const axis = (device: number, offset: number) => {
    const tile = Math.floor((device + 0.5 - offset) / view.scale / 256) * 256;
    return Array.from({ length: points }, (_, k) => {
      const image = Math.floor((device + (k + 0.5) / points - offset) / view.scale);
      return Math.min(tile + 255, Math.max(tile, image));
    });
  };
  let sum = 0;
  for (const iy of axis(y, view.offsetY))
    for (const ix of axis(x, view.offsetX)) sum += coverageAt(mask, ix, iy);
  return Math.round(sum / points ** 2);
}

const view = fc.record({
  scale: fc.oneof(fc.constantFrom(0.004, 0.125, 0.5, 1, 2), fc.double({ min: 0.01, max: 9, noNaN: true })),
  offsetX: fc.double({ min: -500, max: 500, noNaN: true }),
  offsetY: fc.double({ min: -500, max: 500, noNaN: true }),
});

test('each device pixel is the mean of its points', () => {
  fc.assert(
    fc.property(view, fc.integer({ min: -300, max: 600 }), fc.integer({ min: -300, max: 600 }), (v, x, y) => {
      const out = render(v, x, y, 40, 25);
      for (let i = 0; i < out.length; i++) {
        expect(out[i]).toBe(pixelByDefinition(v, x + (i % 40), y + Math.floor(i / 40)));
      }
    }),
    { numRuns: 60 },
  );
});

test('a dirty rectangle gets the same pixels as the whole view', () => {
  fc.assert(
    fc.property(view, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (v, x, y) => {
      const all = render(v, 0, 0, 150, 150);
      const part = render(v, x, y, 50, 50);
      for (let row = 0; row < 50; row++) {
        const start = (y + row) * 150 + x;
        expect(part.subarray(row * 50, row * 50 + 50)).toEqual(all.subarray(start, start + 50));
      }
    }),
    { numRuns: 30 },
  );
});

test('at 100 % the screen shows the coverage itself, at 400 % crisp squares of it', () => {
  const rect = pixelRect(-120, 30, 200, 90);
  expect(render({ scale: 1, offsetX: 0, offsetY: 0 }, -120, 30, 200, 90)).toEqual(
    coverageOf(maskSource(mask), rect),
  );
  const big = render({ scale: 4, offsetX: 0, offsetY: 0 }, -480, 120, 800, 360);
  const once = coverageOf(maskSource(mask), rect);
  for (let i = 0; i < big.length; i += 101) {
    const x = Math.floor((i % 800) / 4);
    const y = Math.floor(i / 800 / 4);
    expect(big[i]).toBe(once[y * 200 + x]);
  }
});

test('too short an output is refused', () => {
  const view = { scale: 1, offsetX: 0, offsetY: 0 };
  expect(() => renderCoverage(maskSource(mask), view, pixelRect(0, 0, 5, 5), new Uint8Array(24))).toThrow(
    RangeError,
  );
});
