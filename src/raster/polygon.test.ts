import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bottom, contains, type PixelRect, pixelRect, right } from '../geometry/rect.ts';
import { maskEquals } from './compare.ts';
import { coverageOf } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { coverEllipse } from './ellipse.ts';
import { fillMask } from './invert.ts';
import { emptyMask, type Mask, maskSource, tileKey } from './mask.ts';
import { coverPolygon } from './polygon.ts';
import type { Outline } from './polygonRow.ts';
import { coverRect, type ShapeMode } from './rectangle.ts';

/** Area of an outline inside one pixel: the outline clipped by the pixel's four sides, and the shoelace formula. */
function clippedArea(outline: Outline, x: number, y: number): number {
  type Side = readonly [axis: 'x' | 'y', at: number, keep: 1 | -1];
  const sides: readonly Side[] = [
    ['x', x, 1],
    ['x', x + 1, -1],
    ['y', y, 1],
    ['y', y + 1, -1],
  ];
  let points = [...outline];
  for (const [axis, at, keep] of sides) {
    const inside = (point: (typeof points)[number]) => (point[axis] - at) * keep >= 0;
    points = points.flatMap((from, k) => {
      const to = points[(k + 1) % points.length]!;
      const t = (at - from[axis]) / (to[axis] - from[axis]);
      const cut = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
      return [...(inside(from) ? [from] : []), ...(inside(from) !== inside(to) ? [cut] : [])];
    });
  }
  const twice = points.reduce((sum, from, k) => {
    const to = points[(k + 1) % points.length]!;
    return sum + from.x * to.y - to.x * from.y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Share of a pixel with winding ≠ 0: thin rows, each with the exact length inside. */
function sampledShare(outline: Outline, x: number, y: number, rows: number): number {
  let share = 0;
  for (let k = 0; k < rows; k++) {
    const at = y + (k + 0.5) / rows;
    const crossings = outline.flatMap((a, i) => {
      const b = outline[(i + 1) % outline.length]!;
      if (a.y <= at === b.y <= at) return [];
      return [{ x: a.x + ((at - a.y) / (b.y - a.y)) * (b.x - a.x), down: b.y > a.y }];
    });
    crossings.sort((a, b) => a.x - b.x);
    let winding = 0;
    crossings.forEach(({ x: from, down }, i) => {
      winding += down ? 1 : -1;
      if (winding === 0) return;
      share += Math.max(0, Math.min(x + 1, crossings[i + 1]!.x) - Math.max(x, from)) / rows;
    });
  }
  return share;
}

function covered(outline: Outline, bounds: PixelRect, mode: ShapeMode = 'add', base: Mask = emptyMask) {
  const draft = beginDraft(base, bounds);
  coverPolygon(draft, mode, outline);
  return draft;
}

/** Compares every pixel of the view, which goes beyond the bounds, with `share`; within `within` of 255. */
function expectShares(
  outline: Outline,
  bounds: PixelRect,
  share: (x: number, y: number) => number,
  within: number,
) {
  const view = pixelRect(bounds.x - 3, bounds.y - 3, bounds.width + 6, bounds.height + 6);
  const bytes = coverageOf(covered(outline, bounds), view);
  bytes.forEach((value, i) => {
    const x = view.x + (i % view.width);
    const y = view.y + Math.floor(i / view.width);
    const want = contains(bounds, pixelRect(x, y, 1, 1)) ? 255 * share(x, y) : 0;
    if (Math.abs(value - want) > within) throw new Error(`(${x}, ${y}) is ${value}, not ${want}`);
  });
}

const place = fc.oneof(fc.integer({ min: -14, max: 14 }), fc.double({ min: -14, max: 14, noNaN: true }));
const point = fc.record({ x: place, y: place });
/** Where four tiles meet, at positive and negative indices. */
const corner = fc.constantFrom({ x: 0, y: 0 }, { x: 256, y: 0 }, { x: -512, y: 768 });
const moved = (outline: Outline, by: { x: number; y: number }) =>
  outline.map(({ x, y }) => ({ x: x + by.x, y: y + by.y }));
/** Smaller than the outlines and off their middle: shapes go beyond it on all sides. */
const boundsAt = ({ x, y }: { x: number; y: number }) => pixelRect(x - 9, y - 11, 20, 21);

test('a triangle covers each pixel by its exact area, over tile borders and beyond the bounds', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 3 }), corner, (points, at) => {
      const outline = moved(points, at);
      // Near (0, 0), where the reference loses no digits.
      expectShares(outline, boundsAt(at), (x, y) => clippedArea(points, x - at.x, y - at.y), 1);
    }),
    { numRuns: 300 },
  );
});

