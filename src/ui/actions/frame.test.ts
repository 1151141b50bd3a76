import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDocument, setFrame } from '../../editor/document.ts';
import { area, pixelRect } from '../../geometry/rect.ts';
import { frameLimits } from '../../tools/frameTool.ts';
import { frameOfAspect, frameSides, ratioOf, spaceAround, spaceRange, withSpace } from './frame.ts';

const picture = pixelRect(0, 0, 640, 480);
const frames = fc
  .record({
    x: fc.integer({ min: -900, max: 900 }),
    y: fc.integer({ min: -900, max: 900 }),
    width: fc.integer({ min: 1, max: 3000 }),
    height: fc.integer({ min: 1, max: 3000 }),
  })
  .map(({ x, y, width, height }) => pixelRect(x, y, width, height));
const sides = fc.constantFrom(...frameSides);

test('a side’s number says where it lies, and moves that side alone', () => {
  fc.assert(
    fc.property(frames, sides, fc.integer({ min: -100, max: 900 }), (frame, side, by) => {
      const space = spaceAround(frame, picture);
      expect(withSpace(frame, picture, side, space[side])).toEqual(frame);
      const grown = withSpace(frame, picture, side, space[side] + by);
      expect(spaceAround(grown, picture)).toEqual({ ...space, [side]: space[side] + by });
    }),
  );
});

test('the largest and the smallest number give frames within the limits', () => {
  fc.assert(
    fc.property(frames, sides, (frame, side) => {
      const { min, max } = spaceRange(frame, picture, side);
      const [smallest, largest] = [min, max].map((space) => withSpace(frame, picture, side, space));
      expect(Math.min(smallest!.width, smallest!.height)).toBeGreaterThanOrEqual(
        Math.min(frameLimits.minEdge, frame.width, frame.height),
      );
      expect(area(largest!)).toBeLessThanOrEqual(frameLimits.maxArea);
      expect(Math.max(largest!.width, largest!.height)).toBeLessThanOrEqual(frameLimits.maxEdge);
      const over = withSpace(frame, picture, side, max + 1);
      expect(
        area(over) > frameLimits.maxArea || Math.max(over.width, over.height) > frameLimits.maxEdge,
      ).toBe(true);
    }),
  );
});

test('an aspect starts from everything that has pixels, wherever the frame is', () => {
  const document = newDocument({ id: 'd', name: 'n', picture: { id: 'p', width: 640, height: 480 } });
  const cropped = setFrame(pixelRect(100, 100, 50, 50))(document);
  expect(ratioOf('original', picture)).toBe(640 / 480);
  expect(frameOfAspect(cropped, 'original', 'crop')).toEqual(picture);
  expect(frameOfAspect(cropped, '16:9', 'grow')).toEqual(frameOfAspect(document, '16:9', 'grow'));
  const large = newDocument({ id: 'd', name: 'n', picture: { id: 'p', width: 8000, height: 8000 } });
  expect(frameOfAspect(large, '3:1', 'grow')).toBeNull();
  expect(frameOfAspect(large, '3:1', 'crop')).toEqual(pixelRect(0, 2666, 8000, 2667));
});
