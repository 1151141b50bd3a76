import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { coverageOf } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { emptyMask } from './mask.ts';
import { maskBounds } from './measure.ts';
import { type BrushTip, type StrokeSample, strokeCapsule } from './stroke.ts';

const at = (x: number, y: number, pressure = 1): StrokeSample => ({ x, y, pressure });
const square = (diameter: number, opacity = 1): BrushTip => ({
  diameter,
  hardness: 0,
  opacity,
  shape: 'square',
});

const LINES = 160;

/**
 * Share of a pixel that the squares between two places cover, from many lines through it: at a height y they are
 * those whose middle lies within their radius of y, which holds for an interval of t; the ends of the line are
 * linear in t, so they are those of the interval's ends.
 */
function coveredShare(tip: BrushTip, from: StrokeSample, to: StrokeSample, px: number, py: number): number {
  const r0 = Math.max(0.5, (tip.diameter * from.pressure) / 2);
  const r1 = Math.max(0.5, (tip.diameter * to.pressure) / 2);
  const reach = Math.max(r0, r1) + 1;
  if (px < Math.min(from.x, to.x) - reach || px > Math.max(from.x, to.x) + reach) return 0;
  let sum = 0;
  for (let line = 0; line < LINES; line++) {
    const y = py + (line + 0.5) / LINES;
    let low = 0;
    let high = 1;
    // top(t) ≤ y and y ≤ base(t), each a + b·t ≥ 0.
    for (const [a, b] of [
      [y - from.y + r0, from.y - to.y + r1 - r0],
      [from.y + r0 - y, to.y - from.y + r1 - r0],
    ] as const) {
      if (b > 0) low = Math.max(low, -a / b);
      else if (b < 0) high = Math.min(high, -a / b);
      else if (a < 0) high = -1;
    }
    if (low > high) continue;
    const edge = (t: number, sign: number) => from.x + (to.x - from.x) * t + sign * (r0 + (r1 - r0) * t);
    const left = Math.min(edge(low, -1), edge(high, -1));
    const right = Math.max(edge(low, 1), edge(high, 1));
    sum += Math.max(0, Math.min(px + 1, right) - Math.max(px, left)) / LINES;
  }
  return sum;
}

const place = fc.oneof(
  fc.integer({ min: -12, max: 12 }),
  fc.integer({ min: -24, max: 24 }).map((half) => half / 2),
  fc.double({ min: -12, max: 12, noNaN: true }),
);
const pressure = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
const sample = fc.record({ x: place, y: place, pressure });
const size = fc.oneof(fc.constantFrom(1, 2, 3, 8), fc.double({ min: 1, max: 20, noNaN: true }));

test('every pixel is the share that the sweep covers: any direction, size and tapering, across tiles', () => {
  const frame = pixelRect(-24, -24, 48, 48);
  fc.assert(
    fc.property(sample, sample, size, fc.constantFrom(1, 0.4), (a, b, diameter, opacity) => {
      const tip = square(diameter, opacity);
      const draft = beginDraft(emptyMask, frame);
      strokeCapsule(draft, 'erase', tip, a, b);
      const painted = coverageOf(draft, frame);
      for (let i = 0; i < painted.length; i++) {
        const x = frame.x + (i % frame.width);
        const y = frame.y + Math.floor(i / frame.width);
        const share = coveredShare(tip, a, b, x, y);
        const off = Math.abs(painted[i]! - 255 * opacity * share);
        // Rounding, and what the lines miss at a corner.
        if (off > 1.8) throw new Error(`(${x}, ${y}) is ${painted[i]}, not ${255 * opacity * share}`);
      }
    }),
    { numRuns: 50 },
  );
});

test('on whole pixels a square is exactly its pixels, and a stroke along an axis has sharp edges', () => {
  const draft = beginDraft(emptyMask, pixelRect(0, 0, 100, 100));
  strokeCapsule(draft, 'erase', square(6), at(20, 20), at(50, 20));
  expect(maskBounds(draft.commit())).toEqual(pixelRect(17, 17, 36, 6));
  expect(new Set(coverageOf(draft, pixelRect(17, 17, 36, 6)))).toEqual(new Set([255]));
});

test('restoring is erasing turned round', () => {
  const frame = pixelRect(0, 0, 60, 60);
  const erased = beginDraft(emptyMask, frame);
  strokeCapsule(erased, 'erase', square(9.3, 0.7), at(12.2, 30), at(44, 41.5, 0.4));
  const full = beginDraft(emptyMask, frame);
  full.writable(0, 0).fill(255);
  strokeCapsule(full, 'restore', square(9.3, 0.7), at(12.2, 30), at(44, 41.5, 0.4));
  expect(coverageOf(full, frame).map((value) => 255 - value)).toEqual(coverageOf(erased, frame));
});
