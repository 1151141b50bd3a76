import fc from 'fast-check';
import { expect, test } from 'vitest';
import { area, contains, intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import {
  alternatives,
  type CropPlan,
  type CropRequest,
  contentSize,
  planCrop,
  sharpness,
  type Wish,
} from './cropPlan.ts';
import { container, type FreeSizes, isLegal, type SizeRule, withinBudget } from './size.ts';

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

const wishes = ['automatic', 'whole', 'close-up'] as const;
const CLOSE_UP = 4;

const edge = fc.oneof(fc.integer({ min: 1, max: 16_384 }), fc.constantFrom(1, 64, 256, 1024, 3840, 8192));
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1));
const place = fc.tuple(share, share, share, share);
const inside = (frame: PixelRect, [x, y, w, h]: [number, number, number, number]): PixelRect => {
  const width = 1 + Math.floor(w * (frame.width - 1));
  const height = 1 + Math.floor(h * (frame.height - 1));
  return pixelRect(
    frame.x + Math.floor(x * (frame.width - width)),
    frame.y + Math.floor(y * (frame.height - height)),
    width,
    height,
  );
};
const request = fc
  .record({
    frame: fc.record({
      x: fc.integer({ min: -999, max: 0 }),
      y: fc.integer({ min: -999, max: 0 }),
      width: edge,
      height: edge,
    }),
    mask: fc.option(place),
    drawn: fc.option(place),
    sizes: fc.constantFrom(free, embedded, squares, three, { ...free, wholeUpTo: 3_686_400 }),
    wish: fc.constantFrom(...wishes),
  })
  .map(({ frame, mask, drawn, sizes, wish }): CropRequest => {
    const maskBounds = mask && inside(frame, mask);
    // What is drawn may lie partly, or wholly, beyond the frame.
    const around = pixelRect(frame.x - 500, frame.y - 500, frame.width + 1000, frame.height + 1000);
    return { frame, maskBounds, sizes, wish, ...(drawn && { rect: inside(around, drawn) }) };
  });

test('a plan is legal, lies in the frame, holds the mask and can be undone', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { frame, maskBounds, sizes, rect } = asked;
      const plan = planCrop(asked);
      expect(isLegal(plan.sent, sizes), JSON.stringify(plan)).toBe(true);
      expect(contains(frame, plan.rect)).toBe(true);
      if (maskBounds) expect(contains(plan.rect, maskBounds)).toBe(true);
      else if (!rect) expect(plan.rect).toEqual(frame);
      const seen = rect && intersect(rect, frame);
      if (seen) expect(contains(plan.rect, seen)).toBe(true);
      const content = contentSize(plan);
      expect(Math.min(content.width, content.height)).toBeGreaterThan(0);
      expect(Math.min(plan.padded.right, plan.padded.bottom)).toBeGreaterThanOrEqual(0);
      // Both edges carry the same scale to within the rounding of one sent pixel.
      expect(Math.abs(content.width - Math.max(1, plan.rect.width * plan.scale))).toBeLessThanOrEqual(1);
      expect(Math.abs(content.height - Math.max(1, plan.rect.height * plan.scale))).toBeLessThanOrEqual(1);
      if (plan.scale === 1)
        expect([content.width, content.height]).toEqual([plan.rect.width, plan.rect.height]);
    }),
    { numRuns: 4000 },
  );
});

test('planning with the rectangle of a plan gives that plan again', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const plan = planCrop(asked);
      const again = planCrop({ ...asked, rect: plan.rect });
      expect(again.rect).toEqual(plan.rect);
      // Of several fixed sizes another one may suit a narrow strip that is taken as it is.
      if (asked.sizes.kind === 'free') expect(again).toEqual(plan);
    }),
    { numRuns: 4000 },
  );
});

test('scaled up only where it is asked for or the service takes nothing smaller; padded no more than needed', () => {
  const freely = request.filter(({ sizes }) => sizes.kind === 'free');
  fc.assert(
    fc.property(freely, (asked) => {
      const rule = asked.sizes as FreeSizes;
      const { rect, scale, sent, padded } = planCrop(asked);
      const close = asked.wish === 'close-up' && asked.maskBounds !== null;
      const atOne = container(rect, rule);
      if (scale > 1 && !(close && scale <= CLOSE_UP)) {
        expect(atOne.width * atOne.height).toBeLessThan(rule.minPixels);
      }
      if (close && scale > 1 && sent.width * sent.height > rule.wholeUpTo) {
        expect(atOne.width * atOne.height).toBeLessThan(rule.minPixels);
      }
      if (scale < 1) expect(withinBudget(atOne, rule)).toBe(false);
      const least = (edge: number) => Math.ceil(edge / rule.maxRatio / rule.step) * rule.step;
      if (padded.right >= rule.step) expect(sent.width).toBe(least(sent.height));
      if (padded.bottom >= rule.step) expect(sent.height).toBe(least(sent.width));
    }),
    { numRuns: 4000 },
  );
});

