import { expect, test } from 'vitest';
import { addLayers, mergeLayers, newDocument, replaceLayer, setMask } from '../editor/document.ts';
import { newLayer } from '../editor/layer.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { emptyMask } from '../raster/mask.ts';
import { lookAfter } from './useMaskLook.ts';

const picture = { id: 'picture', width: 8, height: 8 };
const opened = newDocument({ id: 'a', name: 'a', picture });
const masked = setMask(fillMask(pixelRect(0, 0, 8, 4)))(opened);
const layer = newLayer(
  'layer',
  { image: picture, rect: opened.frame, weights: fillMask(pixelRect(0, 0, 8, 4)) },
  { kind: 'merged' },
);
const accepted = addLayers([layer])(masked);

test('painting shows the hole, also over an accepted result', () => {
  expect(lookAfter(masked, opened, false)).toBe('erased');
  expect(lookAfter(setMask(emptyMask)(accepted), accepted, false)).toBe('erased');
});

test('Accept shows the new pixels, taking it back shows the hole or the waiting results', () => {
  expect(lookAfter(accepted, masked, false)).toBe('outline');
  expect(lookAfter(masked, accepted, false)).toBe('erased');
  expect(lookAfter(masked, accepted, true)).toBe('outline');
});

test('a stored document opens as it was left', () => {
  expect(lookAfter(accepted, null, false)).toBe('outline');
  const erasedBeside = setMask(fillMask(opened.frame))(accepted);
  expect(lookAfter(erasedBeside, null, false)).toBe('erased');
  expect(lookAfter(masked, null, false)).toBe('erased');
  expect(lookAfter(masked, null, true)).toBe('outline');
});

test('what concerns neither leaves the look alone', () => {
  expect(lookAfter({ ...masked, settledGroups: new Set(['g']) }, masked, false)).toBeNull();
});

test('a layer that is hidden, erased or moved leaves the look alone; merging shows the pixels', () => {
  const hidden = replaceLayer({ ...layer, visible: false })(accepted);
  expect(lookAfter(hidden, accepted, false)).toBeNull();
  expect(lookAfter(accepted, hidden, false)).toBeNull();
  const merged = mergeLayers(['layer'], { ...layer, id: 'merged' })(accepted);
  expect(lookAfter(merged, accepted, false)).toBe('outline');
  expect(lookAfter(accepted, merged, false)).toBe('outline');
});
