import { beforeEach, expect, test, vi } from 'vitest';
import { capabilities, hole, type JobsApp, opened, setup } from '../../tests/jobs/setup.ts';
import { newDocument, setFrame, setMask } from '../editor/document.ts';
import { pixelRect } from '../geometry/rect.ts';
import { joinMasks } from '../raster/combine.ts';
import { fillMask } from '../raster/invert.ts';
import type { Pending } from './pending.ts';

let app: JobsApp;

beforeEach(() => {
  app = setup();
});

/** All that the models do is done in the browser. */
const local: typeof capabilities = {
  ...capabilities,
  models: capabilities.models.map((model) => ({ ...model, local: ['edits'] })),
};
const fail = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const only = (of: JobsApp): Pending => [...of.remembered.values()][0]!;

/** The app after a reload: the same document, and what was remembered. */
function reloaded(before: JobsApp): JobsApp {
  const after = setup();
  after.editor.open(before.editor.document()!);
  after.jobs.resume(only(before));
  return after;
}

test('a request is stored before it leaves, under the key that it is sent with', async () => {
  const document = app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  const pending = only(app);
  expect(pending).toMatchObject({
    keys: [app.calls[0]!.sending.key],
    startedAt: 1_000_000,
    frozen: { document, ask: { prompt: 'a meadow' } },
  });
  expect(pending.traits.models.map(({ id }) => id)).toEqual(['model-1']);
  expect(app.state().running[0]!.stored).toBe(true);
  app.calls[0]!.answer(1);
  await done;
  await vi.waitFor(() => expect(app.remembered.size).toBe(0));
  expect(app.state().groups[0]!.id).toBe(pending.groupId);
});

test('what can not be stored is sent all the same, and said to be unsafe', async () => {
  app.canStore = false;
  app.openErased();
  void app.jobs.run();
  await app.called(1);
  expect(app.state().running[0]!.stored).toBe(false);
});

test('while its result is not stored a request is kept', async () => {
  app.isStored = false;
  app.openErased();
  await app.runAndAnswer(1);
  expect(app.state().groups).toHaveLength(1);
  expect(app.remembered.size).toBe(1);
});

test('after a reload the result is asked for by its key and blended against the document as it was', async () => {
  app.openErased();
  void app.jobs.run();
  await app.called(1);
  const { key } = app.calls[0]!.sending;
  app.editor.run('brush', setMask(hole));

  const after = reloaded(app);
  expect(after.state().running).toMatchObject([{ phase: 'waiting', startedAt: 1_000_000, stored: true }]);
  await after.called(1);
  expect(after.calls[0]!.fields).toEqual({ attach: key });
  after.calls[0]!.answer(2);
  await vi.waitFor(() => expect(after.state().running).toEqual([]));
  const [group] = after.state().groups;
  expect(group).toMatchObject({ id: only(app).groupId, results: [{}, {}], snapshot: { id: 'one' } });
  expect(after.selectedResult()!.layers[0]!.origin).toMatchObject({ kind: 'result', asked: hole });
  expect(after.spending.store.getState().spent).toBe(0);
});

test('a result that was stored already when the page went comes back as the same', async () => {
  app.isStored = false;
  app.openErased();
  await app.runAndAnswer(1);
  const [group] = app.state().groups;
  const after = setup();
  after.editor.open(app.editor.document()!);
  after.jobs.restore([group!]);
  after.jobs.resume(only(app));
  await after.called(1);
  after.calls[0]!.answer(1);
  await vi.waitFor(() => expect(after.state().running).toEqual([]));
  expect(after.state().groups.map(({ id }) => id)).toEqual([group!.id]);
  expect(after.selectedResult()!.id).toBe(group!.results[0]!.id);
});

test('a request that still runs in this page is not asked for twice', async () => {
  app.openErased();
  void app.jobs.run();
  await app.called(1);
  app.jobs.resume(only(app));
  expect(app.state().running).toHaveLength(1);
});

test('of several parts those that were sent are asked for, and the others are sent', async () => {
  app.editor.open(newDocument({ id: 'far', name: 'far', picture: { id: 'p', width: 6000, height: 4000 } }));
  const [here, there] = [pixelRect(100, 100, 300, 300), pixelRect(5500, 3600, 300, 300)];
  app.editor.run('brush', setMask(joinMasks(fillMask(here), fillMask(there))));
  app.session.setAsk({ prompt: 'a meadow' });
  app.session.setWish('automatic', true);
  void app.jobs.run();
  await app.called(1);
  const after = reloaded(app);
  await after.called(1);
  expect(after.calls[0]!.fields).toEqual({ attach: app.calls[0]!.sending.key });
  after.calls[0]!.answer(1);
  await after.called(2);
  expect(after.calls[1]!.fields).toMatchObject({ prompt: 'a meadow' });
  expect(only(after).keys).toEqual([app.calls[0]!.sending.key, after.calls[1]!.sending.key]);
  after.calls[1]!.answer(1);
  await vi.waitFor(() => expect(after.state().running).toEqual([]));
  expect(after.selectedResult()!.layers).toHaveLength(2);
});

