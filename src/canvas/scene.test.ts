import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { viewPoint } from '../geometry/spaces.ts';
import { fitFrame, panBy, unmeasured, zoomBy, zoomOf } from '../geometry/viewport.ts';
import { stripsAround, visibleRegion } from './scene.ts';

const views = fc
  .record({
    width: fc.integer({ min: 300, max: 2000 }),
    height: fc.integer({ min: 300, max: 1400 }),
    pixelRatio: fc.constantFrom(1, 1.5, 2, 3),
    zoom: fc.double({ min: 0.1, max: 30, noNaN: true }),
    frame: fc.record({
      x: fc.integer({ min: -500, max: 0 }),
      y: fc.integer({ min: -500, max: 0 }),
      width: fc.integer({ min: 64, max: 9000 }),
      height: fc.integer({ min: 64, max: 9000 }),
    }),
  })
  .map(({ zoom, frame, ...stage }) => {
    const viewport = { ...unmeasured, ...stage };
    const fitted = fitFrame(viewport, frame, { left: 0, top: 0, right: 0, bottom: 0 });
    return { frame, viewport: zoomBy(fitted, viewPoint(150, 150), zoom) };
  });

test('minified, a patch has exactly the device px that it is drawn on; magnified, whole document px', () => {
  fc.assert(
    fc.property(views, ({ viewport, frame }) => {
      const region = visibleRegion(viewport, frame);
      if (!region) return;
      const zoom = zoomOf(viewport);
      if (zoom >= 1) {
        expect([region.x, region.y, region.width, region.height].every(Number.isInteger)).toBe(true);
        expect([region.outWidth, region.outHeight]).toEqual([region.width, region.height]);
      } else {
        const left = region.x * zoom + viewport.originX * viewport.pixelRatio;
        expect(Math.abs(left - Math.round(left))).toBeLessThan(1e-6);
        expect(region.width * zoom).toBeCloseTo(region.outWidth, 6);
      }
      // Never more than the stage with its margins, whatever the picture's size.
      expect(region.outWidth).toBeLessThanOrEqual(viewport.width * viewport.pixelRatio + 131);
      expect(region.outHeight).toBeLessThanOrEqual(viewport.height * viewport.pixelRatio + 131);
    }),
  );
});

test('a frame out of sight has no region', () => {
  const viewport = panBy({ ...unmeasured, width: 500, height: 400 }, 2000, 0);
  expect(visibleRegion(viewport, pixelRect(0, 0, 100, 100))).toBeNull();
});

test('the strips around a patch meet neither it nor each other, and leave nothing of the canvas free', () => {
  const edge = fc.double({ min: -30, max: 30, noNaN: true });
  const length = fc.double({ min: 0.1, max: 50, noNaN: true });
  fc.assert(
    fc.property(edge, edge, length, length, (x, y, width, height) => {
      const strips = stripsAround({ x, y, width, height }, 20, 16);
      for (let row = 0; row < 16; row++) {
        for (let column = 0; column < 20; column++) {
          const times = strips.filter(
            (strip) =>
              column >= strip.x &&
              column < strip.x + strip.width &&
              row >= strip.y &&
              row < strip.y + strip.height,
          ).length;
          const whole = column >= x && column + 1 <= x + width && row >= y && row + 1 <= y + height;
          expect(times).toBe(whole ? 0 : 1);
        }
      }
    }),
  );
});
