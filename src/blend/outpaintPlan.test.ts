import fc from 'fast-check';
import { expect, test } from 'vitest';
import { area, contains, intersect, type PixelRect, pixelRect, rectBetween } from '../geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../raster/coverage.ts';
import { emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { uncoveredMask } from '../raster/uncovered.ts';
import { type OutpaintStep, planOutpaint } from './outpaintPlan.ts';
import { isLegal, type Size, type SizeRule } from './size.ts';

const service: SizeRule = {
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  wholeUpTo: 3_686_400,
};
/** Services whose pictures are small, so that a test can look at every pixel. */
const small: Record<string, SizeRule> = {
  stepped: { ...service, minPixels: 4096, maxPixels: 200 * 200, maxEdge: 400, wholeUpTo: 160 * 160 },
  fine: { ...service, step: 1, minPixels: 1, maxPixels: 120 * 120, maxEdge: 150, wholeUpTo: 120 * 120 },
  squares: { kind: 'fixed', values: ['64x64', '128x128'] },
  three: { kind: 'fixed', values: ['auto', '96x96', '144x96', '96x144'] },
};

/** Uncovered coverage of a frame, as plain bytes that a test can change. */
interface Field {
  readonly frame: PixelRect;
  readonly bytes: Uint8Array;
}

const maskOf = ({ frame, bytes }: Field) => maskFromCoverage(bytes, frame);
const fieldOf = (mask: Mask, frame: PixelRect): Field => ({
  frame,
  bytes: coverageOf(maskSource(mask), frame),
});
const isDone = ({ bytes }: Field) => bytes.every((value) => value === 0);

function look({ frame, bytes }: Field, rect: PixelRect) {
  let [left, top, end, low, open] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      if (bytes[(y - frame.y) * frame.width + x - frame.x] === 0) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      end = Math.max(end, x + 1);
      low = Math.max(low, y + 1);
      open++;
    }
  }
  return { bounds: rectBetween(left, top, end, low), open, known: area(rect) - open };
}

function cover({ frame, bytes }: Field, { plan: { rect } }: OutpaintStep): Field {
  const next = bytes.slice();
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const at = (y - frame.y) * frame.width + rect.x - frame.x;
    next.fill(0, at, at + rect.width);
  }
  return { frame, bytes: next };
}

/** Carries the plan out, checking each step; the fields before each step and after the last. */
function carryOut(field: Field, steps: readonly OutpaintStep[], sizes: SizeRule): Field[] {
  const fields = [field];
  for (const step of steps) {
    const before = fields.at(-1)!;
    const { plan, part } = step;
    expect(contains(before.frame, plan.rect)).toBe(true);
    expect(isLegal(plan.sent, sizes), JSON.stringify(plan)).toBe(true);
    expect(plan.scale).toBeGreaterThanOrEqual(1);
    const { bounds, known } = look(before, plan.rect);
    expect(part).toEqual(bounds);
    const anyKnown = look(before, before.frame).known > 0;
    if (anyKnown) expect(known).toBeGreaterThan(0);
    fields.push(cover(before, step));
  }
  expect(isDone(fields.at(-1)!)).toBe(true);
  return fields;
}

const extent = fc.integer({ min: 1, max: 320 });
const scene = fc
  .record({
    picture: fc.record({ width: extent, height: extent }),
    sides: fc.tuple(extent, extent, extent, extent, fc.integer({ min: 1, max: 15 })),
    island: fc.option(fc.tuple(extent, extent, extent, extent)),
    sizes: fc.constantFrom(...Object.values(small)),
    overlap: fc.constantFrom(0, 0, 20),
  })
  .map(({ picture, sides, island, sizes, overlap }) => {
    const [left, top, right, bottom, which] = sides;
    // Any of the four sides may stay as it is.
    const [x, y] = [which & 1 ? -left : 0, which & 2 ? -top : 0];
    const frame = pixelRect(
      x,
      y,
      picture.width - x + (which & 4 ? right : 0),
      picture.height - y + (which & 8 ? bottom : 0),
    );
    const field = fieldOf(uncoveredMask({ frame, picture: { id: 'p', ...picture }, layers: [] }), frame);
    const hole = island && intersect(pixelRect(...island), frame);
    if (hole) {
      for (let row = hole.y; row < hole.y + hole.height; row++) {
        const at = (row - frame.y) * frame.width + hole.x - frame.x;
        for (let i = at; i < at + hole.width; i++) field.bytes[i] ||= (i % 3) * 100;
      }
    }
    return { field, sizes, overlap };
  });

test('all that is uncovered is covered, each step beside what is known by then', () => {
  fc.assert(
    fc.property(scene, ({ field, sizes, overlap }) => {
      const { frame } = field;
      carryOut(field, planOutpaint({ frame, uncovered: maskOf(field), sizes, overlap }), sizes);
    }),
    { numRuns: 40 },
  );
});

test('planning again after some steps gives no more than what was left', () => {
  fc.assert(
    fc.property(scene, ({ field, sizes, overlap }) => {
      const { frame } = field;
      const plan = (at: Field) => planOutpaint({ frame, uncovered: maskOf(at), sizes, overlap });
      const steps = plan(field);
      const fields = carryOut(field, steps, sizes);
      for (const [done, at] of fields.entries()) {
        expect(plan(at).length).toBeLessThanOrEqual(steps.length - done);
      }
      // Stopped and resumed after every step.
      let at = field;
      let count = 0;
      for (let rest = steps; rest.length > 0; rest = plan(at)) {
        at = cover(at, rest[0]!);
        count++;
      }
      expect(isDone(at)).toBe(true);
      expect(count).toBeLessThanOrEqual(steps.length);
    }),
    { numRuns: 10 },
  );
});

