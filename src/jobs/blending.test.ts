import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BlendSettings, DEFAULT_BLEND } from '../blend/blendSettings.ts';
import { NO_COMPARISON } from '../blend/comparison.ts';
import { addLayers, newDocument, setMask } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { type Layer, newLayer } from '../editor/layer.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { type BlendTarget, createBlending } from './blending.ts';
import type { BlendRequest } from './ports.ts';

const rect = pixelRect(0, 0, 64, 64);
const picture = { id: 'picture', width: 64, height: 64 };
const plan = { rect, sent: rect, scale: 1, padded: { right: 0, bottom: 0 } };
const made = { mode: 'edit', prompt: '', model: 'm', quality: null, at: 0 } as const;
const asked = fillMask(pixelRect(8, 8, 40, 40));

const pixels = (id: string) => ({ image: { id: `${id}-0`, width: 64, height: 64 }, rect, weights: asked });

const result = (id: string): Layer =>
  newLayer(id, pixels(id), {
    kind: 'result',
    raw: { id: 'raw', width: 64, height: 64 },
    sent: { id: 'sent', width: 64, height: 64 },
    plan,
    asked,
    comparison: NO_COMPARISON,
    settings: DEFAULT_BLEND,
    made,
  });

function setup() {
  const editor = createEditor();
  editor.open(newDocument({ id: 'd', name: 'd', picture }));
  editor.run('accept', addLayers([newLayer('below', pixels('below'), { kind: 'merged' }), result('top')]));
  const requests: BlendRequest[] = [];
  const forgotten: string[] = [];
  const errors: unknown[] = [];
  let gate: Promise<void> | null = null;
  let images = 0;
  const blending = createBlending({
    editor,
    codec: {
      blend: async (_, request) => {
        requests.push(request);
        await gate;
        const { feather, grow } = request.settings;
        if (feather === 13) throw new Error('no');
        if (app.reuse && request.former) return { ...request.former, weights: asked };
        return {
          image: { id: `blended-${++images}`, width: 64, height: 64 },
          rect,
          weights: fillMask(pixelRect(8, 8, 30 + grow, 30)),
        };
      },
      forget: (id) => void forgotten.push(id),
    },
    layersOfResult: ({ resultId }) =>
      resultId === 'r' ? (editor.document()?.reblended.get('r') ?? [result('waiting')]) : null,
    onError: (error) => void errors.push(error),
  });
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return () => {
      gate = null;
      resolve();
    };
  };
  const settings = (): readonly BlendSettings[] =>
    editor.document()!.layers.flatMap(({ origin }) => (origin.kind === 'result' ? origin.settings : []));
  return { editor, blending, requests, forgotten, errors, hold, settings, reuse: false };
}

let app: ReturnType<typeof setup>;
beforeEach(() => {
  vi.useFakeTimers();
  app = setup();
});
afterEach(() => vi.useRealTimers());

const layer: BlendTarget = { kind: 'layer', id: 'top' };
const waiting: BlendTarget = { kind: 'result', groupId: 'g', resultId: 'r' };

test('a move of a slider is previewed; after a rest it is one step of the history that undo takes back', async () => {
  const { blending, editor } = app;
  blending.adjust(layer, { feather: 20 });
  await vi.advanceTimersByTimeAsync(10);
  blending.adjust(layer, { feather: 30 });
  await vi.advanceTimersByTimeAsync(10);
  expect(blending.store.getState()).toMatchObject({
    settings: { feather: 30 },
    preview: { target: layer, layers: [{ id: 'top', image: { id: 'blended-2' } }] },
  });
  expect(app.settings()[0]!.feather).toBe(8);
  // What only the first preview showed is given back.
  expect(app.forgotten).toEqual(['blended-1']);

  await vi.advanceTimersByTimeAsync(600);
  expect(blending.store.getState()).toEqual({ settings: null, preview: null });
  expect(app.settings()[0]!.feather).toBe(30);
  expect(editor.store.getState().undoLabel).toBe('blend');
  editor.undo();
  expect(app.settings()[0]!.feather).toBe(8);
  expect(editor.store.getState().undoLabel).toBe('accept');
});

