import { beforeEach, expect, test, vi } from 'vitest';
import type { Capabilities, ModelCapabilities } from '../../server/contract.ts';
import { NO_COMPARISON } from '../blend/comparison.ts';
import type { TokenUsage } from '../blend/price.ts';
import { type Document, newDocument, replaceLayer, setFrame, setMask } from '../editor/document.ts';
import { createEditor } from '../editor/editor.ts';
import { createSession } from '../editor/session.ts';
import { pixelRect } from '../geometry/rect.ts';
import { cutMask, joinMasks } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import type { ImageRef } from '../raster/layerStack.ts';
import { uncoveredOf } from './editPlan.ts';
import type { ResultGroup } from './job.ts';
import { createJobs } from './jobs.ts';
import type { Answer, ImageCodec, ImageService } from './ports.ts';
import { createSpending } from './spending.ts';

const model: ModelCapabilities = {
  id: 'model-1',
  status: 'active',
  shutdown: null,
  endpoints: ['generations', 'edits', 'variations'],
  sizes: {
    kind: 'free',
    step: 16,
    minPixels: 4096,
    maxPixels: 4_194_304,
    maxEdge: 4096,
    maxRatio: 3,
    wholeUpTo: 67_108_864,
  },
  qualities: ['low', 'high'],
  defaultQuality: 'high',
  maxResults: 4,
  promptMaxChars: 100,
  input: { maxBytes: 1e7, square: false },
  outputFormats: ['png'],
  responseFormat: true,
  maskGrow: 4,
  promptedEdits: true,
  seed: true,
  pricing: {
    asOf: '2026-11-22',
    estimate: false,
    rates: { textIn: 5, imageIn: 8, imageOut: 30, textOut: 30 },
    output: { kind: 'grid', cells: { low: 16, high: 48 }, times: {} },
    input: null,
  },
};
/** Takes small squares only; nobody knows what it costs. */
const squares: ModelCapabilities = {
  ...model,
  id: 'squares',
  sizes: { kind: 'fixed', values: ['512x512'] },
  pricing: null,
};
const capabilities: Capabilities = {
  provider: 'openai',
  service: null,
  defaultModel: 'model-1',
  models: [model, squares],
  limits: { maxUploadBytes: 1e7, maxPixels: 1e7, maxEdge: 16_384 },
};

const picture = (id: string) => ({ id, width: 256, height: 256 });
const opened = (id: string) => newDocument({ id, name: id, picture: picture(`${id}-picture`) });
const hole = fillMask(pixelRect(64, 64, 128, 128));
const blend = fillMask(pixelRect(66, 66, 124, 124));

interface Call {
  readonly signal: AbortSignal;
  readonly fields: Record<string, unknown>;
  answer(count: number, usage?: TokenUsage): void;
  fail(error: Error): void;
}