const extended = (picture: Size, frame: PixelRect, sizes: SizeRule = service) => ({
  frame,
  sizes,
  uncovered: uncoveredMask({ frame, picture: { id: 'p', ...picture }, layers: [] }),
});

test('what fits into one request is one, with no more around it than it needs', () => {
  const frame = pixelRect(0, 0, 2200, 1440);
  const [only, ...others] = planOutpaint(extended({ width: 1800, height: 1440 }, frame));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ part: pixelRect(1800, 0, 400, 1440), plan: { scale: 1, rect: frame } });
  const wide = pixelRect(0, 0, 9000, 1000);
  const [end, ...more] = planOutpaint(extended({ width: 8700, height: 1000 }, wide));
  expect(more).toEqual([]);
  expect(end?.plan.rect.width).toBeLessThan(1200);
  expect(planOutpaint({ frame, uncovered: emptyMask, sizes: service })).toEqual([]);
});

test('a photo made 16:9 takes one step per side', () => {
  const frame = pixelRect(-672, 0, 5376, 3024);
  const steps = planOutpaint(extended({ width: 4032, height: 3024 }, frame));
  expect(steps).toHaveLength(2);
  for (const { plan } of steps) expect(plan).toMatchObject({ scale: 1, sent: { height: 3024 } });
});

test('steps see about a quarter, and sides come before their corners', () => {
  const frame = pixelRect(-300, -300, 1200, 1200);
  const sizes = small['stepped']!;
  const request = extended({ width: 600, height: 600 }, frame, sizes);
  const steps = planOutpaint(request);
  const [first] = steps;
  // The first one lies at a side of the picture, not beyond its corners.
  const beside = first!.part.x >= 0 && first!.part.x + first!.part.width <= 600;
  const above = first!.part.y >= 0 && first!.part.y + first!.part.height <= 600;
  expect(beside || above).toBe(true);
  let at = fieldOf(request.uncovered, frame);
  for (const step of steps) {
    const { known } = look(at, step.plan.rect);
    expect(known / area(step.plan.rect)).toBeGreaterThanOrEqual(0.2);
    at = cover(at, step);
  }
});

test('an overlap that a request cannot hold twice is bought with scale', () => {
  const frame = pixelRect(-200, 0, 1000, 300);
  const request = extended({ width: 600, height: 300 }, frame, small['squares']!);
  const steps = planOutpaint({ ...request, overlap: 100 });
  let at = fieldOf(request.uncovered, frame);
  for (const step of steps) {
    expect(step.plan.scale).toBeGreaterThan(0.5);
    expect(step.plan.scale).toBeLessThan(1);
    at = cover(at, step);
  }
  expect(isDone(at)).toBe(true);
});

test('large extensions take few steps', () => {
  const count = (width: number, height: number, frame: PixelRect) => {
    const steps = planOutpaint(extended({ width, height }, frame));
    for (const { plan } of steps) expect(plan.scale).toBe(1);
    return steps.length;
  };
  expect(count(4000, 3000, pixelRect(0, 0, 8000, 3000))).toBe(5);
  expect(count(1000, 1000, pixelRect(-1000, -1000, 3000, 3000))).toBeLessThanOrEqual(4);
  // 67 megapixels in pictures of 3.7, of which a quarter is known already.
  expect(count(2300, 1700, pixelRect(-3001, -2000, 8192, 8192))).toBeLessThanOrEqual(30);
});

test('a strip as high as a fixed size takes one row of requests', () => {
  const three: SizeRule = { kind: 'fixed', values: ['1024x1024', '1536x1024', '1024x1536'] };
  const count = (size: Size, frame: PixelRect, sizes: SizeRule) => {
    const steps = planOutpaint({ ...extended(size, frame), sizes });
    // No more padding than a cell, though the frame ends within one.
    for (const { plan } of steps) expect(Math.max(plan.padded.right, plan.padded.bottom)).toBeLessThan(64);
    return steps.length;
  };
  const square = { width: 1024, height: 1024 };
  expect(count(square, pixelRect(0, 0, 5000, 1024), three)).toBe(4);
  expect(count(square, pixelRect(0, -3976, 1024, 5000), three)).toBe(4);
  const squares: SizeRule = { kind: 'fixed', values: ['256x256', '512x512', '1024x1024'] };
  expect(count(square, pixelRect(0, 0, 2560, 1024), squares)).toBe(2);
});

test('a narrow border shows the picture beside it, not padding', () => {
  const frame = pixelRect(-30, -30, 8060, 8060);
  const steps = planOutpaint(extended({ width: 8000, height: 8000 }, frame));
  expect(steps.length).toBeLessThanOrEqual(10);
  for (const { plan } of steps) {
    expect(Math.max(plan.padded.right, plan.padded.bottom)).toBeLessThan(64);
    expect(Math.min(plan.rect.width, plan.rect.height)).toBeGreaterThan(200);
  }
});

test('with nothing known at all the frame is filled from its first step on', () => {
  const frame = pixelRect(-50, -70, 400, 300);
  const field: Field = { frame, bytes: new Uint8Array(area(frame)).fill(255) };
  const steps = planOutpaint({ frame, uncovered: maskOf(field), sizes: small['stepped']! });
  expect(steps.length).toBeGreaterThan(1);
  carryOut(field, steps, small['stepped']!);
});
