import { expect, test } from 'vitest';
import { DEFAULT_BLEND } from '../../blend/blendSettings.ts';
import type { Comparison } from '../../blend/comparison.ts';
import { type Layer, newLayer } from '../../editor/layer.ts';
import { pixelRect } from '../../geometry/rect.ts';
import { emptyMask } from '../../raster/mask.ts';
import { fitSummary, hasColour, hasSpill, isReframed } from './fitSummary.ts';

const image = { id: 'i', width: 8, height: 8 };
const rect = pixelRect(0, 0, 800, 400);
/** Sent at half the size, with padding that counts for nothing. */
const plan = { rect, sent: { width: 416, height: 208 }, scale: 0.5, padded: { right: 16, bottom: 8 } };

function layer(change: Partial<Comparison>): Layer {
  const comparison: Comparison = { fit: { kind: 'same' }, colour: null, spill: null, ...change };
  const made = { mode: 'edit', prompt: '', model: 'm', quality: null, at: 0 } as const;
  const origin = { kind: 'result', raw: image, sent: image, plan, asked: emptyMask, comparison } as const;
  return newLayer('l', { image, rect, weights: emptyMask }, { ...origin, settings: DEFAULT_BLEND, made });
}

const moved = (scale: number, shiftX: number, shiftY: number) =>
  layer({ fit: { kind: 'moved', registration: { scaleX: scale, scaleY: scale, shiftX, shiftY } } });

test('a shift is told in px of the document', () => {
  expect(fitSummary([moved(1, 1.5, 2)])).toEqual({ kind: 'moved', px: 5, percent: 0 });
});

test('what is scaled around its middle has not moved', () => {
  const fit = fitSummary([moved(1.01, -2, -1)]);
  expect(fit?.kind).toBe('moved');
  if (fit?.kind !== 'moved') return;
  expect(fit.px).toBeCloseTo(0, 9);
  expect(fit.percent).toBeCloseTo(1, 9);
});

test('of several requests the worst decides', () => {
  const reframed = layer({ fit: { kind: 'reframed' } });
  const unclear = layer({ fit: { kind: 'unclear' } });
  const same = layer({});
  expect(fitSummary([same, moved(1, 3, 0), moved(1, 1, 0)])).toMatchObject({ px: 6 });
  expect(fitSummary([same, unclear])).toEqual({ kind: 'unclear' });
  expect(fitSummary([moved(1, 3, 0), reframed])).toEqual({ kind: 'reframed' });
  expect([same, reframed].map(isReframed)).toEqual([false, true]);
});

test('what can’t be blended again tells nothing', () => {
  const merged = newLayer('m', { image, rect, weights: emptyMask }, { kind: 'merged' });
  expect(fitSummary([merged])).toBeNull();
  expect(fitSummary([])).toBeNull();
  expect([hasColour([merged]), hasSpill([merged])]).toEqual([false, false]);
});

test('colour and spill are offered where they were found', () => {
  expect([hasColour([layer({})]), hasSpill([layer({})])]).toEqual([false, false]);
  expect(hasSpill([layer({}), layer({ spill: emptyMask })])).toBe(true);
});
