import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, intersect, pixelRect } from '../geometry/rect.ts';
import { contentSize, planCrop } from './cropPlan.ts';
import { type FreeSizes, isLegal, type SizeRule } from './size.ts';

const free: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  wholeUpTo: 67_108_864,
};
const embedded: FreeSizes = {
  kind: 'free',
  step: 1,
  minPixels: 1,
  maxPixels: 67_108_864,
  maxEdge: 16_384,
  maxRatio: 16_384,
  wholeUpTo: 67_108_864,
};
const squares: SizeRule = { kind: 'fixed', values: ['256x256', '512x512', '1024x1024'] };
const three: SizeRule = { kind: 'fixed', values: ['auto', '1024x1024', '1536x1024', '1024x1536'] };

const edge = fc.oneof(fc.integer({ min: 64, max: 16_384 }), fc.constantFrom(64, 256, 1024, 3840, 16_384));
const request = fc
  .record({
    frame: fc.record({
      x: fc.integer({ min: -999, max: 0 }),
      y: fc.integer({ min: -999, max: 0 }),
      width: edge,
      height: edge,
    }),
    corner: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    extent: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    masked: fc.boolean(),
    sizes: fc.constantFrom(free, embedded, squares, three),
  })
  .map(({ frame, corner, extent, masked, sizes }) => {
    const width = 1 + Math.floor(extent[0] * (frame.width - 1));
    const height = 1 + Math.floor(extent[1] * (frame.height - 1));
    const x = frame.x + Math.floor(corner[0] * (frame.width - width));
    const y = frame.y + Math.floor(corner[1] * (frame.height - height));
    return { frame, maskBounds: masked ? pixelRect(x, y, width, height) : null, sizes };
  });

test('a plan is legal, lies in the frame, holds the mask and can be undone', () => {
  fc.assert(
    fc.property(request, ({ frame, maskBounds, sizes }) => {
      const plan = planCrop({ frame, maskBounds, sizes });
      expect(isLegal(plan.sent, sizes), JSON.stringify(plan)).toBe(true);
      expect(contains(frame, plan.rect)).toBe(true);
      expect(contains(plan.rect, maskBounds ?? frame)).toBe(true);
      const content = contentSize(plan);
      expect(Math.min(content.width, content.height)).toBeGreaterThan(0);
      expect(Math.min(plan.padded.right, plan.padded.bottom)).toBeGreaterThanOrEqual(0);
      // Both edges carry the same scale to within the rounding of one sent pixel.
      expect(Math.abs(content.width - Math.max(1, plan.rect.width * plan.scale))).toBeLessThanOrEqual(1);
      expect(Math.abs(content.height - Math.max(1, plan.rect.height * plan.scale))).toBeLessThanOrEqual(1);
      if (plan.scale === 1)
        expect([content.width, content.height]).toEqual([plan.rect.width, plan.rect.height]);
    }),
    { numRuns: 2000 },
  );
});

test('a frame within the budget goes whole and unscaled', () => {
  const frame = pixelRect(0, 0, 1001, 999);
  expect(planCrop({ frame, maskBounds: pixelRect(4, 4, 10, 10), sizes: free })).toEqual({
    rect: frame,
    sent: { width: 1008, height: 1008 },
    scale: 1,
    padded: { right: 7, bottom: 9 },
  });
});

test('a small mask in a large photo is sent with context at full resolution', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const maskBounds = pixelRect(4000, 4000, 400, 300);
  const plan = planCrop({ frame, maskBounds, sizes: free });
  expect(plan.scale).toBe(1);
  expect(plan.padded).toEqual({ right: 0, bottom: 0 });
  expect(contains(plan.rect, pixelRect(3600, 3700, 1200, 900))).toBe(true);
});

test('a mask over a whole large photo is scaled down to the budget', () => {
  const frame = pixelRect(0, 0, 8192, 8192);
  const plan = planCrop({ frame, maskBounds: frame, sizes: free });
  expect(plan.rect).toEqual(frame);
  expect(plan.sent).toEqual({ width: 2880, height: 2880 });
});

test('a tiny picture is scaled up to the least size', () => {
  const plan = planCrop({ frame: pixelRect(0, 0, 64, 64), maskBounds: null, sizes: free });
  expect(plan.scale).toBeGreaterThan(12);
  expect(plan.sent).toEqual({ width: 816, height: 816 });
});

test('a strip beyond the ratio is padded, not stretched', () => {
  const plan = planCrop({ frame: pixelRect(0, 0, 3000, 200), maskBounds: null, sizes: free });
  expect(plan).toMatchObject({
    scale: 1,
    sent: { width: 3008, height: 1008 },
    padded: { right: 8, bottom: 808 },
  });
});

test('fixed sizes: the one that keeps most resolution, letterboxed', () => {
  const wide = planCrop({ frame: pixelRect(0, 0, 3000, 2000), maskBounds: null, sizes: three });
  expect(wide.sent).toEqual({ width: 1536, height: 1024 });
  const small = planCrop({ frame: pixelRect(0, 0, 1000, 700), maskBounds: null, sizes: squares });
  expect(small).toMatchObject({
    sent: { width: 1024, height: 1024 },
    scale: 1,
    padded: { right: 24, bottom: 324 },
  });
});

test('fixed sizes: a mask in a large photo gets a crop of that size', () => {
  const frame = pixelRect(0, 0, 6000, 4000);
  const plan = planCrop({ frame, maskBounds: pixelRect(5900, 10, 90, 90), sizes: three });
  expect(plan.scale).toBe(1);
  expect(plan.rect).toEqual(intersect(plan.rect, frame));
});

test('a wanted size is taken when it is legal', () => {
  const frame = pixelRect(0, 0, 1000, 1000);
  const wanted = { width: 1536, height: 1024 };
  expect(planCrop({ frame, maskBounds: null, sizes: free, wanted }).sent).toEqual(wanted);
  expect(
    planCrop({ frame, maskBounds: null, sizes: free, wanted: { width: 100, height: 100 } }).sent,
  ).toEqual({
    width: 1008,
    height: 1008,
  });
});

test('a small mask in a large picture is sent with its surroundings, although the whole would fit', () => {
  const frame = pixelRect(0, 0, 3000, 2000);
  const maskBounds = pixelRect(400, 300, 200, 100);
  const roomy = { ...embedded, step: 16 };
  expect(planCrop({ frame, maskBounds, sizes: roomy }).rect).toEqual(frame);
  const { rect, scale } = planCrop({ frame, maskBounds, sizes: { ...roomy, wholeUpTo: 2_000_000 } });
  expect(scale).toBe(1);
  expect(rect.width * rect.height).toBeLessThan(1_000_000);
  expect(rect.x <= 272 && rect.y <= 172 && rect.x + rect.width >= 728 && rect.y + rect.height >= 528).toBe(
    true,
  );
  expect(planCrop({ frame, maskBounds: null, sizes: { ...roomy, wholeUpTo: 2_000_000 } }).rect).toEqual(
    frame,
  );
});
