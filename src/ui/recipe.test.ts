import { expect, test } from 'vitest';
import { DEFAULT_BLEND } from '../blend/blendSettings.ts';
import { newLayer } from '../editor/layer.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { recipeOf } from './recipe.ts';

const picture = { id: 'p', width: 300, height: 200 };
const rect = pixelRect(-20, 0, 100, 50);
const pixels = { image: { id: 'i', width: 100, height: 50 }, rect, weights: fillMask(rect) };
const made = {
  mode: 'edit',
  prompt: 'a meadow',
  model: 'm',
  quality: null,
  at: Date.UTC(2026, 10, 25),
} as const;

test('a recipe tells what was asked, found and blended, and how many pixels changed outside', () => {
  const plan = { rect, sent: { width: 112, height: 64 }, scale: 1, padded: { right: 12, bottom: 14 } };
  const comparison = { fit: { kind: 'same' }, colour: null, spill: fillMask(rect) } as const;
  const origin = {
    kind: 'result',
    raw: pixels.image,
    sent: pixels.image,
    plan,
    asked: fillMask(rect),
    comparison,
    settings: DEFAULT_BLEND,
    made,
  } as const;
  const shown = newLayer('a', pixels, origin);
  const hidden = { ...newLayer('b', pixels, { kind: 'merged' }), visible: false };
  const stack = { frame: pixelRect(-20, 0, 320, 200), picture, layers: [shown, hidden] };
  expect(JSON.parse(recipeOf(stack, 'field', 0))).toEqual({
    app: 'Lacuna',
    version: 1,
    name: 'field',
    frame: { x: -20, y: 0, width: 320, height: 200 },
    source: { width: 300, height: 200 },
    changedOutside: 0,
    layers: [
      {
        kind: 'result',
        rect,
        mode: 'edit',
        prompt: 'a meadow',
        model: 'm',
        at: '2026-11-25T00:00:00.000Z',
        sent: { rect, width: 112, height: 64 },
        found: { fit: { kind: 'same' }, colour: null },
        blend: DEFAULT_BLEND,
      },
    ],
  });
});
