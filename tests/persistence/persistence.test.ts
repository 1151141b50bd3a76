import type { BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Harness, ready, startHarness } from './harness.ts';
import type {} from './page.ts';

let harness: Harness;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  context = await harness.newContext();
  page = await ready(await context.newPage(), harness.origin);
});
afterEach(() => context.close());

const state = (of = page) => of.evaluate(() => window.harness.state());
const status = (of = page) => of.evaluate(() => window.harness.autosave.store.getState().status);
const counts = () => page.evaluate(() => window.harness.counts());
const flush = (of = page) => of.evaluate(() => window.harness.autosave.flush());

async function reload() {
  await page.reload();
  await ready(page);
}

/** A document with a layer, a mask that differs from the job's, and two results that wait. */
const work = () =>
  page.evaluate(async () => {
    const { harness } = window;
    harness.open('one');
    harness.addLayer('layer-1');
    harness.erase(10);
    await harness.edit('a meadow');
    harness.erase(40);
  });

test('a reload brings back picture, layers, mask, prompt and undecided results', async () => {
  await work();
  const before = await state();
  expect(before.waiting).toHaveLength(1);
  expect(before.document?.layers).toHaveLength(1);
  await flush();
  expect(await status()).toBe('saved');
  await reload();
  expect(await page.evaluate(() => window.restored)).toBe(true);
  expect(await state()).toEqual(before);
  await page.evaluate(async () => {
    const { jobs } = window.harness;
    const [group] = jobs.waiting();
    jobs.select({ groupId: group!.id, resultId: group!.results[1]!.id });
    await jobs.accept();
  });
  const accepted = await state();
  expect(accepted.document?.layers).toHaveLength(2);
  await flush();
  await reload();
  expect(await state()).toEqual({ ...accepted, waiting: [] });
});

test('what was changed just before the page goes is stored', async () => {
  await work();
  await flush();
  await page.evaluate(() => {
    window.harness.erase(77);
    window.harness.session.setAsk({ prompt: 'changed at the last moment' });
  });
  const before = await state();
  await reload();
  expect(await state()).toEqual(before);
});

test('a save follows a change by itself', async () => {
  await page.evaluate(() => window.harness.open('one'));
  await page.evaluate(() => window.harness.autosave.flush());
  await page.evaluate(() => window.harness.erase(5));
  await page.waitForFunction(async () => (await window.harness.counts())['masks'] === 1);
  const stored = await page.evaluate(async () => {
    const db = await window.harness.database.get();
    return (await db.getAll('documents')) as { savedAt: number }[];
  });
  expect(stored).toHaveLength(1);
});

test('masks and pictures that nothing names any more go', async () => {
  await work();
  await flush();
  // Picture, layer, what was sent, two answers and their blending; masks of the document, of the job's snapshot and of the layer.
  expect(await counts()).toMatchObject({ documents: 1, images: 7, masks: 3 });
  await page.evaluate(() => {
    window.harness.jobs.discard();
    window.harness.addLayer('layer-2');
  });
  await flush();
  // Undo brings the results back, so they stay.
  expect(await counts()).toMatchObject({ documents: 1, images: 8, steps: 6 });
  await page.evaluate(() => window.harness.editor.jump(0));
  await flush();
  expect(await counts()).toMatchObject({ documents: 1, images: 8, steps: 6 });
  await page.evaluate(() => window.harness.erase(90));
  await flush();
  // The second layer can't be redone any more; the results wait, with the document that they were made from.
  expect(await counts()).toMatchObject({ documents: 1, images: 7, masks: 3, steps: 2 });
});

test('opening another picture keeps the former one, and its tray, under Recent', async () => {
  await work();
  const former = await state();
  await page.evaluate(() => window.harness.open('two'));
  await flush();
  await page.waitForFunction(
    async () => (await window.harness.recent())[1]?.[4] === 'thumbnail of picture-one + 1',
  );
  expect(await page.evaluate(() => window.harness.recent())).toEqual([
    ['two', 'two', 600, 400, expect.any(String)],
    ['one', 'one', 600, 400, 'thumbnail of picture-one + 1'],
  ]);
  await page.evaluate(() => window.harness.autosave.openStored('one'));
  expect(await state()).toEqual(former);
  await page.evaluate(() => window.harness.library.remove('two'));
  expect(await counts()).toMatchObject({ documents: 1, images: 7, thumbnails: 1, histories: 1, steps: 4 });
});