/** The app around the jobs, with a service that answers when the test says so. */
function setup() {
  const editor = createEditor();
  const session = createSession();
  const calls: Call[] = [];
  const counts: { before: number; after: number }[] = [];
  const forgotten: string[] = [];
  const openings: ImageRef[] = [];
  const kept: ResultGroup[] = [];
  let images = 0;
  let raws = 0;
  let sent = 0;
  let time = 1_000_000;

  const codec: ImageCodec = {
    cropForService: async () => new Blob(['image']),
    askedMask: async (_, painted, uncovered) => joinMasks(painted, uncovered),
    growForService: async (_, asked) => asked,
    scaleMask: async (_, mask) => mask,
    maskForService: async () => new Blob(['mask']),
    register: (_, { width, height }) => ({ id: `sent-${++sent}`, width, height }),
    addPicture: async (_, blob) => {
      if ((await blob.text()) === 'bad') throw Object.assign(new Error('no'), { code: 'undecodable' });
      return { ref: { id: `raw-${++raws}`, width: 64, height: 64 }, proxy: { close: () => undefined } };
    },
    compare: async () => NO_COMPARISON,
    blend: async (_, { plan, asked }) => ({
      image: { id: `image-${++images}`, width: plan.rect.width, height: plan.rect.height },
      rect: plan.rect,
      weights: asked === hole ? blend : cutMask(asked, plan.rect),
    }),
    fit: async (_, image, __, { width, height }) => ({ id: `fitted-${image.id}`, width, height }),
    flatten: async (_, __, { width, height }) => ({ id: `flattened`, width, height }),
    countChanges: async (_, before, after) => {
      counts.push({ before: before.layers.length, after: after.layers.length });
      return { outside: 0, beside: 0 };
    },
    thumbnail: async () => new Blob(['thumbnail']),
    forget: (id) => void forgotten.push(id),
  };

  const call = (signal: AbortSignal, fields: object) =>
    new Promise<Answer>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(Object.assign(new Error(), { code: 'cancelled' })));
      const answer = (count: number, usage: TokenUsage | null = null) =>
        resolve({ pictures: Array.from({ length: count }, () => new Blob(['picture'])), words: null, usage });
      calls.push({ signal, fields: { ...fields }, answer, fail: reject });
    });
  const client: ImageService = { edit: call, generate: call, vary: call };

  const spending = createSpending({ load: () => null, save: () => undefined, now: () => new Date(time) });
  const jobs = createJobs({
    editor,
    session,
    spending,
    codec,
    client,
    capabilities: async () => capabilities,
    openPicture: (image) => {
      openings.push(image);
      editor.open(newDocument({ id: `from-${image.id}`, name: 'new', picture: image }));
    },
    keepForLater: async (group) => void kept.push(group),
    stored: async () => app.isStored,
    now: () => time,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return {
    editor,
    session,
    jobs,
    spending,
    codec,
    calls,
    counts,
    forgotten,
    openings,
    kept,
    pass,
    isStored: true,
  };
}

type App = ReturnType<typeof setup>;
let app: App;

beforeEach(() => {
  app = setup();
});

function openErased(id = 'one'): Document {
  app.editor.open(opened(id));
  app.editor.run('brush', setMask(hole));
  app.session.setAsk({ prompt: 'a meadow' });
  return app.editor.document()!;
}

const called = (count: number) => vi.waitFor(() => expect(app.calls.length).toBe(count));

/** Runs the present ask and answers it with `count` pictures. */
async function runAndAnswer(count: number) {
  app.pass(10_000);
  const done = app.jobs.run();
  const before = app.calls.length;
  await called(before + 1);
  app.calls.at(-1)!.answer(count);
  await done;
}

const state = () => app.jobs.store.getState();
const selectedResult = () =>
  state()
    .groups.flatMap(({ results }) => results)
    .find(({ id }) => id === state().selected?.resultId);

test('an edit sends crop, mask and explicit fields, and shows its first result', async () => {
  openErased();
  app.session.setAsk({ count: 2, quality: 'high' });
  const done = app.jobs.run();
  expect(state().running).toMatchObject([{ phase: 'preparing', startedAt: 1_000_000 }]);
  await called(1);
  expect(state().running[0]!.phase).toBe('waiting');
  const { image, mask, ...fields } = app.calls[0]!.fields;
  expect(fields).toEqual({
    prompt: 'a meadow',
    model: 'model-1',
    n: 2,
    size: '256x256',
    quality: 'high',
    seed: state().running[0]!.seed,
    response_format: 'b64_json',
  });
  expect([await (image as Blob).text(), await (mask as Blob).text()]).toEqual(['image', 'mask']);
  app.calls[0]!.answer(2);
  await done;
  expect(state().running).toEqual([]);
  expect(state().groups).toMatchObject([{ mode: 'edit', results: [{}, {}] }]);
  expect(state().selected?.resultId).toBe(state().groups[0]!.results[0]!.id);
  expect(selectedResult()!.layers).toMatchObject([
    {
      mask: blend,
      rect: { x: 0, y: 0, width: 256, height: 256 },
      origin: {
        kind: 'result',
        sent: { id: 'sent-1' },
        asked: hole,
        made: { prompt: 'a meadow', quality: 'high' },
      },
    },
  ]);
  await vi.waitFor(() => expect(state().pixelLock).toEqual({ state: 'counted', outside: 0, beside: 0 }));
});

test('without an erased region the whole picture is edited, without a mask and without a count', async () => {
  app.editor.open(opened('one'));
  app.session.setAsk({ prompt: 'at night' });
  await runAndAnswer(1);
  expect(app.calls[0]!.fields).not.toHaveProperty('mask');
  expect(selectedResult()!.layers[0]!.mask).toEqual(fillMask(pixelRect(0, 0, 256, 256)));
  await app.jobs.accept();
  expect(app.counts).toEqual([]);
  expect(state().pixelLock).toBeNull();
});

test('accept adds the layer and empties the tray in one step; undo brings both back', async () => {
  openErased();
  await runAndAnswer(2);
  const [group] = state().groups;
  const accepted = app.jobs.accept();
  expect(app.editor.document()!.layers).toEqual(group!.results[0]!.layers);
  expect(app.jobs.waiting()).toEqual([]);
  expect(state().pixelLock).toEqual({ state: 'counting' });
  await accepted;
  expect(state().pixelLock).toEqual({ state: 'counted', outside: 0, beside: 0 });
  expect(app.editor.document()!.mask).toBe(hole);

  app.editor.undo();
  expect(app.editor.document()!.layers).toEqual([]);
  expect(app.jobs.waiting()).toEqual([group]);
  expect(state().selected).toEqual({ groupId: group!.id, resultId: group!.results[0]!.id });
  expect(state().pixelLock).toEqual({ state: 'counting' });
  app.editor.redo();
  expect(app.jobs.waiting()).toEqual([]);
});

test('counts against the document just before the accept, with layers that came while the job ran', async () => {
  openErased();
  const slow = app.jobs.run();
  await called(1);
  app.pass(10_000);
  await runAndAnswer(1);
  await app.jobs.accept();
  app.calls[0]!.answer(1);
  await slow;
  await app.jobs.accept();
  expect(app.editor.document()!.layers.length).toBe(2);
  expect(app.counts.at(-1)).toEqual({ before: 1, after: 2 });
});

test('an accept that is clicked twice adds one layer', async () => {
  openErased();
  await runAndAnswer(1);
  await Promise.all([app.jobs.accept(), app.jobs.accept()]);
  expect(app.editor.document()!.layers.length).toBe(1);
});

test('discard puts the whole tray away in one step that can be undone', async () => {
  openErased();
  await runAndAnswer(1);
  await runAndAnswer(2);
  expect(app.jobs.waiting().length).toBe(2);
  app.jobs.discard();
  expect(app.jobs.waiting()).toEqual([]);
  expect(state().selected).toBeNull();
  app.editor.undo();
  expect(app.jobs.waiting().length).toBe(2);
  expect(app.forgotten).toEqual([]);
});

test('a later job does not take the selection from a result that still waits', async () => {
  openErased();
  await runAndAnswer(2);
  const chosen = { groupId: state().groups[0]!.id, resultId: state().groups[0]!.results[1]!.id };
  app.jobs.select(chosen);
  await runAndAnswer(1);
  expect(state().selected).toEqual(chosen);
});

test('the preview ends when undo or redo settles its group', async () => {
  openErased();
  await runAndAnswer(1);
  const { selected } = state();
  app.jobs.discard();
  app.editor.undo();
  app.jobs.select(selected);
  app.editor.redo();
  expect(state().selected).toBeNull();
});

test('cancel aborts the request and leaves nothing behind', async () => {
  const document = openErased();
  const done = app.jobs.run();
  await called(1);
  app.jobs.cancel(state().running[0]!.id);
  expect(state().running).toEqual([]);
  await done;
  expect(app.calls[0]!.signal.aborted).toBe(true);
  expect(state()).toMatchObject({ groups: [], error: null });
  expect(app.editor.document()).toBe(document);
});

test('a click that bounces asks once; a later click asks again', async () => {
  openErased();
  const first = app.jobs.run();
  expect(app.jobs.run()).toBe(first);
  await called(1);
  app.pass(300);
  expect(app.jobs.run()).toBe(first);
  app.pass(300);
  const second = app.jobs.run();
  expect(second).not.toBe(first);
  await called(2);
  expect(app.calls[0]!.fields['seed']).not.toBe(app.calls[1]!.fields['seed']);
  for (const call of app.calls) call.answer(1);
  await Promise.all([first, second]);
  expect(app.jobs.waiting().length).toBe(2);
});

test('another prompt is another ask, however fast', async () => {
  openErased();
  const first = app.jobs.run();
  app.session.setAsk({ prompt: 'a lake' });
  const second = app.jobs.run();
  expect(second).not.toBe(first);
  await called(2);
  for (const call of app.calls) call.answer(1);
  await Promise.all([first, second]);
});

test('an error is told and takes nothing with it', async () => {
  const document = openErased();
  const done = app.jobs.run();
  await called(1);
  const details = { code: 'rate_limit_exceeded', detail: 'slow down', retryAfterMs: 5000, maybeBilled: true };
  app.calls[0]!.fail(Object.assign(new Error('x'), details));
  await done;
  expect(state()).toMatchObject({
    running: [],
    error: { code: 'rate_limit_exceeded', detail: 'slow down', retryAt: 1_005_000, maybeBilled: true },
  });
  expect(app.editor.document()).toBe(document);
  expect(app.session.store.getState().ask.prompt).toBe('a meadow');
  app.jobs.dismissError();
  expect(state().error).toBeNull();
});

test.each([
  [{ prompt: ' ' }, 'missing_required_parameter'],
  [{ prompt: 'x'.repeat(101) }, 'prompt_too_long'],
  [{ model: 'other' }, 'model_not_found'],
])('%j is refused before anything is sent', async (ask, code) => {
  openErased();
  app.session.setAsk(ask);
  await app.jobs.run();
  expect(state().error?.code).toBe(code);
  expect(app.calls).toEqual([]);
});

test('an edit with nothing open is refused', async () => {
  app.session.setAsk({ prompt: 'x' });
  await app.jobs.run();
  expect(state().error?.code).toBe('no_document');
});

test('a picture that cannot be read leaves the others', async () => {
  openErased();
  const done = app.jobs.run();
  await called(1);
  const { addPicture } = app.codec;
  let tried = 0;
  const broken: ImageCodec['addPicture'] = (signal, blob) =>
    addPicture(signal, ++tried === 1 ? new Blob(['bad']) : blob);
  Object.assign(app.codec, { addPicture: broken });
  app.calls[0]!.answer(3);
  await done;
  expect(app.jobs.waiting()[0]!.results.length).toBe(2);
  expect(state().error?.code).toBe('undecodable');
});

test('a result whose document was left is kept for it', async () => {
  openErased('one');
  const done = app.jobs.run();
  await called(1);
  app.editor.open(opened('two'));
  app.calls[0]!.answer(2);
  await done;
  expect(app.jobs.waiting()).toEqual([]);
  expect(app.kept).toMatchObject([{ snapshot: { id: 'one' }, results: [{}, {}] }]);
});

test('a document that is opened again before its job ends gets what came meanwhile', async () => {
  const one = openErased('one');
  const { addPicture } = app.codec;
  const second = Promise.withResolvers<void>();
  let taken = 0;
  const slow: ImageCodec['addPicture'] = async (...all) => {
    if (++taken === 2) await second.promise;
    if (taken === 2) throw Object.assign(new Error('no'), { code: 'undecodable' });
    return addPicture(...all);
  };
  Object.assign(app.codec, { addPicture: slow });
  const done = app.jobs.run();
  await called(1);
  app.editor.open(opened('two'));
  app.calls[0]!.answer(2);
  await vi.waitFor(() => expect(taken).toBe(2));
  app.editor.open(one);
  expect(app.jobs.waiting()).toEqual([]);
  second.resolve();
  await done;
  expect(app.jobs.waiting()).toMatchObject([{ results: [{}] }]);
  expect(app.kept).toEqual([]);
});

test('a late result that cannot be stored waits in memory', async () => {
  const one = openErased('one');
  const jobs = createJobs({
    ...app,
    client: {
      edit: async () => ({ pictures: [new Blob(['p'])], words: null, usage: null }),
    } as unknown as ImageService,
    capabilities: async () => capabilities,
    openPicture: () => undefined,
    stored: async () => true,
    keepForLater: async () => {
      throw Object.assign(new Error('full'), { code: 'storage_full' });
    },
  });
  const done = jobs.run();
  app.editor.open(opened('two'));
  await done;
  expect(jobs.store.getState().error?.code).toBe('storage_full');
  expect(jobs.waiting()).toEqual([]);
  app.editor.open(one);
  expect(jobs.waiting().length).toBe(1);
});

test('the tray changes with the document, and what was saved can be put back', async () => {
  openErased('one');
  await runAndAnswer(1);
  const { groups } = state();
  app.editor.open(opened('two'));
  expect(state()).toMatchObject({ groups: [], selected: null, pixelLock: null });
  app.editor.open(opened('one'));
  app.jobs.restore(groups);
  expect(app.jobs.waiting()).toEqual(groups);
});

test('generate takes a sensible size, and the accepted picture becomes the document', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox', count: 9 });
  await runAndAnswer(2);
  expect(app.calls[0]!.fields).toMatchObject({ prompt: 'a fox', size: '1024x1024', n: 4 });
  expect(state().groups[0]).toMatchObject({ snapshot: null, asked: null });
  const shown = selectedResult()!;
  await app.jobs.accept();
  expect(app.openings).toEqual([shown.picture!.image]);
  expect(app.editor.document()!.picture).toEqual(shown.picture!.image);
  // The sibling was paid for, too: it stays in the tray.
  expect(app.jobs.waiting().flatMap(({ results }) => results)).toEqual(
    state().groups[0]!.results.filter(({ id }) => id !== shown.id),
  );
  expect(app.jobs.waiting()[0]!.results.length).toBe(1);
});

