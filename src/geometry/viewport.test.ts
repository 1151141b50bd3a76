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
  resizeStage,
  viewCentre,
  viewToClient,
  viewToImage,
  zoomBy,
  zoomOf,
} from './viewport.ts';

const viewports = fc.record({
  width: fc.integer({ min: 200, max: 4000 }),
  height: fc.integer({ min: 200, max: 3000 }),
  pixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
  scale: fc.double({ min: 0.02, max: 20, noNaN: true }),
  originX: fc.integer({ min: -5000, max: 5000 }),
  originY: fc.integer({ min: -5000, max: 5000 }),
});
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
  const viewport: Viewport = { width: 800, height: 600, pixelRatio: 2, scale: 1, originX: 0, originY: 0 };
  expect(zoomOf(zoomBy(viewport, viewPoint(0, 0), 1e9))).toBe(MAX_ZOOM);
  expect(zoomOf(zoomBy(viewport, viewPoint(0, 0), 1e-9))).toBe(MIN_ZOOM);
});

test('fit shows the whole frame between the insets, also one that begins at negative coordinates', () => {
  const viewport: Viewport = { width: 1000, height: 800, pixelRatio: 1, scale: 3, originX: 9, originY: 9 };
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

test('resizing the window, or a new pixel ratio, keeps the centre', () => {
  const viewport: Viewport = {
    width: 1000,
    height: 800,
    pixelRatio: 1,
    scale: 0.5,
    originX: 40,
    originY: -8,
  };
  const centre = viewToImage(viewport, viewCentre(viewport));
  const resized = resizeStage(viewport, 640, 900, 2);
  const after = viewToImage(resized, viewCentre(resized));
  expect(after.x).toBeCloseTo(centre.x, 0);
  expect(after.y).toBeCloseTo(centre.y, 0);
});
