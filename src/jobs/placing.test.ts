import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLayers, newDocument, removeLayer, replaceLayer } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { type Layer, type Made, newLayer, withErased } from '../editor/layer.ts';
import { contains, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import { askedRect, containedRect, createPlacing } from './placing.ts';
import type { ImageCodec } from './ports.ts';

const edge = fc.integer({ min: 1, max: 5000 });

test('a picture is placed whole inside the frame, in its middle, and never enlarged', () => {
  fc.assert(
    fc.property(edge, edge, edge, edge, fc.integer({ min: -900, max: 900 }), (w, h, fw, fh, at) => {
      const frame = pixelRect(at, -at, fw, fh);
      const rect = containedRect({ width: w, height: h }, frame);
      expect(contains(frame, rect)).toBe(true);
      expect(rect.width).toBeLessThanOrEqual(w);
      expect(rect.height).toBeLessThanOrEqual(h);
      // As large as it can be: a whole edge of the frame, or its own size.
      const full = rect.width === w && rect.height === h;
      expect(full || rect.width === fw || rect.height === fh).toBe(true);
      const offX = 2 * (rect.x - frame.x) + rect.width - fw;
      const offY = 2 * (rect.y - frame.y) + rect.height - fh;
      expect(Math.max(Math.abs(offX), Math.abs(offY))).toBeLessThanOrEqual(1);
    }),
  );
});

test('a raw answer lies where it was asked for, its padding beyond', () => {
  const plan = {
    rect: pixelRect(10, 20, 100, 50),
    sent: { width: 224, height: 128 },
    scale: 2,
    padded: { right: 24, bottom: 28 },
  };
  expect(askedRect(plan)).toEqual(pixelRect(10, 20, 112, 64));
});

const made: Made = { mode: 'generate', prompt: 'a boat', model: 'm', quality: null, at: 0 };
const raw: ImageRef = { id: 'raw', width: 80, height: 40 };

/** `stops`: scaling rejects as soon as it is aborted, as the codec's does unless it was just ready. */
function setup(stops = false) {
  const editor = createEditor();
  editor.open(newDocument({ id: 'd', name: 'd', picture: { id: 'p', width: 200, height: 100 } }));
  const fits: { readonly id: string; readonly width: number; done(): void }[] = [];
  const forgotten: string[] = [];
  const scalings: PixelRect[] = [];
  const codec = {
    fit: (signal, image, window, { width, height }, picture) =>
      new Promise<ImageRef>((resolve, reject) => {
        if (stops) signal.addEventListener('abort', () => reject(signal.reason));
        expect([image.id, window.width, window.height, picture?.id]).toEqual(['raw', 80, 40, 'p']);
        const id = `fitted-${fits.length}`;
        fits.push({ id, width, done: () => resolve({ id, width, height }) });
      }),
    scaleMask: async (_, mask, from, to) => {
      scalings.push(from, to);
      return mask;
    },
    forget: (id) => void forgotten.push(id),
  } satisfies Partial<ImageCodec> as unknown as ImageCodec;
  const placing = createPlacing({ editor, codec });
  const layer = () => editor.document()!.layers[0]!;
  return { editor, placing, fits, forgotten, scalings, layer };
}

async function placed(stops = false) {
  const app = setup(stops);
  const rect = pixelRect(60, 30, 80, 40);
  const adding = app.placing.add(raw, made, rect, ['group']);
  app.fits[0]!.done();
  const id = await adding;
  if (id === null) throw new Error('The picture was not placed.');
  return { ...app, rect, id };
}

describe('a placed picture', () => {
  test('comes with one step that settles its group, and undo takes both back', async () => {
    const { editor, placing, layer, rect, id } = await placed();
    expect(layer()).toMatchObject({ id, rect, visible: true, origin: { kind: 'placed', raw, made } });
    expect(placing.rectOf(id)).toEqual(rect);
    expect(editor.document()!.settledGroups).toEqual(new Set(['group']));
    editor.undo();
    expect(editor.document()!.layers).toEqual([]);
    expect(editor.document()!.settledGroups.size).toBe(0);
    expect(placing.rectOf(id)).toBeNull();
  });

  test('that is only moved keeps its pixels; scaled, they are made from the raw picture again', async () => {
    const { editor, placing, fits, layer, id } = await placed();
    const pixels = layer().image;
    await placing.set(id, pixelRect(-20, 5, 80, 40));
    expect(layer().image).toBe(pixels);
    expect(layer().rect).toEqual(pixelRect(-20, 5, 80, 40));
    expect(fits.length).toBe(1);
    const scaling = placing.set(id, pixelRect(0, 0, 40, 20));
    fits[1]!.done();
    await scaling;
    expect(layer().image).toEqual({ id: 'fitted-1', width: 40, height: 20 });
    editor.undo();
    expect(layer().rect).toEqual(pixelRect(-20, 5, 80, 40));
  });

  test('goes to the newest rectangle, whichever is ready first', async () => {
    const { placing, fits, forgotten, layer, id } = await placed();
    const first = placing.set(id, pixelRect(0, 0, 40, 20));
    const second = placing.set(id, pixelRect(0, 0, 20, 10));
    fits[2]!.done();
    fits[1]!.done();
    await Promise.all([first, second]);
    expect(layer().rect).toEqual(pixelRect(0, 0, 20, 10));
    expect(forgotten).toEqual(['fitted-1']);
  });

  test('that is scaled anew while it is being scaled ends as the newest says, without an error', async () => {
    const { placing, fits, layer, id } = await placed(true);
    const first = placing.set(id, pixelRect(0, 0, 40, 20));
    const second = placing.set(id, pixelRect(0, 0, 20, 10));
    fits[2]!.done();
    await expect(Promise.all([first, second])).resolves.toBeDefined();
    expect(layer().rect).toEqual(pixelRect(0, 0, 20, 10));
  });

  test('takes along what was erased of it, also meanwhile', async () => {
    const { editor, placing, scalings, layer, rect, id } = await placed();
    const hole = fillMask(pixelRect(70, 40, 10, 10));
    const larger = fillMask(pixelRect(70, 40, 20, 10));
    editor.run('erase', replaceLayer(withErased(layer(), hole)));
    const to = pixelRect(-20, 5, 80, 40);
    const moving = placing.set(id, to);
    editor.run('erase', replaceLayer(withErased(layer(), larger)));
    await moving;
    expect(scalings).toEqual([rect, to, rect, to]);
    expect(layer()).toMatchObject({ rect: to, erased: larger });
  });

  test('that is gone by then is left gone', async () => {
    const { editor, placing, fits, forgotten, id } = await placed();
    const scaling = placing.set(id, pixelRect(0, 0, 40, 20));
    editor.run('remove', removeLayer(id));
    fits[1]!.done();
    await scaling;
    expect(editor.document()!.layers).toEqual([]);
    expect(forgotten).toEqual(['fitted-1']);
  });
});

test('a picture does not come into another document', async () => {
  const { editor, placing, fits, forgotten } = setup();
  const adding = placing.add(raw, made, pixelRect(0, 0, 80, 40));
  editor.open(newDocument({ id: 'other', name: 'other', picture: { id: 'p2', width: 20, height: 10 } }));
  fits[0]!.done();
  expect(await adding).toBeNull();
  expect(editor.document()!.layers).toEqual([]);
  expect(forgotten).toEqual(['fitted-0']);
});

test('only a placed layer has a rectangle to be moved', async () => {
  const { editor, placing } = setup();
  const image = { id: 'i', width: 8, height: 8 };
  const rect = pixelRect(0, 0, 8, 8);
  const merged: Layer = newLayer('merged', { image, rect, weights: fillMask(rect) }, { kind: 'merged' });
  editor.run('merge', addLayers([merged]));
  expect(placing.rectOf('merged')).toBeNull();
  await placing.set('merged', pixelRect(1, 1, 8, 8));
  expect(editor.document()!.layers[0]!.rect).toEqual(rect);
});
