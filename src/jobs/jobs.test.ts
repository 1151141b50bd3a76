import { beforeEach, expect, test, vi } from 'vitest';
import { blend, capabilities, hole, type JobsApp, opened, setup } from '../../tests/jobs/setup.ts';
import { replaceLayer } from '../editor/document.ts';
import { pixelRect } from '../geometry/rect.ts';
import { fillMask } from '../raster/invert.ts';
import { createJobs } from './jobs.ts';
import type { ImageCodec, ImageService } from './ports.ts';

let app: JobsApp;

beforeEach(() => {
  app = setup();
});

test('an edit sends crop, mask and explicit fields, and shows its first result', async () => {
  app.openErased();
  app.session.setAsk({ count: 2, quality: 'high' });
  const done = app.jobs.run();
  expect(app.state().running).toMatchObject([{ phase: 'preparing', startedAt: 1_000_000 }]);
  await app.called(1);
  expect(app.state().running[0]!.phase).toBe('waiting');
  const { image, mask, ...fields } = app.calls[0]!.fields;
  expect(fields).toEqual({
    prompt: 'a meadow',
    model: 'model-1',
    n: 2,
    size: '256x256',
    quality: 'high',
    seed: app.state().running[0]!.seed,
    response_format: 'b64_json',
  });
  expect([await (image as Blob).text(), await (mask as Blob).text()]).toEqual(['image', 'mask']);
  app.calls[0]!.answer(2);
  await done;
  expect(app.state().running).toEqual([]);
  expect(app.state().groups).toMatchObject([{ mode: 'edit', results: [{}, {}] }]);
  expect(app.state().selected?.resultId).toBe(app.state().groups[0]!.results[0]!.id);
  expect(app.selectedResult()!.layers).toMatchObject([
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
  await vi.waitFor(() => expect(app.state().pixelLock).toEqual({ state: 'counted', outside: 0, beside: 0 }));
});

test('without an erased region the whole picture is edited, without a mask and without a count', async () => {
  app.editor.open(opened('one'));
  app.session.setAsk({ prompt: 'at night' });
  await app.runAndAnswer(1);
  expect(app.calls[0]!.fields).not.toHaveProperty('mask');
  expect(app.selectedResult()!.layers[0]!.mask).toEqual(fillMask(pixelRect(0, 0, 256, 256)));
  await app.jobs.accept();
  expect(app.counts).toEqual([]);
  expect(app.state().pixelLock).toBeNull();
});

test('accept adds the layer and empties the tray in one step; undo brings both back', async () => {
  app.openErased();
  await app.runAndAnswer(2);
  const [group] = app.state().groups;
  const accepted = app.jobs.accept();
  expect(app.editor.document()!.layers).toEqual(group!.results[0]!.layers);
  expect(app.jobs.waiting()).toEqual([]);
  expect(app.state().pixelLock).toEqual({ state: 'counting' });
  await accepted;
  expect(app.state().pixelLock).toEqual({ state: 'counted', outside: 0, beside: 0 });
  expect(app.editor.document()!.mask).toBe(hole);

  app.editor.undo();
  expect(app.editor.document()!.layers).toEqual([]);
  expect(app.jobs.waiting()).toEqual([group]);
  expect(app.state().selected).toEqual({ groupId: group!.id, resultId: group!.results[0]!.id });
  expect(app.state().pixelLock).toEqual({ state: 'counting' });
  app.editor.redo();
  expect(app.jobs.waiting()).toEqual([]);
});

test('counts against the document just before the accept, with layers that came while the job ran', async () => {
  app.openErased();
  const slow = app.jobs.run();
  await app.called(1);
  app.pass(10_000);
  await app.runAndAnswer(1);
  await app.jobs.accept();
  app.calls[0]!.answer(1);
  await slow;
  await app.jobs.accept();
  expect(app.editor.document()!.layers.length).toBe(2);
  expect(app.counts.at(-1)).toEqual({ before: 1, after: 2 });
});

test('what an accepted result changes is counted again by redo and when it is blended again; not for other changes', async () => {
  app.openErased();
  await app.runAndAnswer(1);
  await app.jobs.accept();
  const accepted = app.editor.document()!;
  app.editor.undo();
  app.editor.redo();
  await vi.waitFor(() => expect(app.state().pixelLock).toMatchObject({ state: 'counted' }));
  expect(app.counts.at(-1)).toEqual({ before: 0, after: 1 });
  const [layer] = accepted.layers;
  if (layer?.origin.kind !== 'result') throw new Error('no result');
  const settings = { ...layer.origin.settings, grow: 9 };
  app.editor.run('blend', replaceLayer({ ...layer, origin: { ...layer.origin, settings } }));
  await vi.waitFor(() => expect(app.state().pixelLock).toMatchObject({ state: 'counted' }));
  expect(app.counts.at(-1)).toEqual({ before: 1, after: 1 });
  const [blended] = app.editor.document()!.layers;
  app.editor.run('hide', replaceLayer({ ...blended!, visible: false }));
  expect(app.state().pixelLock).toBeNull();
});

test('an accept that is clicked twice adds one layer', async () => {
  app.openErased();
  await app.runAndAnswer(1);
  await Promise.all([app.jobs.accept(), app.jobs.accept()]);
  expect(app.editor.document()!.layers.length).toBe(1);
});

test('discard puts the whole tray away in one step that can be undone', async () => {
  app.openErased();
  await app.runAndAnswer(1);
  await app.runAndAnswer(2);
  expect(app.jobs.waiting().length).toBe(2);
  app.jobs.discard();
  expect(app.jobs.waiting()).toEqual([]);
  expect(app.state().selected).toBeNull();
  app.editor.undo();
  expect(app.jobs.waiting().length).toBe(2);
  expect(app.forgotten).toEqual([]);
});

test('a later job does not take the selection from a result that still waits', async () => {
  app.openErased();
  await app.runAndAnswer(2);
  const chosen = { groupId: app.state().groups[0]!.id, resultId: app.state().groups[0]!.results[1]!.id };
  app.jobs.select(chosen);
  await app.runAndAnswer(1);
  expect(app.state().selected).toEqual(chosen);
});

test('the preview ends when undo or redo settles its group', async () => {
  app.openErased();
  await app.runAndAnswer(1);
  const { selected } = app.state();
  app.jobs.discard();
  app.editor.undo();
  app.jobs.select(selected);
  app.editor.redo();
  expect(app.state().selected).toBeNull();
});

test('cancel aborts the request and leaves nothing behind', async () => {
  const document = app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  app.jobs.cancel(app.state().running[0]!.id);
  expect(app.state().running).toEqual([]);
  await done;
  expect(app.calls[0]!.signal.aborted).toBe(true);
  expect(app.state()).toMatchObject({ groups: [], error: null });
  expect(app.editor.document()).toBe(document);
});

test('a click that bounces asks once; a later click asks again', async () => {
  app.openErased();
  const first = app.jobs.run();
  expect(app.jobs.run()).toBe(first);
  await app.called(1);
  app.pass(300);
  expect(app.jobs.run()).toBe(first);
  app.pass(300);
  const second = app.jobs.run();
  expect(second).not.toBe(first);
  await app.called(2);
  expect(app.calls[0]!.fields['seed']).not.toBe(app.calls[1]!.fields['seed']);
  for (const call of app.calls) call.answer(1);
  await Promise.all([first, second]);
  expect(app.jobs.waiting().length).toBe(2);
});

test('another prompt is another ask, however fast', async () => {
  app.openErased();
  const first = app.jobs.run();
  app.session.setAsk({ prompt: 'a lake' });
  const second = app.jobs.run();
  expect(second).not.toBe(first);
  await app.called(2);
  for (const call of app.calls) call.answer(1);
  await Promise.all([first, second]);
});

test('an error is told and takes nothing with it', async () => {
  const document = app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  const details = { code: 'rate_limit_exceeded', detail: 'slow down', retryAfterMs: 5000, maybeBilled: true };
  app.calls[0]!.fail(Object.assign(new Error('x'), details));
  await done;
  expect(app.state()).toMatchObject({
    running: [],
    error: { code: 'rate_limit_exceeded', detail: 'slow down', retryAt: 1_005_000, maybeBilled: true },
  });
  expect(app.editor.document()).toBe(document);
  expect(app.session.store.getState().ask.prompt).toBe('a meadow');
  app.jobs.dismissError();
  expect(app.state().error).toBeNull();
});

test.each([
  [{ prompt: ' ' }, 'missing_required_parameter'],
  [{ prompt: 'x'.repeat(101) }, 'prompt_too_long'],
  [{ model: 'other' }, 'model_not_found'],
])('%j is refused before anything is sent', async (ask, code) => {
  app.openErased();
  app.session.setAsk(ask);
  await app.jobs.run();
  expect(app.state().error?.code).toBe(code);
  expect(app.calls).toEqual([]);
});

test('an edit with nothing open is refused', async () => {
  app.session.setAsk({ prompt: 'x' });
  await app.jobs.run();
  expect(app.state().error?.code).toBe('no_document');
});

test('a picture that cannot be read leaves the others', async () => {
  app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  const { addPicture } = app.codec;
  let tried = 0;
  const broken: ImageCodec['addPicture'] = (signal, blob) =>
    addPicture(signal, ++tried === 1 ? new Blob(['bad']) : blob);
  Object.assign(app.codec, { addPicture: broken });
  app.calls[0]!.answer(3);
  await done;
  expect(app.jobs.waiting()[0]!.results.length).toBe(2);
  expect(app.state().error?.code).toBe('undecodable');
});

test('a result whose document was left is kept for it', async () => {
  app.openErased('one');
  const done = app.jobs.run();
  await app.called(1);
  app.editor.open(opened('two'));
  app.calls[0]!.answer(2);
  await done;
  expect(app.jobs.waiting()).toEqual([]);
  expect(app.kept).toMatchObject([{ snapshot: { id: 'one' }, results: [{}, {}] }]);
});

test('a document that is opened again before its job ends gets what came meanwhile', async () => {
  const one = app.openErased('one');
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
  await app.called(1);
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
  const one = app.openErased('one');
  const jobs = createJobs({
    ...app,
    client: {
      edit: async () => ({ pictures: [new Blob(['p'])], words: null, usage: null }),
    } as unknown as ImageService,
    embedded: () => Promise.reject(),
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
  app.openErased('one');
  await app.runAndAnswer(1);
  const { groups } = app.state();
  app.editor.open(opened('two'));
  expect(app.state()).toMatchObject({ groups: [], selected: null, pixelLock: null });
  app.editor.open(opened('one'));
  app.jobs.restore(groups);
  expect(app.jobs.waiting()).toEqual(groups);
});

test('generate takes a sensible size, and the accepted picture becomes the document', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox', count: 9 });
  await app.runAndAnswer(2);
  expect(app.calls[0]!.fields).toMatchObject({ prompt: 'a fox', size: '1024x1024', n: 4 });
  expect(app.state().groups[0]).toMatchObject({ snapshot: null, asked: null });
  const shown = app.selectedResult()!;
  await app.jobs.accept();
  expect(app.openings).toEqual([shown.picture!.image]);
  expect(app.editor.document()!.picture).toEqual(shown.picture!.image);
  // The sibling was paid for, too: it stays in the tray.
  expect(app.jobs.waiting().flatMap(({ results }) => results)).toEqual(
    app.state().groups[0]!.results.filter(({ id }) => id !== shown.id),
  );
  expect(app.jobs.waiting()[0]!.results.length).toBe(1);
});

test('results that came with nothing open stay in the tray when a picture is opened', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox' });
  await app.runAndAnswer(1);
  app.editor.open(opened('one'));
  expect(app.jobs.waiting().length).toBe(1);
  app.jobs.discard();
  expect(app.jobs.waiting()).toEqual([]);
});

test('discard with nothing open can be taken back, until a picture is opened', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox' });
  await app.runAndAnswer(2);
  const { groups } = app.state();
  app.jobs.discard();
  expect(app.state().groups).toEqual([]);
  expect(app.jobs.takeBack()).toBe(true);
  expect(app.state()).toMatchObject({ groups, putAway: [], selected: { groupId: groups[0]!.id } });
  expect(app.jobs.takeBack()).toBe(false);
  app.jobs.discard();
  app.editor.open(opened('one'));
  expect(app.jobs.takeBack()).toBe(false);
  await vi.waitFor(() => expect(app.forgotten.sort()).toEqual(['raw-1', 'raw-2']));
});

test('a variation is a picture of its own and settles where it lay', async () => {
  app.openErased();
  app.session.setAsk({ mode: 'variations' });
  const settle = vi.spyOn(app.editor, 'run');
  await app.runAndAnswer(1);
  expect(app.calls[0]!.fields).not.toHaveProperty('prompt');
  expect(app.calls[0]!.fields).toMatchObject({ size: '256x256' });
  await app.jobs.accept();
  expect(settle).toHaveBeenCalledWith('accept', expect.any(Function));
  expect(app.editor.document()!.id).toMatch(/^from-/);
});

test('pictures are forgotten when another document is opened, but not before they are stored', async () => {
  app.openErased('one');
  await app.runAndAnswer(2);
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
  app.openErased('one');
  const done = app.jobs.run();
  await app.called(1);
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