test('of an extension the step that ran is staged, and nothing more is sent by itself', async () => {
  app.editor.open(opened('one'));
  app.editor.run('frame', setFrame(pixelRect(0, 0, 1600, 256)));
  app.session.setAsk({ prompt: 'a meadow', model: 'squares' });
  void app.jobs.run();
  await app.called(1);
  app.calls[0]!.answer(1);
  await app.called(2);
  await vi.waitFor(() => expect(app.remembered.size).toBe(1));
  const after = reloaded(app);
  await after.called(1);
  expect(after.calls[0]!.fields).toEqual({ attach: app.calls[1]!.sending.key });
  after.calls[0]!.answer(1);
  await vi.waitFor(() => expect(after.state().running).toEqual([]));
  expect(after.jobs.waiting()).toHaveLength(1);
  expect(after.editor.document()!.layers).toHaveLength(1);
  expect(after.calls).toHaveLength(1);
});

test('a cancelled request is not gone on with after a reload', async () => {
  app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  app.jobs.cancel(app.state().running[0]!.id);
  await done;
  expect(app.remembered.size).toBe(0);
});

test('a request that failed is not gone on with, but one behind a passcode is', async () => {
  app.openErased();
  const refused = app.jobs.run();
  await app.called(1);
  app.calls[0]!.fail(fail('upstream_error'));
  await refused;
  expect(app.remembered.size).toBe(0);

  const locked = app.jobs.run();
  await app.called(2);
  app.calls[1]!.sending.onLost(true);
  expect(app.state().running[0]!.lost).toBe(true);
  app.calls[1]!.fail(fail('access_required'));
  await locked;
  expect(app.remembered.size).toBe(1);
});

test('retry sends the same ask from the same document under a new key', async () => {
  const document = app.openErased();
  const failed = app.jobs.run();
  await app.called(1);
  app.calls[0]!.fail(fail('rate_limit_exceeded', { retryAfterMs: 5000, maybeBilled: true }));
  await failed;
  expect(app.state().error).toMatchObject({ repeatable: true, retryAt: 1_005_000, maybeBilled: true });
  app.session.setAsk({ prompt: 'something else' });
  app.editor.run('clear', setMask(document.mask));
  app.jobs.retry();
  expect(app.state().error).toBeNull();
  await app.called(2);
  expect(app.calls[1]!.fields).toMatchObject({ prompt: 'a meadow', seed: app.calls[0]!.fields['seed'] });
  expect(app.calls[1]!.sending.key).not.toBe(app.calls[0]!.sending.key);
  expect([...app.remembered.values()].at(-1)!.frozen.document).toBe(document);
});

test.each(['moderation_blocked', 'invalid_value', 'over_day_limit'])(
  '%s would only fail again',
  async (code) => {
    app.openErased();
    const failed = app.jobs.run();
    await app.called(1);
    app.calls[0]!.fail(fail(code));
    await failed;
    expect(app.state().error).toMatchObject({ code, repeatable: false });
    app.jobs.retry();
    expect(app.state().running).toEqual([]);
  },
);

test('what this browser makes itself is stored without a key, and made anew after a reload', async () => {
  app.capabilities = local;
  app.openErased();
  void app.jobs.run();
  await app.called(1);
  expect(only(app).keys).toEqual([]);
  expect(app.state().running[0]!.stored).toBe(true);
  const after = reloaded(app);
  await after.called(1);
  expect(after.calls[0]!.fields).toEqual(app.calls[0]!.fields);
  after.calls[0]!.sending.onProgress(0.4);
  expect(after.state().running[0]!.progress).toBe(0.4);
  after.calls[0]!.answer(1);
  await vi.waitFor(() => expect(after.state().running).toEqual([]));
  expect(after.state().groups).toMatchObject([{ id: only(app).groupId, results: [{}] }]);
});

test('what was sent to the server before is made here where this browser makes it now', async () => {
  app.openErased();
  void app.jobs.run();
  await app.called(1);
  const after = setup();
  after.editor.open(app.editor.document()!);
  after.jobs.resume({ ...only(app), traits: local });
  await after.called(1);
  expect(after.calls[0]!.fields).toMatchObject({ prompt: 'a meadow' });
  expect(after.calls[0]!.fields).not.toHaveProperty('attach');
});

test('an engine that can not be fetched is a server that is not reached', async () => {
  app.capabilities = local;
  app.canFetchEngine = false;
  app.openErased();
  await app.jobs.run();
  expect(app.state().error?.code).toBe('server_unreachable');
  expect(app.calls).toEqual([]);
});