test('results that came with nothing open stay in the tray when a picture is opened', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox' });
  await runAndAnswer(1);
  app.editor.open(opened('one'));
  expect(app.jobs.waiting().length).toBe(1);
  app.jobs.discard();
  expect(app.jobs.waiting()).toEqual([]);
});

test('discard with nothing open can be taken back, until a picture is opened', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox' });
  await runAndAnswer(2);
  const { groups } = state();
  app.jobs.discard();
  expect(state().groups).toEqual([]);
  expect(app.jobs.takeBack()).toBe(true);
  expect(state()).toMatchObject({ groups, putAway: [], selected: { groupId: groups[0]!.id } });
  expect(app.jobs.takeBack()).toBe(false);
  app.jobs.discard();
  app.editor.open(opened('one'));
  expect(app.jobs.takeBack()).toBe(false);
  await vi.waitFor(() => expect(app.forgotten.sort()).toEqual(['raw-1', 'raw-2']));
});

test('a variation is a picture of its own and settles where it lay', async () => {
  openErased();
  app.session.setAsk({ mode: 'variations' });
  const settle = vi.spyOn(app.editor, 'run');
  await runAndAnswer(1);
  expect(app.calls[0]!.fields).not.toHaveProperty('prompt');
  expect(app.calls[0]!.fields).toMatchObject({ size: '256x256' });
  await app.jobs.accept();
  expect(settle).toHaveBeenCalledWith('accept', expect.any(Function));
  expect(app.editor.document()!.id).toMatch(/^from-/);
});

