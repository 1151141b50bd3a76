import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { resultWindow } from './resultWindow.ts';

const rect = pixelRect(-40, 20, 600, 400);
const plan = { rect, sent: { width: 608, height: 400 }, scale: 1, padded: { right: 8, bottom: 0 } };

test('an answer of the sent size holds the document’s px where they were sent, the padding beside them', () => {
  expect(resultWindow(plan, plan.sent, rect)).toEqual({ x: 0, y: 0, width: 600, height: 400 });
  expect(resultWindow(plan, plan.sent, pixelRect(0, 30, 10, 5))).toEqual({
    x: 40,
    y: 10,
    width: 10,
    height: 5,
  });
});

test('an answer of another size is looked at in proportion', () => {
  const { x, width } = resultWindow(plan, { width: 1216, height: 800 }, pixelRect(60, 20, 100, 100));
  expect([x, width]).toEqual([200, 200]);
});

test('a registration moves every point as it says, in px of what was sent', () => {
  const scale = fc.double({ min: 0.95, max: 1.05, noNaN: true });
  const shift = fc.double({ min: -8, max: 8, noNaN: true });
  fc.assert(
    fc.property(
      scale,
      scale,
      shift,
      shift,
      fc.nat(500),
      fc.nat(300),
      (scaleX, scaleY, shiftX, shiftY, dx, dy) => {
        const part = pixelRect(rect.x + dx, rect.y + dy, 50, 60);
        const window = resultWindow(plan, { width: 1216, height: 800 }, part, {
          scaleX,
          scaleY,
          shiftX,
          shiftY,
        });
        expect(window.x).toBeCloseTo(2 * (dx * scaleX + shiftX), 6);
        expect(window.y + window.height).toBeCloseTo(2 * ((dy + 60) * scaleY + shiftY), 6);
      },
    ),
  );
});
