import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { beginDraft } from '../raster/draft.ts';
import { maskPlace } from '../raster/framePlace.ts';
import { invertMask } from '../raster/invert.ts';
import { emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { encodeMaskPng, type MaskEncoding } from '../raster/maskPng.ts';
import { scaledMaskSteps } from '../raster/scaleMask.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import { readMask } from './readMask.ts';

const pause = async () => undefined;

function moved(mask: Mask, from: PixelRect, to: PixelRect): Mask {
  const steps = scaledMaskSteps(mask, from, to);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

const point = fc.record({
  x: fc.double({ min: -400, max: 400, noNaN: true }),
  y: fc.double({ min: -400, max: 400, noNaN: true }),
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const frames = fc
  .tuple(
    fc.integer({ min: -300, max: 100 }),
    fc.integer({ min: -300, max: 100 }),
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 1, max: 500 }),
  )
  .map(([x, y, width, height]) => pixelRect(x, y, width, height));
const stroke = fc.tuple(point, point, fc.constantFrom(0, 0.4, 1), fc.constantFrom(7, 120));

test('complaint 14: a mask that was exported from any frame comes back as it was, in its place', async () => {
  const picture = { id: 'p', width: 310, height: 290 };
  await fc.assert(
    fc.asyncProperty(
      frames,
      fc.array(stroke, { maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom<MaskEncoding>('dual', 'white-edit'),
      async (frame, strokes, inverted, encoding) => {
        const draft = beginDraft(emptyMask, frame);
        for (const [a, b, hardness, diameter] of strokes) {
          strokeCapsule(draft, 'erase', { diameter, hardness, opacity: 1 }, a, b);
        }
        const mask = inverted ? invertMask(draft.commit(), frame) : draft.commit();
        const png = encodeMaskPng(mask, frame, picture, encoding);
        const file = await readMask(new Blob([png]), pause);
        expect(file).toMatchObject({ flipped: false, cleaned: false });
        const place = maskPlace(file.size, file.place, pixelRect(0, 0, 310, 290), picture);
        expect(place).toEqual(frame);
        const again = moved(file.mask, pixelRect(0, 0, frame.width, frame.height), frame);
        expect(
          Buffer.compare(coverageOf(maskSource(again), frame), coverageOf(maskSource(mask), frame)),
        ).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

test('reading stops at the next pause', async () => {
  const png = encodeMaskPng(emptyMask, pixelRect(0, 0, 300, 900));
  let pauses = 0;
  const stop = async () => {
    if (++pauses === 8) throw new DOMException('stopped', 'AbortError');
  };
  await expect(readMask(new Blob([png]), stop)).rejects.toThrow('stopped');
  expect(pauses).toBe(8);
});
