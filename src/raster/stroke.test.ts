import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bottom, contains, type PixelRect, pixelRect, right } from '../geometry/rect.ts';
import { coverageAt, coverageOf } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { fillMask } from './invert.ts';
import { emptyMask, type Mask, maskSource, tileKey } from './mask.ts';
import { maskBounds } from './measure.ts';
import { type BrushTip, type StrokeMode, type StrokeSample, strokeCapsule } from './stroke.ts';

const hard: BrushTip = { diameter: 20, hardness: 1, opacity: 1 };
const at = (x: number, y: number, pressure = 1): StrokeSample => ({ x, y, pressure });

/**
 * Coverage by definition, as a real number: the deepest of all discs between the samples, found by search (the depth
 * is concave along the axis), not by the closed form.
 */
function idealCoverage(tip: BrushTip, from: StrokeSample, to: StrokeSample, x: number, y: number): number {
  const r0 = Math.max(0.5, (tip.diameter * from.pressure) / 2);
  const r1 = Math.max(0.5, (tip.diameter * to.pressure) / 2);
  const farX = Math.max(Math.min(from.x, to.x) - x, x - Math.max(from.x, to.x));
  const farY = Math.max(Math.min(from.y, to.y) - y, y - Math.max(from.y, to.y));
  if (Math.max(farX, farY) > Math.max(r0, r1) + 2) return 0;
  const radius = (t: number) => r0 + (r1 - r0) * t;
  const distance = (t: number) =>
    Math.sqrt((x + 0.5 - from.x - (to.x - from.x) * t) ** 2 + (y + 0.5 - from.y - (to.y - from.y) * t) ** 2);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i++) {
    const a = low + (high - low) * 0.45;
    const b = high - (high - low) * 0.45;
    if (radius(a) - distance(a) < radius(b) - distance(b)) low = a;
    else high = b;
  }
  const ends = [0, 1, (low + high) / 2];
  const t = ends.reduce((best, t) =>
    radius(t) - distance(t) > radius(best) - distance(best) + 1e-12 ? t : best,
  );
  const rim = (1 - tip.hardness) * radius(t);
  const d = distance(t);
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  if (rim <= 1) return 255 * tip.opacity * clamp(radius(t) - Math.max(0.5, rim) + 1 - d);
  const share = clamp((radius(t) - d) / rim);
  return 255 * tip.opacity * share * share * (3 - 2 * share);
}

/** Each byte must be the ideal value rounded: ties may go either way, the search is good to less than this. */
const TIE = 1e-3;

function expectStroke(
  base: Mask,
  mode: StrokeMode,
  tip: BrushTip,
  from: StrokeSample,
  to: StrokeSample,
  bounds: PixelRect,
) {
  const view = pixelRect(bounds.x - 8, bounds.y - 8, bounds.width + 16, bounds.height + 16);
  const before = coverageOf(maskSource(base), view);
  const draft = beginDraft(base, bounds);
  strokeCapsule(draft, mode, tip, from, to);
  const after = coverageOf(draft, view);
  const dirty = draft.takeDirty();
  for (let i = 0; i < after.length; i++) {
    const x = view.x + (i % view.width);
    const y = view.y + Math.floor(i / view.width);
    const old = before[i]!;
    let low = old;
    let high = old;
    if (x >= bounds.x && y >= bounds.y && x < right(bounds) && y < bottom(bounds)) {
      const amount = idealCoverage(tip, from, to, x, y);
      const least = Math.round(amount - TIE);
      const most = Math.round(amount + TIE);
      low = mode === 'erase' ? Math.max(old, least) : Math.min(old, 255 - most);
      high = mode === 'erase' ? Math.max(old, most) : Math.min(old, 255 - least);
    }
    const value = after[i]!;
    if (value < low || value > high)
      throw new Error(`(${x}, ${y}) is ${value}, not ${low}…${high}; was ${old}`);
    if (value !== old && !(dirty && contains(dirty, pixelRect(x, y, 1, 1)))) {
      throw new Error(`(${x}, ${y}) changed outside the dirty rectangle`);
    }
  }
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const share = fc.oneof(fc.constantFrom(0, 0.5, 1), unit);
const place = fc.oneof(fc.integer({ min: -60, max: 60 }), fc.double({ min: -60, max: 60, noNaN: true }));
const sample = fc.record({ x: place, y: place, pressure: fc.oneof(fc.constant(1), unit) });
const tipOf = fc.record({
  diameter: fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 1, max: 80, noNaN: true })),
  hardness: share,
  opacity: share,
});
const mode = fc.constantFrom<StrokeMode>('erase', 'restore');
/** Around the meeting point of four tiles, at positive and negative indices. */
const corner = fc.constantFrom([0, 0], [256, 0], [-512, 768]);