test('while one blending is computed only the newest of the others is', async () => {
  const release = app.hold();
  for (const feather of [10, 11, 12, 14]) app.blending.adjust(layer, { feather });
  await vi.advanceTimersByTimeAsync(10);
  expect(app.requests.map(({ settings }) => settings.feather)).toEqual([10]);
  release();
  await vi.advanceTimersByTimeAsync(10);
  expect(app.requests.map(({ settings }) => settings.feather)).toEqual([10, 14]);
});

test('a layer is blended over what lies below it, a waiting result over everything', async () => {
  app.blending.adjust(layer, { grow: 2 });
  await vi.advanceTimersByTimeAsync(600);
  app.blending.adjust(waiting, { grow: 2 });
  await vi.advanceTimersByTimeAsync(600);
  expect(app.requests.map(({ below }) => below.layers.map(({ id }) => id))).toEqual([
    ['below'],
    ['below', 'top'],
  ]);
  expect(app.editor.document()!.reblended.get('r')).toMatchObject([{ id: 'waiting' }]);
  app.editor.undo();
  expect(app.editor.document()!.reblended.get('r')).toBeUndefined();
});

test('undo in mid-change drops it; a stroke does not', async () => {
  app.blending.adjust(layer, { grow: 5 });
  await vi.advanceTimersByTimeAsync(10);
  app.editor.run('brush', setMask(asked));
  expect(app.blending.store.getState().preview).not.toBeNull();
  app.editor.undo();
  app.editor.undo();
  expect(app.blending.store.getState()).toEqual({ settings: null, preview: null });
  await vi.advanceTimersByTimeAsync(600);
  expect(app.editor.store.getState().canUndo).toBe(false);
});

test('settings that come back to where they were make no step', async () => {
  app.blending.adjust(layer, { grow: 5 });
  await vi.advanceTimersByTimeAsync(10);
  app.blending.adjust(layer, { grow: 0 });
  const document = app.editor.document();
  await app.blending.settle();
  expect(app.editor.document()).toBe(document);
  expect(app.forgotten).toEqual(['blended-1', 'blended-2']);
});

test('a failure is told and leaves the layer as it was', async () => {
  app.blending.adjust(layer, { feather: 13 });
  await vi.advanceTimersByTimeAsync(600);
  expect(app.errors).toHaveLength(1);
  expect(app.blending.store.getState()).toEqual({ settings: null, preview: null });
  expect(app.settings()[0]!.feather).toBe(8);
});

test('settling waits for what is still computed', async () => {
  const release = app.hold();
  app.blending.adjust(layer, { feather: 40 });
  const settled = app.blending.settle();
  await vi.advanceTimersByTimeAsync(10);
  expect(app.settings()[0]!.feather).toBe(8);
  release();
  await settled;
  expect(app.settings()[0]!.feather).toBe(40);
});

test('a redo in mid-change leaves the pictures that undo goes back to', async () => {
  app.blending.adjust(layer, { feather: 20 });
  await app.blending.settle();
  app.editor.undo();
  app.reuse = true;
  app.blending.adjust(layer, { grow: 3 });
  await vi.advanceTimersByTimeAsync(10);
  expect(app.blending.store.getState().preview?.layers[0]?.image.id).toBe('top-0');
  app.editor.redo();
  expect(app.forgotten).toEqual([]);
});

test('another document in mid-change drops it, and only what was made for it is forgotten', async () => {
  app.blending.adjust(layer, { feather: 20 });
  await vi.advanceTimersByTimeAsync(10);
  app.editor.open(newDocument({ id: 'e', name: 'e', picture }));
  expect(app.forgotten).toEqual(['blended-1']);
  expect(app.blending.store.getState()).toEqual({ settings: null, preview: null });
});

test('a change that follows another target at once is not lost', async () => {
  const release = app.hold();
  app.blending.adjust(layer, { feather: 20 });
  app.blending.adjust(waiting, { feather: 30 });
  const settled = app.blending.settle();
  release();
  await settled;
  const [blended] = app.editor.document()!.reblended.get('r')!;
  expect(blended!.origin).toMatchObject({ settings: { feather: 30 } });
});
