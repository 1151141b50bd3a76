import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { imagePoint } from '../geometry/spaces.ts';
import { arrows, onPixel, steppedCursor } from './keyCursor.ts';

const frame = pixelRect(-20, 0, 120, 80);
const plain = { shift: false, alt: false };
const from = imagePoint(40.5, 30.5);

test('an arrow moves by a radius, with Shift by 10 px, with Alt by one', () => {
  expect(steppedCursor(from, arrows['ArrowRight']!, plain, 24, frame)).toEqual(imagePoint(52.5, 30.5));
  expect(steppedCursor(from, arrows['ArrowUp']!, { shift: true, alt: false }, 24, frame)).toEqual(
    imagePoint(40.5, 20.5),
  );
  expect(steppedCursor(from, arrows['ArrowLeft']!, { shift: false, alt: true }, 24, frame)).toEqual(
    imagePoint(39.5, 30.5),
  );
  expect(steppedCursor(from, arrows['ArrowDown']!, plain, 1, frame)).toEqual(imagePoint(40.5, 31.5));
});

test('the cursor stays on the frame, wherever that lies', () => {
  expect(steppedCursor(from, arrows['ArrowLeft']!, plain, 1000, frame)).toEqual(imagePoint(-19.5, 30.5));
  expect(steppedCursor(from, arrows['ArrowDown']!, plain, 1000, frame)).toEqual(imagePoint(40.5, 79.5));
  expect(onPixel(imagePoint(99.99, -3), frame)).toEqual(imagePoint(99.5, 0.5));
});
