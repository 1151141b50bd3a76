import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SizeRule } from '../../server/contract.ts';
import { describeModel, findModel, openaiModels } from '../../server/providers/models.ts';
import { nearestSize, sizeProblem } from '../../server/providers/sizes.ts';

const free = describeModel('gpt-image-2').sizes;
const edge = fc.integer({ min: 1, max: 16_384 });

test.each(openaiModels().map((model) => [model.id, model.sizes] as const))(
  'any picture gets a size of %s',
  (_id, rule) => {
    fc.assert(
      fc.property(edge, edge, (width, height) => {
        expect(sizeProblem(rule, nearestSize(rule, { width, height }))).toBeNull();
      }),
    );
  },
);

test('a free size keeps the shape of the picture within 3 %, and a legal one is kept', () => {
  fc.assert(
    fc.property(edge, edge, (width, height) => {
      fc.pre(Math.max(width, height) <= 2.9 * Math.min(width, height));
      const size = nearestSize(free, { width, height });
      expect(Math.abs(Math.log((size.width * height) / (size.height * width)))).toBeLessThan(0.03);
    }),
  );
  expect(nearestSize(free, { width: 1920, height: 1088 })).toEqual({ width: 1920, height: 1088 });
  expect(nearestSize(describeModel('dall-e-3').sizes, { width: 4000, height: 2000 })).toEqual({
    width: 1792,
    height: 1024,
  });
});

test.each([
  [{ width: 1000, height: 1024 }, 'multiples of 16'],
  [{ width: 3856, height: 1600 }, 'longest edge'],
  [{ width: 3840, height: 1024 }, 'ratio'],
  [{ width: 512, height: 512 }, 'minimum pixel budget'],
  [{ width: 3840, height: 3840 }, 'At most'],
])('%o is refused with its reason', (size, reason) => {
  expect(sizeProblem(free as SizeRule, size)).toContain(reason);
});

test('the end of a model makes it retiring, then retired', () => {
  const status = (day: string) =>
    findModel(openaiModels(new Date(`${day}T12:00:00Z`)), 'gpt-image-1.5')?.status;
  expect(status('2026-11-30')).toBe('retiring');
  expect(status('2026-12-01')).toBe('retired');
  expect(describeModel('gpt-image-2').status).toBe('active');
});

test('snapshots are as their model, unknown GPT image models as the family, others are not known', () => {
  const snapshot = describeModel('gpt-image-2.5-flare-2026-09-08');
  expect(snapshot).toEqual({ ...describeModel('gpt-image-2.5-flare'), id: 'gpt-image-2.5-flare-2026-09-08' });
  expect(describeModel('gpt-image-9')).toMatchObject({ status: 'unknown', responseFormat: false });
  expect(describeModel('qwen-image-edit')).toMatchObject({ status: 'unknown', responseFormat: true });
});

test('a quality is named wherever the model has several', () => {
  for (const model of openaiModels()) {
    const quality = model.defaultQuality;
    if (quality === null) expect(model.responseFormat).toBe(true);
    else expect(model.qualities).toContain(quality);
  }
});
