import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openaiModels } from '../../server/providers/models.ts';
import { costOf, type PricedRequest, type Pricing, priceOf } from './price.ts';
import { fixedSizes, type Size } from './size.ts';

const pricing = (id: string): Pricing => {
  const found = openaiModels().find((model) => model.id === id)?.pricing;
  if (!found) throw new Error(`${id} has no price.`);
  return found;
};
const sizeOf = (text: string): Size => fixedSizes([text])[0]!;
const asked = (size: string, quality: string | null, more: Partial<PricedRequest> = {}): PricedRequest => ({
  mode: 'generations',
  size: sizeOf(size),
  quality,
  n: 1,
  input: null,
  promptChars: 0,
  ...more,
});
const WORDS = (16 * 5) / 1e6;
/** Tokens of one made picture. */
const made = (id: string, size: string, quality: string | null) => {
  const price = priceOf(pricing(id), asked(size, quality));
  return Math.round(((price!.usd - WORDS) * 1e6) / 30);
};

const STEPS = ['low', 'medium', 'high', 'xhigh', 'max'];

test.each([
  ['1024x1024', [196, 1756, 7024], [196, 439, 1756, 3122, 7024]],
  ['1536x1024', [158, 1372, 5488], [158, 343, 1372, 2459, 5488]],
  ['1536x864', [120, 1078, 4312], [120, 280, 1078, 1917, 4312]],
  ['2048x2048', [397, 3568, 14272], [397, 892, 3568, 6343, 14272]],
  ['2048x1152', [157, 1413, 5650], [157, 367, 1413, 2511, 5650]],
  ['2560x1440', [205, 1843, 7370], [205, 478, 1843, 3276, 7370]],
  ['3840x2160', [371, 3336, 13342], [371, 865, 3336, 5930, 13342]],
] as const)('tokens of a picture of %s', (size, two, twoFive) => {
  expect(STEPS.slice(0, 3).map((step) => made('gpt-image-2', size, step))).toEqual(two);
  expect(STEPS.map((step) => made('gpt-image-2.5-flare', size, step))).toEqual(twoFive);
  const [low, medium, ...rest] = twoFive;
  expect(STEPS.map((step) => made('gpt-image-2.6-sunburst', size, step))).toEqual([
    4 * low,
    4 * medium,
    ...rest,
  ]);
});

test.each([
  ['gpt-image-1', 'low', 0.011, 0.016],
  ['gpt-image-1', 'medium', 0.042, 0.063],
  ['gpt-image-1', 'high', 0.167, 0.25],
  ['gpt-image-1-mini', 'low', 0.005, 0.006],
  ['gpt-image-1-mini', 'high', 0.036, 0.052],
  ['gpt-image-1.5', 'low', 0.009, 0.013],
  ['gpt-image-1.5', 'medium', 0.034, 0.05],
  ['chatgpt-image-latest', 'high', 0.133, 0.2],
  ['gpt-image-2', 'low', 0.006, 0.005],
  ['gpt-image-2', 'high', 0.211, 0.165],
])('%s at %s costs what is published', (id, quality, square, tall) => {
  const price = (size: string) => priceOf(pricing(id), asked(size, quality))!.usd;
  expect(price('1024x1024')).toBeCloseTo(square, 2.8);
  expect(price('1024x1536')).toBeCloseTo(tall, 2.8);
});

test('dall-e costs per picture, and says no price of a size that it does not make', () => {
  expect(priceOf(pricing('dall-e-3'), asked('1792x1024', 'hd', { n: 2 }))).toEqual({
    usd: 0.24,
    estimate: false,
  });
  expect(priceOf(pricing('dall-e-3'), asked('1024x1024', null))?.usd).toBe(0.04);
  expect(priceOf(pricing('dall-e-2'), asked('256x256', null, { promptChars: 900 }))?.usd).toBe(0.016);
  expect(priceOf(pricing('dall-e-2'), asked('1536x1024', null))).toBeNull();
  expect(priceOf(pricing('gpt-image-2'), asked('1024x1024', 'max'))).toBeNull();
  expect(costOf(pricing('dall-e-2'), { input_tokens: 1, output_tokens: 1 })).toBeNull();
});

test.each([
  [4000, 3000, 1452],
  [1024, 1024, 1024],
  [1536, 1024, 1536],
  [512, 512, 1024],
])('a sent picture of %i × %i is %i tokens', (width, height, tokens) => {
  const request = asked('1024x1024', 'high', { mode: 'edits' });
  const bare = priceOf(pricing('gpt-image-2'), request)!.usd;
  const { usd, estimate } = priceOf(pricing('gpt-image-2'), { ...request, input: { width, height } })!;
  expect(((usd - bare) * 1e6) / 8).toBeCloseTo(tokens, 6);
  expect(estimate).toBe(false);
});

test('what is measured by others or left to the service is an estimate, the dearest for "auto"', () => {
  expect(priceOf(pricing('gpt-image-2.6-flare'), asked('1024x1024', 'high'))?.estimate).toBe(true);
  expect(made('gpt-image-2.5-flare', '1024x1024', 'auto')).toBe(7024);
  expect(priceOf(pricing('gpt-image-2.5-flare'), asked('1024x1024', 'auto'))?.estimate).toBe(true);
  const sent = { mode: 'edits', input: sizeOf('1024x1024') } as const;
  const tiled = priceOf(pricing('gpt-image-1.5'), asked('1024x1024', 'high', sent));
  expect(tiled?.estimate).toBe(true);
  expect(tiled?.usd).toBeCloseTo((4160 * 32 + 16 * 5 + 194 * 8) / 1e6, 9);
});

test('a reply is billed by its tokens', () => {
  const details = {
    input_tokens: 1050,
    output_tokens: 1756,
    input_tokens_details: { text_tokens: 26, image_tokens: 1024 },
  };
  expect(costOf(pricing('gpt-image-2'), details)).toBeCloseTo(0.061002, 9);
  expect(costOf(pricing('gpt-image-2'), { input_tokens: 1000, output_tokens: 1000 })).toBeCloseTo(0.038, 9);
  const written = { ...details, output_tokens_details: { text_tokens: 100, image_tokens: 1656 } };
  expect(costOf(pricing('gpt-image-1.5'), written)).toBeCloseTo(
    (26 * 5 + 1024 * 8 + 1656 * 32 + 100 * 10) / 1e6,
    9,
  );
});

test('more pictures, more words and a picture to look at never cost less', () => {
  const model = fc.constantFrom(...openaiModels().filter(({ pricing }) => pricing?.rates));
  const count = fc.integer({ min: 1, max: 10 });
  const edge = fc.integer({ min: 1, max: 4000 });
  fc.assert(
    fc.property(model, count, count, edge, edge, ({ pricing, defaultQuality }, n, more, width, height) => {
      const request = asked('1024x1024', defaultQuality, { n, mode: 'edits', promptChars: 5 });
      const usd = (changes: Partial<PricedRequest>) => priceOf(pricing!, { ...request, ...changes })!.usd;
      expect(usd({ n: n + more })).toBeGreaterThan(usd({}));
      expect(usd({ input: { width, height } })).toBeGreaterThan(usd({}));
      expect(usd({ promptChars: 5 + more })).toBeGreaterThan(usd({}));
      expect(usd({ mode: 'generations', input: { width, height } })).toBe(usd({}));
    }),
  );
});