test('two tabs hold two documents: the second gets a copy', async () => {
  await work();
  await flush();
  const other = await ready(await context.newPage(), harness.origin);
  expect(await other.evaluate(() => window.restored)).toBe(false);
  await other.evaluate(() => window.harness.autosave.openStored('one'));
  const copy = await state(other);
  const { document } = await state();
  expect(copy.document).toEqual({ ...document, id: copy.document!.id });
  expect(copy.document!.id).not.toBe('one');
  expect(copy.waiting[0]!.snapshot![0]).toBe(copy.document!.id);

  await other.evaluate(() => window.harness.erase(99));
  await flush(other);
  expect((await state()).document).toEqual(document);
  await reload();
  expect((await state()).document).toEqual(document);
  await other.reload();
  await ready(other);
  expect((await state(other)).document!.id).toBe(copy.document!.id);
});

test('a duplicated tab, which starts with the same memory, gets a copy', async () => {
  await work();
  await flush();
  const other = await context.newPage();
  await other.addInitScript(() => sessionStorage.setItem('lacuna.document', 'one'));
  await ready(other, harness.origin);
  expect(await other.evaluate(() => window.restored)).toBe(true);
  expect((await state(other)).document!.id).not.toBe('one');
  expect((await state(other)).waiting).toHaveLength(1);
});

test('a result that comes after its document was left waits for it', async () => {
  await page.evaluate(async () => {
    const { harness } = window;
    harness.open('one');
    harness.erase(10);
    harness.session.setAsk({ prompt: 'late' });
    const done = harness.jobs.run();
    while (harness.answers.length === 0) await new Promise((next) => setTimeout(next, 5));
    harness.open('two');
    harness.answers.shift()!();
    await done;
  });
  expect((await state()).waiting).toEqual([]);
  expect(await counts()).toMatchObject({ arrivals: 1 });
  await page.evaluate(() => window.harness.autosave.openStored('one'));
  const shown = await state();
  expect(shown.waiting).toMatchObject([{ prompt: 'late', results: [{}, {}] }]);
  expect(await counts()).toMatchObject({ arrivals: 0 });
  await reload();
  expect(await state()).toEqual(shown);
});

test('a request that ran when the page went is gone on with, by its key and against its document', async () => {
  await page.evaluate(async () => {
    const { harness } = window;
    harness.open('one');
    harness.addLayer('layer-1');
    harness.erase(10);
    harness.session.setAsk({ prompt: 'on the way' });
    void harness.jobs.run();
    while (harness.answers.length === 0) await new Promise((next) => setTimeout(next, 5));
    // What was sent is another document than the one that is open by the time of the reload.
    harness.editor.undo();
    harness.editor.undo();
    await harness.autosave.flush();
  });
  expect(await counts()).toMatchObject({ pending: 1 });
  const [key] = await page.evaluate(() => window.harness.keys);
  await reload();
  await page.evaluate(async () => {
    const { answers, jobs } = window.harness;
    while (answers.length === 0) await new Promise((next) => setTimeout(next, 5));
    answers.shift()!();
    while (jobs.waiting().length === 0) await new Promise((next) => setTimeout(next, 5));
  });
  expect(await page.evaluate(() => window.harness.keys)).toEqual([key]);
  const shown = await state();
  expect(shown).toMatchObject({
    document: { id: 'one', layers: [] },
    waiting: [{ prompt: 'on the way', results: [{}, {}] }],
  });
  expect(shown.waiting[0]!.snapshot![1]).toMatch(/=/);
  await expect.poll(counts).toMatchObject({ pending: 0 });
  await reload();
  expect(await state()).toEqual(shown);
});

test('a picture that is being made from text goes along with the document that is opened meanwhile', async () => {
  await page.evaluate(async () => {
    const { harness } = window;
    harness.session.setAsk({ mode: 'generate', prompt: 'a fox' });
    void harness.jobs.run();
    while (harness.answers.length === 0) await new Promise((next) => setTimeout(next, 5));
  });
  await reload();
  await page.waitForFunction(() => window.harness.answers.length === 1);
  await page.evaluate(() => window.harness.open('one'));
  await flush();
  await expect.poll(counts).toMatchObject({ pending: 1, documents: 1 });
  await reload();
  await page.waitForFunction(() => window.harness.answers.length === 1);
  await page.evaluate(() => window.harness.answers.shift()!());
  await page.waitForFunction(() => window.harness.jobs.waiting().length === 1);
  expect(await state()).toMatchObject({ document: { id: 'one' }, waiting: [{ prompt: 'a fox' }] });
});

test('a late result brings its document back when that was removed', async () => {
  await page.evaluate(async () => {
    const { harness } = window;
    harness.open('one');
    harness.erase(10);
    harness.session.setAsk({ prompt: 'late' });
    const done = harness.jobs.run();
    while (harness.answers.length === 0) await new Promise((next) => setTimeout(next, 5));
    harness.open('two');
    await harness.autosave.flush();
    await harness.library.remove('one');
    harness.answers.shift()!();
    await done;
    await harness.autosave.openStored('one');
  });
  expect(await state()).toMatchObject({ document: { name: 'one' }, waiting: [{ prompt: 'late' }] });
});