test('pictures are forgotten when another document is opened, but not before they are stored', async () => {
  openErased('one');
  await runAndAnswer(2);
  await app.jobs.accept();
  app.isStored = false;
  app.editor.open(opened('two'));
  await Promise.resolve();
  expect(app.forgotten).toEqual([]);
  app.isStored = true;
  app.editor.open(opened('three'));
  await vi.waitFor(() =>
    expect(app.forgotten.toSorted()).toEqual([
      'image-1',
      'image-2',
      'one-picture',
      'raw-1',
      'raw-2',
      'sent-1',
      'two-picture',
    ]),
  );
});

test('pictures of a document that a running job froze stay until it has ended', async () => {
  openErased('one');
  const done = app.jobs.run();
  await called(1);
  app.editor.open(opened('two'));
  app.editor.open(opened('three'));
  await vi.waitFor(() => expect(app.forgotten).toEqual(['two-picture']));
  app.calls[0]!.answer(1);
  await done;
  app.editor.open(opened('four'));
  await vi.waitFor(() =>
    expect(app.forgotten.toSorted()).toEqual([
      'image-1',
      'one-picture',
      'raw-1',
      'sent-1',
      'three-picture',
      'two-picture',
    ]),
  );
});

/** A picture whose frame needs several requests of at most 1024 × 1024. */
function openExtended() {
  app.editor.open(opened('one'));
  app.editor.run('frame', setFrame(pixelRect(0, 0, 2600, 256)));
  app.session.setAsk({ prompt: 'a beach', model: 'squares' });
}

