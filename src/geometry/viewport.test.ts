import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pixelRect } from './rect.ts';
import { imagePoint, viewPoint } from './spaces.ts';
import type { Viewport } from './viewport.ts';
import {
  clientToView,
  fitFrame,
  imageToView,
  MAX_ZOOM,
  MIN_ZOOM,
  panBy,
  panIntoSight,
  resizeStage,
  unmeasured,
  viewToClient,
  viewToImage,
  zoomBy,
  zoomOf,
} from './viewport.ts';

const viewports = fc
  .record({
    width: fc.integer({ min: 200, max: 4000 }),
    height: fc.integer({ min: 200, max: 3000 }),
    pixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
    scale: fc.double({ min: 0.02, max: 20, noNaN: true }),
    x: fc.integer({ min: -5000, max: 5000 }),
    y: fc.integer({ min: -5000, max: 5000 }),
  })
  .map(({ x, y, ...stage }): Viewport => ({ ...stage, originX: x, originY: y, exactX: x, exactY: y }));
const coordinates = fc.double({ min: -20000, max: 20000, noNaN: true });

describe('round trips between the spaces', () => {
  test('image → view → image', () => {
    fc.assert(
      fc.property(viewports, coordinates, coordinates, (viewport, x, y) => {
        const back = viewToImage(viewport, imageToView(viewport, imagePoint(x, y)));
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });

  test('view → client → view', () => {
    const stage = { left: 17.5, top: -3 };
    expect(clientToView(stage, viewToClient(stage, viewPoint(4, 9)))).toEqual({ x: 4, y: 9 });
  });
});

test('zooming keeps the document point under the pointer, to half a device px', () => {
  fc.assert(
    fc.property(
      viewports,
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (viewport, at, factor) => {
        const anchor = viewPoint(at, at / 2);
        const under = viewToImage(viewport, anchor);
        const after = imageToView(zoomBy(viewport, anchor, factor), under);
        expect(Math.abs(after.x - anchor.x) * viewport.pixelRatio).toBeLessThan(0.51);
        expect(Math.abs(after.y - anchor.y) * viewport.pixelRatio).toBeLessThan(0.51);
      },
    ),
  );
});

test('zoom stays within its bounds', () => {
  const viewport = { ...unmeasured, width: 800, height: 600, pixelRatio: 2 };
  expect(zoomOf(zoomBy(viewport, viewPoint(0, 0), 1e9))).toBe(MAX_ZOOM);
  expect(zoomOf(zoomBy(viewport, viewPoint(0, 0), 1e-9))).toBe(MIN_ZOOM);
});

test('fit shows the whole frame between the insets, also one that begins at negative coordinates', () => {
  const viewport = { ...unmeasured, width: 1000, height: 800, scale: 3 };
  const insets = { left: 60, top: 100, right: 0, bottom: 200 };
  const frame = pixelRect(-300, -50, 4000, 3000);
  const fitted = fitFrame(viewport, frame, insets);
  const corner = imageToView(fitted, imagePoint(frame.x, frame.y));
  const end = imageToView(fitted, imagePoint(frame.x + frame.width, frame.y + frame.height));
  expect(corner.x).toBeGreaterThanOrEqual(insets.left - 1);
  expect(corner.y).toBeGreaterThanOrEqual(insets.top - 1);
  expect(end.x).toBeLessThanOrEqual(1001);
  expect(end.y).toBeLessThanOrEqual(601);
});

/** Panels lie elsewhere on a narrow stage. */
const insets = (width: number, height: number) =>
  width < 900
    ? { left: 12, top: 124, right: 12, bottom: height < 560 ? 80 : 288 }
    : { left: 80, top: 116, right: 24, bottom: 204 };
const nothing = () => ({ left: 0, top: 0, right: 0, bottom: 0 });

const sizes = fc.record({
  width: fc.integer({ min: 320, max: 4000 }),
  height: fc.integer({ min: 320, max: 3000 }),
  pixelRatio: fc.constantFrom(0.5, 1, 1.1, 1.25, 1.5, 2, 3),
});

/** The document point in the middle between the panels. */
function inTheMiddle(viewport: Viewport, panels: typeof insets) {
  const { left, top, right, bottom } = panels(viewport.width, viewport.height);
  return viewToImage(
    viewport,
    viewPoint((left + viewport.width - right) / 2, (top + viewport.height - bottom) / 2),
  );
}

test.each([
  ['without panels, the centre', nothing],
  ['the middle between the panels', insets],
])('resizing the window, or a new pixel ratio, keeps %s, to half a device px', (_, panels) => {
  fc.assert(
    fc.property(viewports, sizes, (viewport, size) => {
      const before = inTheMiddle(viewport, panels);
      const resized = resizeStage(viewport, size, panels);
      const after = inTheMiddle(resized, panels);
      // What was rounded before, and what is now.
      const most = 0.51 * (zoomOf(resized) / zoomOf(viewport)) + 0.51;
      expect(Math.abs(after.x - before.x) * zoomOf(resized)).toBeLessThan(most);
      expect(Math.abs(after.y - before.y) * zoomOf(resized)).toBeLessThan(most);
      expect(resized).toMatchObject(size);
    }),
  );
});

test('an edge of the window dragged to and fro leaves the picture where it was', () => {
  fc.assert(
    fc.property(viewports, fc.array(sizes, { minLength: 1, maxLength: 40 }), (viewport, steps) => {
      const { width, height, pixelRatio } = viewport;
      const dragged = steps.reduce(
        (view, step) => resizeStage(view, { ...step, pixelRatio }, insets),
        viewport,
      );
      const back = resizeStage(dragged, { width, height, pixelRatio }, insets);
      expect(back.exactX).toBeCloseTo(viewport.exactX, 6);
      expect(back.exactY).toBeCloseTo(viewport.exactY, 6);
      expect(back.scale).toBeCloseTo(viewport.scale, 9);
    }),
  );
});

test('a phone that is turned shows what it showed', () => {
  const upright = fitFrame(
    { ...unmeasured, width: 390, height: 844, pixelRatio: 3 },
    pixelRect(0, 0, 3000, 2000),
    insets(390, 844),
  );
  const turned = resizeStage(upright, { width: 844, height: 390, pixelRatio: 3 }, insets);
  const { left, top, right, bottom } = insets(844, 390);
  const centre = imageToView(turned, imagePoint(1500, 1000));
  expect(centre.x).toBeCloseTo((left + 844 - right) / 2, 0);
  expect(centre.y).toBeCloseTo((top + 390 - bottom) / 2, 0);
});

test('A1111#1002: sixty zoom steps leave the document point where the pointer is', () => {
  const anchor = viewPoint(333.25, 211.75);
  let viewport = panBy({ ...unmeasured, width: 1000, height: 800, pixelRatio: 1.5, scale: 0.1 }, 12.3, 45.6);
  const under = viewToImage(viewport, anchor);
  const exact = {
    x: (anchor.x - viewport.exactX) / viewport.scale,
    y: (anchor.y - viewport.exactY) / viewport.scale,
  };
  for (let k = 0; k < 60; k++) viewport = zoomBy(viewport, anchor, k % 7 === 0 ? 0.9 : 1.09);
  const after = imageToView(viewport, imagePoint(exact.x, exact.y));
  expect(Math.abs(after.x - anchor.x) * viewport.pixelRatio).toBeLessThan(0.51);
  expect(Math.abs(after.y - anchor.y) * viewport.pixelRatio).toBeLessThan(0.51);
  expect(Math.abs(under.x - exact.x) * 0.1 * 1.5).toBeLessThan(0.51);
});

describe('a point is brought into sight', () => {
  const insets = { left: 80, top: 100, right: 20, bottom: 150 };
  const view: Viewport = { ...unmeasured, width: 800, height: 600 };
  const at = (x: number, y: number) =>
    imageToView(panIntoSight(view, imagePoint(x, y), insets, 40), imagePoint(x, y));

  test('no further than needed, and not at all when it is in sight', () => {
    expect(panIntoSight(view, imagePoint(300, 300), insets, 40)).toBe(view);
    expect(at(0, 300)).toEqual({ x: 120, y: 300 });
    expect(at(2000, -50)).toEqual({ x: 740, y: 140 });
  });

  test('into the middle where the panels leave less than both margins', () => {
    const narrow = { left: 380, top: 0, right: 380, bottom: 0 };
    const point = imagePoint(0, 300);
    expect(imageToView(panIntoSight(view, point, narrow, 40), point).x).toBe(400);
  });
});