test('pictures made from text survive with nothing open, and move into the document', async () => {
  await page.evaluate(async () => {
    window.harness.session.setAsk({ mode: 'generate' });
    await window.harness.edit('a fox');
    await window.harness.autosave.flush();
  });
  const before = await state();
  await reload();
  expect(await state()).toEqual(before);
  expect(await page.evaluate(() => window.harness.recent())).toEqual([
    [expect.any(String), 'a fox', 64, 64, expect.stringMatching(/^thumbnail/)],
  ]);
  await page.evaluate(async () => {
    const { jobs, autosave } = window.harness;
    const [group] = jobs.waiting();
    jobs.select({ groupId: group!.id, resultId: group!.results[0]!.id });
    await jobs.accept();
    await autosave.flush();
  });
  // The accepted picture and its sibling, which waits in the new document's tray.
  expect(await counts()).toMatchObject({ documents: 1, images: 2 });
  const made = await state();
  await reload();
  expect(await state()).toEqual(made);
});

test('results made with nothing open move into a former document that is opened', async () => {
  await work();
  await page.evaluate(async () => {
    const { harness } = window;
    harness.editor.close();
    harness.session.setAsk({ mode: 'generate' });
    await harness.edit('a fox');
    await harness.autosave.flush();
    await harness.autosave.openStored('one');
  });
  const both = await state();
  expect(both.waiting.map(({ prompt }) => prompt)).toEqual(['a fox', 'a meadow']);
  expect(await counts()).toMatchObject({ documents: 1 });
  await reload();
  expect(await state()).toEqual(both);
});

test('a full storage is told, and saving goes on when there is room again', async () => {
  const session = await context.newCDPSession(page);
  const { origin } = harness;
  // Before the first write: Chromium remembers for a while how much room there was.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  await page.evaluate(() => window.harness.open('one'));
  await flush();
  expect(await status()).toBe('saved');
  await page.evaluate(() => window.harness.open('two', 'x'.repeat(2_000_000)));
  await flush();
  expect(await status()).toBe('full');
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.evaluate(() => window.harness.erase(5));
  await flush();
  expect(await status()).toBe('saved');
  const before = await state();
  await reload();
  expect(await state()).toEqual(before);
});

test('a refused storage is told and does not keep the app from starting', async () => {
  const private_ = await context.newPage();
  await private_.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('no', 'SecurityError');
    };
  });
  await ready(private_, harness.origin);
  await private_.evaluate(() => window.harness.open('one'));
  await flush(private_);
  expect(await status(private_)).toBe('refused');
  const refusal = private_.evaluate(() => window.harness.library.recent());
  await expect(refusal).rejects.toThrow('storage_refused');
});

test('records that cannot be read are left out, and left alone', async () => {
  await page.evaluate(async () => {
    window.harness.open('one');
    await window.harness.autosave.flush();
    const db = await window.harness.database.get();
    await db.put('documents', { version: 1, id: 'broken' }, 'broken');
    await db.put('documents', { version: 99, id: 'newer' }, 'newer');
    await db.put('images', new Blob(['of the newer one']), 'unknown');
    window.harness.erase(5);
    await window.harness.autosave.flush();
  });
  expect(await status()).toBe('saved');
  expect(await counts()).toMatchObject({ documents: 3, images: 2 });
  expect((await page.evaluate(() => window.harness.recent())).map(([id]) => id)).toEqual(['one']);
  const codes = await page.evaluate(() =>
    Promise.all(
      ['broken', 'newer', 'absent'].map((id) =>
        window.harness.autosave.openStored(id).catch((error: { code: string }) => error.code),
      ),
    ),
  );
  expect(codes).toEqual(['malformed', 'newer', 'absent']);
  expect((await state()).document?.id).toBe('one');
});

test('twenty former documents are kept, and any with undecided results', async () => {
  await work();
  for (let k = 0; k < 22; k++) {
    await page.evaluate(async (name) => {
      window.harness.open(name);
      await window.harness.autosave.flush();
    }, `n${k}`);
  }
  const ids = (await page.evaluate(() => window.harness.recent())).map(([id]) => id);
  expect(ids).toHaveLength(21);
  expect(ids.slice(0, 2)).toEqual(['n21', 'n20']);
  expect(ids.at(-1)).toBe('one');
  expect(ids).not.toContain('n0');
});

test('preferences last, and follow another tab', async () => {
  const other = await ready(await context.newPage(), harness.origin);
  await page.evaluate(() => window.harness.preferences.set({ theme: 'dark' }));
  await other.waitForFunction(() => window.harness.preferences.store.getState().theme === 'dark');
  await reload();
  expect(await page.evaluate(() => window.harness.preferences.store.getState())).toMatchObject({
    theme: 'dark',
    language: 'system',
  });
});