async function answerSteps(count: number) {
  for (let k = 0; k < count; k++) {
    const before = app.calls.length;
    app.calls.at(-1)!.answer(1);
    if (k + 1 < count) await called(before + 1);
  }
}

test('a frame that is too large for one request is extended step by step, each a step of the history', async () => {
  openExtended();
  app.session.setAsk({ count: 3 });
  const done = app.jobs.run();
  await called(1);
  const { of } = state().running[0]!.step!;
  expect(of).toBeGreaterThan(2);
  expect(app.calls[0]!.fields).toMatchObject({ n: 1, size: '512x512' });
  await answerSteps(of);
  await done;
  expect(app.calls).toHaveLength(of);
  const document = app.editor.document()!;
  expect(document.layers).toHaveLength(of);
  expect(uncoveredOf(document).tiles.size).toBe(0);
  expect(app.jobs.waiting()).toEqual([]);
  for (let left = of; left > 0; left--) {
    expect(app.editor.store.getState().undoLabel).toBe('extend');
    app.editor.undo();
    expect(app.editor.document()!.layers).toHaveLength(left - 1);
  }
});

test('what an extension has done stays after cancel or an error, and running again does the rest', async () => {
  openExtended();
  const first = app.jobs.run();
  await called(1);
  const { of } = state().running[0]!.step!;
  app.calls[0]!.answer(1);
  await called(2);
  app.jobs.cancel(state().running[0]!.id);
  await first;
  expect(app.editor.document()!.layers).toHaveLength(1);

  app.pass(10_000);
  const second = app.jobs.run();
  await called(3);
  expect(state().running[0]!.step).toEqual({ k: 1, of: of - 1 });
  app.calls[2]!.fail(Object.assign(new Error('x'), { code: 'upstream_error' }));
  await second;
  expect(state().error?.code).toBe('upstream_error');
  expect(app.editor.document()!.layers).toHaveLength(1);

  app.pass(10_000);
  const third = app.jobs.run();
  await called(4);
  await answerSteps(of - 1);
  await third;
  expect(app.calls).toHaveLength(3 + of - 1);
  expect(app.editor.document()!.layers).toHaveLength(of);
});

