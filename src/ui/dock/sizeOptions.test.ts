import { expect, test } from 'vitest';
import type { ModelCapabilities } from '../../../server/contract.ts';
import { sizeOptions, sizeText } from './sizeOptions.ts';

const model = (sizes: ModelCapabilities['sizes']): ModelCapabilities => ({
  id: 'a model',
  service: 'openai',
  status: 'active',
  shutdown: null,
  endpoints: ['generations', 'edits'],
  sizes,
  qualities: [],
  defaultQuality: null,
  maxResults: 10,
  promptMaxChars: 1000,
  input: null,
  outputFormats: ['png'],
  responseFormat: false,
  maskGrow: 4,
  promptedEdits: true,
  settings: null,
  markup: false,
  maxPartials: null,
  seed: false,
  pricing: null,
});

const fixed = model({ kind: 'fixed', values: ['auto', '1024x1024', '1536x1024'] });
const free = model({
  kind: 'free',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
  wholeUpTo: 67_108_864,
});

test('a model with fixed sizes offers those, "auto" once', () => {
  expect(sizeOptions(fixed, 'generate')).toEqual(['auto', '1024x1024', '1536x1024']);
});

test('a model with a rule offers only sizes that keep it', () => {
  const options = sizeOptions(free, 'generate');
  expect(options[0]).toBe('auto');
  expect(options).toContain('1024x1024');
  expect(options).toContain('3840x2160');
  expect(options).not.toContain('512x512');
  for (const size of options.slice(1)) {
    const [width, height] = size.split('x').map(Number);
    expect(width! % 16).toBe(0);
    expect(height! % 16).toBe(0);
    expect(width! * height!).toBeGreaterThanOrEqual(655_360);
    expect(width! * height!).toBeLessThanOrEqual(8_294_400);
  }
});

test('a small rule leaves the large sizes out', () => {
  const small = model({
    kind: 'free',
    step: 1,
    minPixels: 1,
    maxPixels: 1_048_576,
    maxEdge: 1024,
    maxRatio: 4,
    wholeUpTo: 67_108_864,
  });
  expect(sizeOptions(small, 'variations')).toEqual(['auto', '512x512', '768x768', '1024x1024']);
});

test('an edit keeps the size of the picture', () => {
  expect(sizeOptions(free, 'edit')).toEqual([]);
});

test('a size is written with a multiplication sign', () => {
  expect(sizeText('1536x1024')).toBe('1536 × 1024');
});
