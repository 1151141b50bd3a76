import { expect, test } from 'vitest';
import { addLayers, mergeLayers, newDocument, replaceLayer, setMask } from '../editor/document.ts';
import { newLayer } from '../editor/layer.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { emptyMask } from '../raster/mask.ts';
import { resultInViewAfter } from './useResultInView.ts';

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
  expect(resultInViewAfter(masked, opened, false)).toBe(false);
  expect(resultInViewAfter(setMask(emptyMask)(accepted), accepted, false)).toBe(false);
});

test('Accept shows the new pixels, taking it back shows the hole or the waiting results', () => {
  expect(resultInViewAfter(accepted, masked, false)).toBe(true);
  expect(resultInViewAfter(masked, accepted, false)).toBe(false);
  expect(resultInViewAfter(masked, accepted, true)).toBe(true);
});

test('a stored document opens as it was left', () => {
  expect(resultInViewAfter(accepted, null, false)).toBe(true);
  const erasedBeside = setMask(fillMask(opened.frame))(accepted);
  expect(resultInViewAfter(erasedBeside, null, false)).toBe(false);
  expect(resultInViewAfter(masked, null, false)).toBe(false);
  expect(resultInViewAfter(masked, null, true)).toBe(true);
});

test('what concerns neither leaves the look alone', () => {
  expect(resultInViewAfter({ ...masked, settledGroups: new Set(['g']) }, masked, false)).toBeNull();
});

test('a layer that is hidden, erased or moved leaves the look alone; merging shows the pixels', () => {
  const hidden = replaceLayer({ ...layer, visible: false })(accepted);
  expect(resultInViewAfter(hidden, accepted, false)).toBeNull();
  expect(resultInViewAfter(accepted, hidden, false)).toBeNull();
  const merged = mergeLayers(['layer'], { ...layer, id: 'merged' })(accepted);
  expect(resultInViewAfter(merged, accepted, false)).toBe(true);
  expect(resultInViewAfter(accepted, merged, false)).toBe(true);
});