test('an extension stops when its document is left, and its last answer waits there', async () => {
  openExtended();
  const done = app.jobs.run();
  await called(1);
  app.editor.open(opened('two'));
  app.calls[0]!.answer(1);
  await done;
  expect(app.calls).toHaveLength(1);
  expect(app.kept).toMatchObject([{ snapshot: { id: 'one' }, results: [{}] }]);
  expect(app.editor.document()!.layers).toEqual([]);
});

test('what an accepted result changes is counted again by redo and when it is blended again; not for other changes', async () => {
  openErased();
  await runAndAnswer(1);
  await app.jobs.accept();
  const accepted = app.editor.document()!;
  app.editor.undo();
  app.editor.redo();
  await vi.waitFor(() => expect(state().pixelLock).toMatchObject({ state: 'counted' }));
  expect(app.counts.at(-1)).toEqual({ before: 0, after: 1 });
  const [layer] = accepted.layers;
  if (layer?.origin.kind !== 'result') throw new Error('no result');
  const settings = { ...layer.origin.settings, grow: 9 };
  app.editor.run('blend', replaceLayer({ ...layer, origin: { ...layer.origin, settings } }));
  await vi.waitFor(() => expect(state().pixelLock).toMatchObject({ state: 'counted' }));
  expect(app.counts.at(-1)).toEqual({ before: 1, after: 1 });
  const [blended] = app.editor.document()!.layers;
  app.editor.run('hide', replaceLayer({ ...blended!, visible: false }));
  expect(state().pixelLock).toBeNull();
});