test('every pixel is the ideal coverage, rounded: any segment, radii, hardness, opacity, tile borders, bounds', () => {
  fc.assert(
    fc.property(
      mode,
      tipOf,
      sample,
      sample,
      corner,
      fc.integer({ min: 0, max: 255 }),
      (m, tip, a, b, [x, y], old) => {
        const shift = (s: StrokeSample) => ({ ...s, x: s.x + x!, y: s.y + y! });
        const bounds = pixelRect(x! - 50, y! - 44, 93, 101);
        const noise = new Uint8Array(65_536).map((_, i) => (i * 31 + (i >> 8) * 17) & 255);
        const tx = x! / 256;
        const ty = y! / 256;
        const draft = beginDraft(emptyMask, bounds);
        draft.writable(tx, ty).set(noise);
        draft.writable(tx - 1, ty).fill(old);
        draft.writable(tx, ty - 1).fill(255);
        expectStroke(draft.commit(), m, tip, shift(a), shift(b), bounds);
      },
    ),
    { numRuns: 150 },
  );
});

test('a dab is a capsule of no length', () => {
  fc.assert(
    fc.property(mode, tipOf, sample, (m, tip, s) => {
      expectStroke(fillMask(pixelRect(-30, -30, 60, 60)), m, tip, s, s, pixelRect(-50, -50, 100, 100));
    }),
    { numRuns: 20 },
  );
});

test('a brush of one pixel covers its pixel fully and no other', () => {
  const draft = beginDraft(emptyMask, pixelRect(0, 0, 100, 100));
  strokeCapsule(draft, 'erase', { diameter: 1, hardness: 1, opacity: 1 }, at(10.5, 20.5), at(10.5, 20.5));
  const mask = draft.commit();
  expect(coverageAt(mask, 10, 20)).toBe(255);
  expect(maskBounds(mask)).toEqual(pixelRect(10, 20, 1, 1));
});

const frame = pixelRect(-64, -64, 700, 500);

test('neither order nor repetition changes a stroke, and half opacity does not build up', () => {
  const points = [at(20, 20), at(200, 150, 0.4), at(300, 90, 0.8), at(40, 160)];
  const paint = (order: number[]) => {
    const draft = beginDraft(emptyMask, frame);
    const tip = { diameter: 70, hardness: 0.3, opacity: 0.5 };
    for (const i of order) strokeCapsule(draft, 'erase', tip, points[i]!, points[i + 1]!);
    return coverageOf(draft, frame);
  };
  const once = paint([0, 1, 2]);
  expect(paint([2, 0, 1, 1, 0, 2])).toEqual(once);
  expect(once.reduce((a, b) => Math.max(a, b))).toBe(128);
});