test('outlines that are wound around a point, never crossing themselves, are exact too', () => {
  const spokes = fc.array(fc.double({ min: 0.5, max: 13, noNaN: true }), { minLength: 3, maxLength: 24 });
  fc.assert(
    fc.property(spokes, fc.boolean(), corner, (lengths, turned, at) => {
      const star = lengths.map((length, k) => {
        const angle = (2 * Math.PI * k) / lengths.length;
        return { x: length * Math.cos(angle), y: length * Math.sin(angle) };
      });
      const points = turned ? star.toReversed() : star;
      // Clipping a hollow outline leaves slivers of no area: the shoelace formula is right all the same.
      expectShares(moved(points, at), boundsAt(at), (x, y) => clippedArea(points, x - at.x, y - at.y), 1);
    }),
    { numRuns: 150 },
  );
});

test('an outline that crosses itself covers what it goes around, in either direction', () => {
  const rows = 128;
  fc.assert(
    fc.property(fc.array(point, { minLength: 4, maxLength: 9 }), corner, (points, at) => {
      expectShares(
        moved(points, at),
        boundsAt(at),
        (x, y) => sampledShare(points, x - at.x, y - at.y, rows),
        // Each corner may lie anywhere in one of the reference's rows.
        (255 * points.length) / rows / 2 + 1,
      );
    }),
    { numRuns: 40 },
  );
});

test('a scribble of hundreds of lines is covered as well as anyone can see', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 150, maxLength: 180 }), (points) => {
      const bounds = pixelRect(-14, -14, 28, 28);
      const bytes = coverageOf(covered(points, bounds), bounds);
      let off = 0;
      /** Pixels within which dozens of lines cross may be wrong, a few of the 784. */
      let wrong = 0;
      bytes.forEach((value, i) => {
        const want = 255 * sampledShare(points, bounds.x + (i % 28), bounds.y + Math.floor(i / 28), 32);
        const difference = Math.abs(value - want);
        off += difference;
        if (difference > 40) wrong++;
      });
      expect(off / bytes.length).toBeLessThan(1);
      expect(wrong).toBeLessThanOrEqual(4);
    }),
    { numRuns: 3 },
  );
});

test('a pentagram has no hole, and a loop drawn twice is covered once', () => {
  const star = [0, 2, 4, 1, 3].map((k) => ({
    x: 100 + 80 * Math.sin((2 * Math.PI * k) / 5),
    y: 100 - 80 * Math.cos((2 * Math.PI * k) / 5),
  }));
  const frame = pixelRect(0, 0, 200, 200);
  const bytes = coverageOf(covered(star, frame), frame);
  expect(bytes[100 * 200 + 100]).toBe(255);
  const loop: Outline = [
    { x: 10, y: 10 },
    { x: 50, y: 12 },
    { x: 30, y: 60 },
  ];
  expect(coverageOf(covered([...loop, ...loop], frame), frame)).toEqual(
    coverageOf(covered(loop, frame), frame),
  );
});

test('what has no area covers nothing', () => {
  const frame = pixelRect(0, 0, 64, 64);
  const line = [
    { x: 3, y: 3 },
    { x: 40, y: 40 },
    { x: 12, y: 12 },
  ];
  for (const outline of [[], [{ x: 4, y: 4 }], line.slice(0, 2), line, line.map(({ x }) => ({ x, y: 7 }))]) {
    const draft = covered(outline, frame);
    expect(draft.takeDirty()).toBeNull();
    expect(draft.commit()).toBe(emptyMask);
  }
});

test('adding takes the larger, taking away the smaller; a second time changes nothing', () => {
  const outline = [
    { x: -30, y: 5.5 },
    { x: 90.25, y: -20 },
    { x: 70, y: 120 },
  ];
  const frame = pixelRect(-40, -30, 150, 140);
  const noise = new Uint8Array(65_536).map((_, i) => (i * 31 + (i >> 8) * 17) & 255);
  const start = beginDraft(emptyMask, frame);
  start.writable(0, 0).set(noise);
  start.writable(-1, 0).fill(90);
  const base = start.commit();
  const before = coverageOf(maskSource(base), frame);
  const shape = coverageOf(covered(outline, frame), frame);
  for (const mode of ['add', 'subtract'] as const) {
    const once = covered(outline, frame, mode, base).commit();
    const after = coverageOf(maskSource(once), frame);
    const want = before.map((old, i) =>
      mode === 'add' ? Math.max(old, shape[i]!) : Math.min(old, 255 - shape[i]!),
    );
    expect(after).toEqual(want);
    const again = covered(outline, frame, mode, once);
    expect(again.takeDirty()).toBeNull();
    expect(again.commit()).toBe(once);
  }
});

test('the dirty rectangle holds every change', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 6 }), (points) => {
      const bounds = pixelRect(-300, -300, 600, 600);
      const outline = points.map(({ x, y }) => ({ x: x * 20, y: y * 20 }));
      const draft = covered(outline, bounds);
      const dirty = draft.takeDirty();
      const bytes = coverageOf(draft, bounds);
      bytes.forEach((value, i) => {
        if (value === 0) return;
        const pixel = pixelRect(bounds.x + (i % 600), bounds.y + Math.floor(i / 600), 1, 1);
        if (!dirty || !contains(dirty, pixel)) throw new Error(`${pixel.x}, ${pixel.y}`);
      });
    }),
    { numRuns: 20 },
  );
});

