import { expect, test } from 'vitest';
import { type LayerOrigin, newLayer } from '../../editor/layer.ts';
import { pixelRect } from '../../geometry/rect.ts';
import { emptyMask } from '../../raster/mask.ts';
import { layerName } from './layerName.ts';

const image = { id: 'i', width: 8, height: 8 };
const named = (origin: LayerOrigin) =>
  layerName(newLayer('l', { image, rect: pixelRect(0, 0, 8, 8), weights: emptyMask }, origin));
const placed = (prompt: string): LayerOrigin => ({
  kind: 'placed',
  raw: image,
  made: { mode: 'generate', prompt, model: 'm', quality: null, at: 0 },
});

test('a layer is called by the first words of its prompt', () => {
  expect(named(placed(' a red  boat\non the sea '))).toBe('a red boat on the sea');
  expect(named(placed('a red boat on the sea at dusk'))).toBe('a red boat on the sea …');
});

test('without words it is called by what made it', () => {
  expect(named(placed('  '))).toEqual({ key: 'layer.placed' });
  expect(named({ kind: 'merged' })).toEqual({ key: 'layer.merged' });
});