test('a stroke that skips what lies behind each sample is the same stroke', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 3, maxLength: 6 }), tipOf, mode, (samples, tip, m) => {
      const mouse = samples.map((s) => at(s.x * 3, s.y * 3));
      const base = fillMask(pixelRect(0, -64, 200, 500));
      const paint = (joined: boolean) => {
        const draft = beginDraft(base, frame);
        for (const [i, s] of mouse.slice(1).entries())
          strokeCapsule(draft, m, tip, mouse[i]!, s, joined && i > 0);
        return coverageOf(draft, frame);
      };
      const plain = paint(false);
      // The same distance, computed from two segments, may round a tie differently.
      const off = paint(true).filter((value, i) => Math.abs(value - plain[i]!) > 1);
      expect(off.length).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('saturated tiles are not copied', () => {
  const base = fillMask(pixelRect(0, 0, 512, 512));
  const draft = beginDraft(base, pixelRect(0, 0, 1024, 512));
  strokeCapsule(draft, 'erase', hard, at(100, 100), at(400, 300));
  expect(draft.takeDirty()).toBeNull();
  expect(draft.commit()).toBe(base);
});

test('a brush of a thousand pixels fills a tile to one number', () => {
  const draft = beginDraft(emptyMask, pixelRect(0, 0, 2048, 2048));
  strokeCapsule(draft, 'erase', { diameter: 1000, hardness: 1, opacity: 1 }, at(900, 900), at(1000, 900));
  expect(draft.commit().tiles.get(tileKey(3, 3))).toBe(255);
});

/** The strongest of very many dabs of one size on the way: what a stroke of changing strength means. */
function strongestDab(tip: BrushTip, from: StrokeSample, to: StrokeSample, x: number, y: number): number {
  const rim = (1 - tip.hardness) * (tip.diameter / 2);
  let most = 0;
  for (let t = 0; t <= 1; t += 1 / 300) {
    const strength = from.strength! + (to.strength! - from.strength!) * t;
    const distance = Math.hypot(
      x + 0.5 - from.x - (to.x - from.x) * t,
      y + 0.5 - from.y - (to.y - from.y) * t,
    );
    const depth = tip.diameter / 2 - distance;
    const s = Math.min(1, Math.max(0, rim <= 1 ? depth + 1 - Math.max(0.5, rim) : depth / rim));
    most = Math.max(most, strength * (rim <= 1 ? s : s * s * (3 - 2 * s)));
  }
  return 255 * tip.opacity * most;
}

test('where the strength changes, each pixel has the strongest of the dabs that reach it', () => {
  const area = pixelRect(-12, -12, 32, 32);
  // In 64ths of a px, as pointers come: two samples 1e-323 px apart have no direction, and the step between is lost.
  const near = fc.integer({ min: -384, max: 768 }).map((value) => value / 64);
  const strong = fc.record({ x: near, y: near, pressure: fc.constant(1), strength: share });
  fc.assert(
    fc.property(strong, strong, fc.constantFrom(0, 0.5, 1), (a, b, hardness) => {
      const tip = { diameter: 13, hardness, opacity: 0.8 };
      const draft = beginDraft(emptyMask, area);
      strokeCapsule(draft, 'erase', tip, a, b);
      const painted = coverageOf(draft, area);
      // A leap is made in 16 steps, of which each takes the strength of its stronger end.
      const step = (255 * 0.8 * Math.abs(a.strength - b.strength)) / 16;
      for (let i = 0; i < painted.length; i++) {
        const ideal = strongestDab(tip, a, b, area.x + (i % area.width), area.y + Math.floor(i / area.width));
        const off = painted[i]! - ideal;
        // Dabs that lie apart scallop a hard edge a little; the ideal itself goes by steps of up to 0.7.
        if (off < -1 || off > Math.max(2, step) + 2)
          throw new Error(`pixel ${i} is ${painted[i]}, not ${ideal}`);
      }
    }),
    { numRuns: 12 },
  );
});

test('a stroke of changing strength is the same in any order, and in parts', () => {
  const samples = [
    { ...at(20, 20), strength: 0.2 },
    { ...at(120, 90), strength: 0.9 },
    { ...at(200, 40), strength: 0.4 },
    { ...at(60, 160), strength: 0.4 },
  ];
  const tip = { diameter: 50, hardness: 0.4, opacity: 1 };
  const paint = (order: readonly number[], continues: boolean) => {
    const draft = beginDraft(emptyMask, frame);
    for (const i of order)
      strokeCapsule(draft, 'erase', tip, samples[i]!, samples[i + 1]!, continues && i > 0);
    return coverageOf(draft, frame);
  };
  const once = paint([0, 1, 2], false);
  expect(paint([2, 1, 0, 1], false)).toEqual(once);
  const off = paint([0, 1, 2], true).filter((value, i) => Math.abs(value - once[i]!) > 1);
  expect(off.length).toBe(0);
});