test('inside a large shape tiles are one number, and those that it does not change stay the same', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const outline = [
    { x: 4096, y: -100 },
    { x: 8300, y: 4096 },
    { x: 4096, y: 8300 },
    { x: -100, y: 4096 },
  ];
  const mask = covered(outline, frame).commit();
  const dense = [...mask.tiles.values()].filter((tile) => typeof tile !== 'number');
  // About four sides of 32 tiles, each passing through two or three per row.
  expect(dense.length).toBeLessThan(300);
  expect(mask.tiles.get(tileKey(16, 16))).toBe(255);
  expect(mask.tiles.get(tileKey(0, 0))).toBeUndefined();
  const again = covered(
    [
      { x: 300, y: 4000 },
      { x: 4000, y: 3900 },
      { x: 4000, y: 4200 },
    ],
    frame,
    'add',
    mask,
  ).commit();
  const changed = [...again.tiles].filter(([key, tile]) => mask.tiles.get(key) !== tile);
  expect(changed.length).toBeLessThan(8);
});

test('an ellipse covers each pixel by its area, to 2 of 255', () => {
  const rows = 400;
  const length = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: -40, max: 10 }),
      fc.integer({ min: -40, max: 10 }),
      length,
      length,
      (x, y, w, h) => {
        const rect = pixelRect(x, y, w, h);
        const bounds = pixelRect(-20, -20, 45, 45);
        const draft = beginDraft(emptyMask, bounds);
        coverEllipse(draft, 'add', rect);
        const bytes = coverageOf(draft, bounds);
        // Many thin rows, each with the exact length inside.
        const half = (py: number) => (w / 2) * Math.sqrt(Math.max(0, 1 - ((py - y - h / 2) / (h / 2)) ** 2));
        bytes.forEach((value, i) => {
          const px = bounds.x + (i % bounds.width);
          const py = bounds.y + Math.floor(i / bounds.width);
          let share = 0;
          for (let k = 0; k < rows; k++) {
            const reach = half(py + (k + 0.5) / rows);
            const middle = x + w / 2;
            share += Math.max(0, Math.min(px + 1, middle + reach) - Math.max(px, middle - reach)) / rows;
          }
          if (Math.abs(value - 255 * share) > 2)
            throw new Error(`(${px}, ${py}) is ${value}, not ${255 * share}`);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('a large ellipse is round: its area is π/4 of its rectangle', () => {
  const frame = pixelRect(0, 0, 4096, 3000);
  const draft = beginDraft(emptyMask, frame);
  coverEllipse(draft, 'add', frame);
  const sum = coverageOf(draft, frame).reduce((total, value) => total + value, 0) / 255;
  expect(sum / (4096 * 3000)).toBeCloseTo(Math.PI / 4, 5);
});

test('a rectangle of whole px is hard, whatever of it lies outside the bounds; subtracting gives the base again', () => {
  const edge = fc.integer({ min: -700, max: 700 });
  const length = fc.integer({ min: 1, max: 900 });
  fc.assert(
    fc.property(edge, edge, length, length, (x, y, width, height) => {
      const bounds = pixelRect(-300, -256, 700, 612);
      const rect = pixelRect(x, y, width, height);
      const draft = beginDraft(emptyMask, bounds);
      coverRect(draft, 'add', rect);
      const dirty = draft.takeDirty();
      const view = pixelRect(-302, -258, 704, 616);
      coverageOf(draft, view).forEach((value, i) => {
        const px = view.x + (i % view.width);
        const py = view.y + Math.floor(i / view.width);
        const pixel = pixelRect(px, py, 1, 1);
        const inside = contains(bounds, pixel) && contains(rect, pixel);
        if (value !== (inside ? 255 : 0) || (inside && !(dirty && contains(dirty, pixel))))
          throw new Error(`(${px}, ${py}) is ${value}`);
      });
      const mask = draft.commit();
      const back = beginDraft(mask, bounds);
      coverRect(back, 'subtract', rect);
      expect(maskEquals(back.commit(), emptyMask)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a rectangle over all of 8192² is tiles of one number', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const draft = beginDraft(emptyMask, frame);
  coverRect(draft, 'add', pixelRect(-5, -5, 9000, 9000));
  const mask = draft.commit();
  expect(maskEquals(mask, fillMask(frame))).toBe(true);
  expect([...mask.tiles.values()].every((tile) => tile === 255)).toBe(true);
  const same = beginDraft(mask, frame);
  coverRect(same, 'add', pixelRect(10, 10, right(frame), bottom(frame)));
  expect(same.takeDirty()).toBeNull();
  expect(same.commit()).toBe(mask);
});