test('the choices differ from each other, "automatic" first, and a close-up is sharper', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const choices = alternatives(asked);
      const [{ wish, plan }] = choices as [{ wish: Wish; plan: CropPlan }];
      expect(wish).toBe('automatic');
      const { rect: _, wish: __, ...bare } = asked;
      expect(plan).toEqual(planCrop(bare));
      const texts = choices.map((choice) => JSON.stringify(choice.plan));
      expect(new Set(texts).size).toBe(choices.length);
      for (const choice of choices) {
        if (choice.wish === 'whole') expect(choice.plan.rect).toEqual(asked.frame);
        if (choice.wish === 'close-up') expect(sharpness(choice.plan, plan)).toBeGreaterThan(1);
      }
      if (!asked.maskBounds) expect(choices).toHaveLength(1);
    }),
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

const service: SizeRule = { ...free, wholeUpTo: 3_686_400 };

test('a close-up gives a small mask many times the px, within what the service does well', () => {
  const frame = pixelRect(-200, -100, 8192, 8192);
  const maskBounds = pixelRect(4000, 4000, 400, 300);
  const [automatic, whole, close] = alternatives({ frame, maskBounds, sizes: service });
  expect([automatic?.wish, whole?.wish, close?.wish]).toEqual(['automatic', 'whole', 'close-up']);
  expect(automatic?.plan.scale).toBe(1);
  expect(whole?.plan).toMatchObject({ rect: frame, sent: { width: 2880, height: 2880 } });
  const { rect, sent } = close!.plan;
  expect(sharpness(close!.plan, automatic!.plan)).toBeGreaterThan(3);
  expect(sent.width * sent.height).toBeLessThanOrEqual(3_686_400);
  expect(area(maskBounds) / area(rect)).toBeGreaterThan(0.4);
});

test('a close-up of one pixel holds enough around it', () => {
  const frame = pixelRect(0, 0, 4000, 3000);
  for (const maskBounds of [pixelRect(0, 0, 1, 1), pixelRect(3999, 2999, 1, 1)]) {
    const plan = planCrop({ frame, maskBounds, sizes: service, wish: 'close-up' });
    expect(plan.scale).toBe(CLOSE_UP);
    expect(plan.rect.width).toBeGreaterThanOrEqual(200);
    const square = planCrop({ frame, maskBounds, sizes: squares, wish: 'close-up' });
    expect(square).toMatchObject({ scale: CLOSE_UP, sent: { width: 1024, height: 1024 } });
  }
});

test('a rectangle drawn by hand grows as little as the service lets it', () => {
  const frame = pixelRect(-100, -100, 6000, 4000);
  const maskBounds = pixelRect(500, 500, 200, 100);
  const drawn = (rect: PixelRect, sizes: SizeRule = service) => planCrop({ frame, maskBounds, sizes, rect });
  expect(drawn(pixelRect(400, 400, 1600, 800)).rect).toEqual(pixelRect(400, 400, 1600, 800));
  // Too small for the service at scale 1: enlarged, not widened.
  const small = drawn(pixelRect(480, 480, 240, 160));
  expect(small.rect).toEqual(pixelRect(480, 480, 240, 160));
  expect(small.scale).toBeGreaterThan(4);
  expect(drawn(pixelRect(400, 400, 3200, 160)).rect).toMatchObject({ x: 400, width: 3200, height: 1072 });
  expect(drawn(pixelRect(-900, -900, 1200, 1200)).rect).toEqual(pixelRect(-100, -100, 800, 704));
  expect(drawn(pixelRect(400, 400, 600, 600), squares)).toMatchObject({
    rect: pixelRect(400, 400, 600, 600),
    sent: { width: 1024, height: 1024 },
  });
  expect(drawn(pixelRect(450, 450, 450, 300), three)).toMatchObject({
    rect: pixelRect(450, 450, 450, 300),
    sent: { width: 1536, height: 1024 },
    padded: { right: 0, bottom: 0 },
  });
});

test('a panorama beyond 3 : 1 is legal for every wish', () => {
  const frame = pixelRect(-40, 0, 12_000, 1000);
  for (const wish of wishes) {
    for (const maskBounds of [null, frame, pixelRect(11_000, 900, 900, 100)]) {
      const plan = planCrop({ frame, maskBounds, sizes: service, wish });
      expect(isLegal(plan.sent, service)).toBe(true);
    }
  }
});
