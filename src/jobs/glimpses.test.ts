import { beforeEach, expect, test, vi } from 'vitest';
import { blend, type JobsApp, setup } from '../../tests/jobs/setup.ts';

let app: JobsApp;

beforeEach(() => {
  app = setup();
  app.session.setAsk({ model: 'streaming' });
});

const picture = new Blob(['unfinished']);
const glimpse = () => app.state().running[0]?.glimpse ?? null;

test('unfinished pictures that cost are asked for when they are wanted, and counted in the price', async () => {
  app.openErased();
  const spent = async () => {
    const { spent: before } = app.spending.store.getState();
    app.pass(10_000);
    const done = app.jobs.run();
    const calls = app.calls.length;
    await app.called(calls + 1);
    const price = app.spending.store.getState().spent - before;
    app.calls.at(-1)!.answer(1);
    await done;
    return price;
  };
  const without = await spent();
  expect(app.calls[0]!.fields).toMatchObject({ stream: true, partial_images: 0 });
  app.wantsUnfinished = true;
  const withThem = await spent();
  expect(app.calls[1]!.fields).toMatchObject({ stream: true, partial_images: 2 });
  expect(withThem - without).toBeCloseTo((2 * 100 * 30) / 1e6, 12);
  app.session.setAsk({ count: 2 });
  await spent();
  expect(app.calls[2]!.fields).not.toHaveProperty('stream');
});

test('an unfinished picture is a layer inside the mask that no document has, and goes with the job', async () => {
  const document = app.openErased();
  const done = app.jobs.run();
  await app.called(1);
  app.calls[0]!.sending.onPartial(picture, 1);
  await vi.waitFor(() => expect(glimpse()).toMatchObject({ k: 1, of: 0 }));
  const { over } = glimpse()!;
  expect(over).toMatchObject({ documentId: 'one', layer: { mask: blend } });
  app.calls[0]!.sending.onPartial(picture, 2);
  await vi.waitFor(() => expect(glimpse()).toMatchObject({ k: 2 }));
  expect(app.forgotten).toContain(over!.layer.image.id);
  const last = glimpse()!.over!.layer.image.id;
  expect(app.editor.document()).toBe(document);
  app.calls[0]!.answer(1);
  await done;
  expect(app.editor.document()).toBe(document);
  expect(app.forgotten).toContain(last);
  expect(app.state().groups[0]!.results).toHaveLength(1);
});

test('what is blended too late, or can not be read, is not shown', async () => {
  app.openErased();
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { blend: before } = app.codec;
  Object.assign(app.codec, {
    blend: async (...args: Parameters<typeof before>) => {
      begun.resolve();
      await gate.promise;
      return before(...args);
    },
  });
  void app.jobs.run();
  await app.called(1);
  app.calls[0]!.sending.onPartial(new Blob(['bad']), 1);
  app.calls[0]!.sending.onPartial(picture, 2);
  await begun.promise;
  app.jobs.cancel(app.state().running[0]!.id);
  gate.resolve();
  await vi.waitFor(() => expect(app.forgotten.some((id) => id.startsWith('image-'))).toBe(true));
  expect(glimpse()).toBeNull();
});

test('a generated picture is shown as it comes, as a picture of its own', async () => {
  app.session.setAsk({ mode: 'generate', prompt: 'a fox' });
  const done = app.jobs.run();
  await app.called(1);
  app.calls[0]!.sending.onPartial(picture, 1);
  expect(glimpse()).toMatchObject({ k: 1, picture, over: null });
  app.calls[0]!.answer(1);
  await done;
  expect(app.state().groups).toHaveLength(1);
});
