import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { area, bottom, contains, type PixelRect, pixelRect, right } from './rect.ts';
import {
  atLimit,
  guidesOf,
  type Handle,
  moveRect,
  type RectLimits,
  type ResizeOptions,
  resizeRect,
  sidesOf,
  snappedTo,
} from './rectEdit.ts';

const limits: RectLimits = { minEdge: 16, maxEdge: 4096, maxArea: 4_000_000, bounds: null };
const free: ResizeOptions = {
  keepAspect: false,
  centred: false,
  guides: { x: [], y: [] },
  snap: 0,
  limits,
};

const handles = fc.constantFrom<Handle>('nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w');
const rects = fc
  .record({
    x: fc.integer({ min: -3000, max: 3000 }),
    y: fc.integer({ min: -3000, max: 3000 }),
    width: fc.integer({ min: 1, max: 2000 }),
    height: fc.integer({ min: 1, max: 2000 }),
  })
  .map(({ x, y, width, height }) => pixelRect(x, y, width, height));
const deltas = fc.double({ min: -9000, max: 9000, noNaN: true });
const modes = fc.record({ keepAspect: fc.boolean(), centred: fc.boolean() });

const whole = (rect: PixelRect) => Object.values(rect).every(Number.isInteger);

describe('any drag of a handle', () => {
  test('gives whole px within the limits', () => {
    fc.assert(
      fc.property(rects, handles, deltas, deltas, modes, (start, handle, dx, dy, mode) => {
        const rect = resizeRect(start, handle, dx, dy, { ...free, ...mode });
        expect(whole(rect)).toBe(true);
        expect(area(rect)).toBeLessThanOrEqual(limits.maxArea);
        expect(Math.max(rect.width, rect.height)).toBeLessThanOrEqual(limits.maxEdge);
        // Centring changes an edge by an even number of px, so it may stop one short.
        expect(rect.width).toBeGreaterThanOrEqual(Math.max(1, Math.min(limits.minEdge, start.width) - 1));
        expect(rect.height).toBeGreaterThanOrEqual(Math.max(1, Math.min(limits.minEdge, start.height) - 1));
      }),
    );
  });

  test('keeps the sides that it does not touch', () => {
    fc.assert(
      fc.property(rects, handles, deltas, deltas, fc.boolean(), (start, handle, dx, dy, keepAspect) => {
        const rect = resizeRect(start, handle, dx, dy, { ...free, keepAspect });
        const side = sidesOf(handle);
        if (side.x > 0) expect(rect.x).toBe(start.x);
        if (side.x < 0) expect(right(rect)).toBe(right(start));
        if (side.y > 0) expect(rect.y).toBe(start.y);
        if (side.y < 0) expect(bottom(rect)).toBe(bottom(start));
        if (keepAspect) return;
        if (side.x === 0) expect([rect.x, rect.width]).toEqual([start.x, start.width]);
        if (side.y === 0) expect([rect.y, rect.height]).toEqual([start.y, start.height]);
      }),
    );
  });

  test('from the centre leaves the centre exactly where it is', () => {
    fc.assert(
      fc.property(rects, handles, deltas, deltas, fc.boolean(), (start, handle, dx, dy, keepAspect) => {
        const rect = resizeRect(start, handle, dx, dy, { ...free, keepAspect, centred: true });
        expect(2 * rect.x + rect.width).toBe(2 * start.x + start.width);
        expect(2 * rect.y + rect.height).toBe(2 * start.y + start.height);
      }),
    );
  });

  test('keeps the aspect to the rounding of whole px', () => {
    fc.assert(
      fc.property(rects, handles, deltas, deltas, (start, handle, dx, dy) => {
        const rect = resizeRect(start, handle, dx, dy, { ...free, keepAspect: true });
        const scale = rect.width / start.width;
        // A px of the shorter edge is many of the longer one.
        const slack = 1 + Math.max(1, start.height / start.width);
        expect(Math.abs(rect.height - start.height * scale)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  test('stays inside its bounds', () => {
    const within = fc.record({
      left: fc.nat(500),
      top: fc.nat(500),
      right: fc.nat(500),
      bottom: fc.nat(500),
    });
    fc.assert(
      fc.property(rects, within, handles, deltas, deltas, modes, (start, room, handle, dx, dy, mode) => {
        const bounds = pixelRect(
          start.x - room.left,
          start.y - room.top,
          start.width + room.left + room.right,
          start.height + room.top + room.bottom,
        );
        const rect = resizeRect(start, handle, dx, dy, { ...free, ...mode, limits: { ...limits, bounds } });
        expect(contains(bounds, rect)).toBe(true);
        expect(contains(bounds, moveRect(start, dx, dy, { guides: free.guides, snap: 0, bounds }))).toBe(
          true,
        );
      }),
    );
  });

  test('snaps to the same place when it goes on from where it snapped', () => {
    const guides = guidesOf([pixelRect(0, 0, 640, 427), pixelRect(-100, 50, 300, 301)]);
    const options = { ...free, guides, snap: 12 };
    const near = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(rects, handles, near, near, (start, handle, dx, dy) => {
        const once = resizeRect(start, handle, dx, dy, options);
        const side = sidesOf(handle);
        // A limit may have kept it from where it would snap.
        fc.pre(Math.min(once.width, once.height) > limits.minEdge && !atLimit(once, limits));
        const again = resizeRect(
          start,
          handle,
          side.x * (once.width - start.width),
          side.y * (once.height - start.height),
          options,
        );
        expect(again).toEqual(once);
        const moved = moveRect(start, dx, dy, { guides, snap: 12, bounds: null });
        expect(moveRect(moved, 0, 0, { guides, snap: 12, bounds: null })).toEqual(moved);
      }),
    );
  });
});

test('the limit stops the drag on its way, at the size that still fits', () => {
  const start = pixelRect(0, 0, 8192, 4096);
  const large = { ...limits, maxEdge: 16384, maxArea: 67_108_864 };
  const down = resizeRect(start, 's', 0, 20_000, { ...free, limits: large });
  expect(down).toEqual(pixelRect(0, 0, 8192, 8192));
  expect(atLimit(down, large)).toBe(true);
  expect(resizeRect(start, 'w', -20_000, 0, { ...free, limits: large })).toEqual(
    pixelRect(-8192, 0, 16384, 4096),
  );
  const corner = resizeRect(start, 'se', 10_000, 10_000, { ...free, limits: large });
  expect(area(corner)).toBeGreaterThan(0.999 * 67_108_864);
  expect(atLimit(corner, large)).toBe(true);
  expect(atLimit(start, large)).toBe(false);
});

test('what is too large from the beginning stays so, and may only shrink', () => {
  const wide = pixelRect(0, 0, 5000, 1000);
  const drag = (handle: Handle, dx: number, dy: number) => resizeRect(wide, handle, dx, dy, free);
  expect(drag('e', 100, 0)).toEqual(wide);
  expect(drag('e', -100, 0)).toEqual(pixelRect(0, 0, 4900, 1000));
  expect(drag('s', 0, 100)).toEqual(wide);
  expect(drag('n', 0, 100)).toEqual(pixelRect(0, 100, 5000, 900));
  expect(resizeRect(wide, 'se', 900, 900, { ...free, keepAspect: true })).toEqual(wide);
});

test('an edge within reach of a guide lies on it, beyond reach it does not', () => {
  const guides = { x: [640, 320], y: [427] };
  const at = (dx: number) =>
    right(resizeRect(pixelRect(0, 0, 600, 400), 'e', dx, 0, { ...free, guides, snap: 8 }));
  expect([at(31), at(33), at(47), at(49), at(-275)]).toEqual([631, 640, 640, 649, 320]);
});

test('a line is shown only for a side that moved onto it', () => {
  const guides = { x: [0, 640], y: [0, 480] };
  const start = pixelRect(0, 0, 700, 480);
  expect(snappedTo(pixelRect(0, 0, 640, 480), start, guides)).toEqual({ x: 640, y: null });
  expect(snappedTo(pixelRect(0, 0, 639, 480), start, guides)).toEqual({ x: null, y: null });
  expect(snappedTo(pixelRect(30, 30, 610, 450), start, guides)).toEqual({ x: 640, y: null });
});
