import { expect, test } from 'vitest';
import { addLayers, type Document, newDocument, setFrame, setMask } from '../editor/document.ts';
import { newLayer } from '../editor/layer.ts';
import { initialAsk } from '../editor/session.ts';
import { contains, intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { joinMasks } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import { editChoices, NO_WISHES, OVERLAP, planEdit, priceOfParts, uncoveredOf } from './editPlan.ts';
import type { ModelTraits } from './ports.ts';

const model: ModelTraits = {
  id: 'm',
  service: 'openai',
  endpoints: ['edits'],
  sizes: {
    kind: 'free',
    step: 16,
    minPixels: 655_360,
    maxPixels: 8_294_400,
    maxEdge: 3840,
    maxRatio: 3,
    wholeUpTo: 3_686_400,
  },
  maxPartials: null,
  qualities: ['low', 'high'],
  defaultQuality: 'high',
  pricing: {
    asOf: '2026-11-22',
    estimate: false,
    rates: { textIn: 5, imageIn: 8, imageOut: 30, textOut: 30 },
    output: { kind: 'grid', cells: { low: 16, high: 48 }, times: {} },
    input: { kind: 'patches', edge: 32, most: 1536, leastEdge: 1024 },
  },
  maxResults: 10,
  promptMaxChars: 1000,
  responseFormat: false,
  seed: false,
  maskGrow: 4,
  promptedEdits: true,
};
const { sizes } = model;

const opened = (width: number, height: number): Document =>
  newDocument({ id: 'd', name: 'd', picture: { id: 'p', width, height } });
const erased = (document: Document, ...holes: readonly PixelRect[]) =>
  setMask(holes.map(fillMask).reduce(joinMasks))(document);

test('nothing erased and nothing empty: the whole picture, without a mask', () => {
  const plan = planEdit(opened(1200, 900), sizes, NO_WISHES);
  expect(plan).toMatchObject({
    masked: false,
    steps: [],
    parts: [{ plan: { rect: { width: 1200, height: 900 } } }],
  });
});

test('a frame that fits one request is extended in one, with what was erased in it', () => {
  const document = erased(
    setFrame(pixelRect(-200, 0, 1400, 900))(opened(1200, 900)),
    pixelRect(600, 400, 50, 50),
  );
  const plan = planEdit(document, sizes, NO_WISHES);
  expect(plan.steps).toEqual([]);
  expect(plan.parts).toHaveLength(1);
  expect(plan.parts[0]!.plan.rect).toEqual(document.frame);
});

test('a large frame is extended in steps, of which the next one is sent; what they cover is not planned again', () => {
  let document = setFrame(pixelRect(0, 0, 9000, 2500))(opened(2000, 2500));
  const planned = planEdit(document, sizes, NO_WISHES);
  expect(planned.steps.length).toBeGreaterThan(2);
  expect(planned.parts).toEqual(planned.steps.slice(0, 1));
  let left = planned.steps.length;
  while (uncoveredOf(document).tiles.size > 0) {
    const [next] = planEdit(document, sizes, NO_WISHES).parts;
    const { rect } = next!.plan;
    const layer = {
      image: { id: 'i', width: rect.width, height: rect.height },
      rect,
      weights: fillMask(rect),
    };
    document = addLayers([newLayer('l', layer, { kind: 'merged' })])(document);
    left--;
  }
  expect(left).toBe(0);
});

test('what was erased far from an extension becomes a request of its own, which keeps to it', () => {
  const hole = pixelRect(100, 100, 60, 60);
  const document = erased(setFrame(pixelRect(0, 0, 7400, 1000))(opened(7000, 1000)), hole);
  const { parts, steps } = planEdit(document, sizes, NO_WISHES);
  expect(steps).toEqual([]);
  expect(parts).toHaveLength(2);
  expect(parts[0]!.plan.rect.x + parts[0]!.plan.rect.width).toBe(7400);
  expect(contains(parts[1]!.within, hole)).toBe(true);
  expect(parts[1]!.within.width).toBe(60 + 2 * OVERLAP);
});

test('far-apart parts are offered as requests of their own, sharper, with the price of all; near ones are not', () => {
  const far = erased(opened(6000, 4000), pixelRect(100, 100, 300, 300), pixelRect(5500, 3500, 300, 300));
  const choices = editChoices(far, model);
  expect(choices[0]).toMatchObject({ wishes: NO_WISHES, sharpness: 1 });
  const split = choices.find(({ wishes }) => wishes.split);
  expect(split!.sharpness).toBeGreaterThan(1.3);
  const { parts } = planEdit(far, sizes, split!.wishes);
  expect(parts).toHaveLength(2);
  expect(intersect(parts[0]!.within, parts[1]!.within)).toBeNull();
  const price = (some: typeof parts) => priceOfParts(some, initialAsk, model, 1, 0)!.usd;
  expect(price(parts)).toBeCloseTo(price(parts.slice(0, 1)) + price(parts.slice(1)), 10);
  expect(priceOfParts(parts, initialAsk, { ...model, pricing: null }, 1, 0)).toBeNull();

  const near = erased(opened(6000, 4000), pixelRect(100, 100, 300, 300), pixelRect(450, 100, 300, 300));
  expect(editChoices(near, model).some(({ wishes }) => wishes.split)).toBe(false);
});

test('an engine that only copies is offered no other crop', () => {
  const document = erased(opened(6000, 4000), pixelRect(100, 100, 300, 300));
  expect(editChoices(document, { ...model, promptedEdits: false })).toEqual([]);
});

test('the rectangle that the user drew is what is sent', () => {
  const document = erased(opened(4000, 3000), pixelRect(1000, 1000, 100, 100));
  const rect = pixelRect(800, 800, 1600, 1024);
  const { parts } = planEdit(document, sizes, { ...NO_WISHES, rect });
  expect(parts).toMatchObject([{ plan: { rect, sent: { width: 1600, height: 1024 } } }]);
});