test('an extension ends when its last step is undone meanwhile; the answer that comes then waits in the tray', async () => {
  openExtended();
  const done = app.jobs.run();
  await called(1);
  app.calls[0]!.answer(1);
  await called(2);
  app.editor.undo();
  app.calls[1]!.answer(1);
  await done;
  expect(app.calls).toHaveLength(2);
  expect(app.editor.document()!.layers).toEqual([]);
  expect(app.editor.store.getState().redoLabel).toBe('extend');
  expect(app.jobs.waiting()).toMatchObject([{ results: [{}] }]);
});

test('what was answered of a step that fails after it waits in the tray', async () => {
  openExtended();
  app.editor.run('brush', setMask(hole));
  const done = app.jobs.run();
  await called(1);
  const { of } = state().running[0]!.step!;
  await answerSteps(of);
  // The last step has a request of its own for what was erased beside it.
  await called(of + 1);
  app.calls[of]!.fail(Object.assign(new Error('x'), { code: 'upstream_error' }));
  await done;
  expect(state().error?.code).toBe('upstream_error');
  expect(app.editor.document()!.layers).toHaveLength(of - 1);
  expect(app.jobs.waiting()).toMatchObject([{ results: [{ layers: [{}] }] }]);
});

test('far-apart parts are sent one after the other and accepted as one result', async () => {
  app.editor.open(newDocument({ id: 'wide', name: 'w', picture: { id: 'w', width: 4000, height: 400 } }));
  const holes = [pixelRect(50, 50, 100, 100), pixelRect(3800, 200, 100, 100)].map(fillMask);
  app.editor.run('brush', setMask(holes.reduce(joinMasks)));
  app.session.setAsk({ prompt: 'a meadow', model: 'squares', count: 2 });
  app.session.setWish('automatic', true);
  const done = app.jobs.run();
  await called(1);
  app.calls[0]!.answer(2);
  await called(2);
  app.calls[1]!.answer(2);
  await done;
  expect(app.jobs.waiting()).toMatchObject([{ results: [{ layers: [{}, {}] }, { layers: [{}, {}] }] }]);
  await app.jobs.accept();
  expect(app.editor.document()!.layers).toHaveLength(2);
  app.editor.undo();
  expect(app.editor.document()!.layers).toEqual([]);
});

test.each([
  [{ perRequest: 0.01 }, {}, 'over_request_limit'],
  [{ perDay: 0.03 }, {}, 'over_day_limit'],
  [{ perDay: 5 }, { model: 'squares' }, 'price_unknown'],
])('with the limits %j nothing is sent that breaks them', async (limits, ask, code) => {
  openErased();
  app.session.setAsk(ask);
  app.spending.setLimits(limits);
  await app.jobs.run();
  expect(state().error?.code).toBe(code);
  expect(app.calls).toEqual([]);
  expect(app.spending.store.getState().spent).toBe(0);
});

test('an estimate is held until the bill is known, and given back when nothing was made', async () => {
  openErased();
  const spent = () => app.spending.store.getState().spent;
  const first = app.jobs.run();
  await called(1);
  const estimate = spent();
  expect(estimate).toBeGreaterThan(0.03);
  app.calls[0]!.fail(Object.assign(new Error('x'), { code: 'moderation_blocked' }));
  await first;
  expect(spent()).toBe(0);

  app.pass(10_000);
  const second = app.jobs.run();
  await called(2);
  app.calls[1]!.fail(Object.assign(new Error('x'), { code: 'upstream_timeout', maybeBilled: true }));
  await second;
  expect(spent()).toBeCloseTo(estimate, 10);

  app.pass(10_000);
  const third = app.jobs.run();
  await called(3);
  const usage = { input_tokens: 1000, output_tokens: 2000, input_tokens_details: { image_tokens: 1000 } };
  app.calls[2]!.answer(1, usage);
  await third;
  expect(spent()).toBeCloseTo(estimate + (1000 * 8 + 2000 * 30) / 1e6, 10);
});
