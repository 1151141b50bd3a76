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
const timeline = (of = page) => of.evaluate(() => window.harness.timeline());
const counts = () => page.evaluate(() => window.harness.counts());
const flush = (of = page) => of.evaluate(() => window.harness.autosave.flush());
const saved = (of = page) =>
  of.evaluate(() => {
    const { status, keepsHistory } = window.harness.autosave.store.getState();
    return { status, keepsHistory };
  });

async function reload() {
  await page.reload();
  await ready(page);
}

/** Strokes, a layer, an accepted result and a frame; then two steps back. */
const work = () =>
  page.evaluate(async () => {
    const { harness } = window;
    const { editor, jobs } = harness;
    harness.open('one');
    harness.erase(10);
    harness.addLayer('layer-1');
    harness.erase(40);
    await harness.edit('a meadow');
    await jobs.accept();
    editor.run('remove', (document) => ({ ...document, layers: document.layers.slice(1) }));
    harness.erase(60);
    editor.run('frame', (document) => ({ ...document, frame: { x: -50, y: 0, width: 700, height: 400 } }));
    editor.undo();
    editor.undo();
  });

test('a reload brings back the whole timeline, the place in it, and what can be redone', async () => {
  await work();
  const [before, shown] = [await timeline(), await state()];
  expect(before!.steps.map(({ label }) => label)).toEqual([
    'open',
    'brush',
    'accept',
    'brush',
    'accept',
    'remove',
    'brush',
    'frame',
  ]);
  expect(before!.index).toBe(5);
  await flush();
  expect(await saved()).toEqual({ status: 'saved', keepsHistory: true });
  await reload();
  expect(await timeline()).toEqual(before);
  expect(await state()).toEqual(shown);
  await page.evaluate(() => window.harness.editor.jump(7));
  expect((await state()).document).toMatchObject({ frame: { x: -50 } });
  // Undoing the accept brings the tray back, with the answers that were paid for.
  await page.evaluate(() => window.harness.editor.jump(3));
  const tray = await state();
  expect(tray.waiting).toMatchObject([{ prompt: 'a meadow', results: [{}, {}] }]);
  expect(tray.document!.layers).toHaveLength(1);
  await flush();
  await reload();
  expect(await state()).toEqual(tray);
  expect(await timeline()).toEqual({ ...before, index: 3 });
});

test('only what is new is written', async () => {
  await work();
  await flush();
  const written = await page.evaluate(async () => {
    const keys: unknown[] = [];
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      keys.push(this.name);
      return put.call(this, value, key);
    };
    window.harness.editor.redo();
    window.harness.erase(99);
    await window.harness.autosave.flush();
    return keys;
  });
  // The thumbnail is drawn anew beside it, because a layer went.
  expect(written.filter((store) => store !== 'thumbnails')).toEqual([
    'documents',
    'histories',
    'steps',
    'masks',
  ]);
});

test('a step at the last moment before the page goes is stored too', async () => {
  await work();
  await flush();
  await page.evaluate(() => {
    window.harness.erase(77);
    window.harness.erase(78);
    window.harness.editor.undo();
  });
  const before = await timeline();
  await reload();
  expect(await timeline()).toEqual(before);
});

test('a page that dies while it writes leaves the timeline as it was or as it is, never half of it', async () => {
  await work();
  await flush();
  const before = await timeline();
  const after = await page.evaluate(() => {
    window.harness.erase(88);
    void window.harness.autosave.flush();
    return window.harness.timeline();
  });
  await page.goto('chrome://crash').catch(() => undefined);
  await page.close();
  page = await ready(await context.newPage(), harness.origin);
  await page.evaluate(() => window.harness.autosave.openStored('one'));
  const now = await timeline();
  expect([before!.steps.length, after!.steps.length]).toContain(now!.steps.length);
  expect([before, after]).toContainEqual(now);
});

test('a former document comes back with its timeline, and loses it when it is removed', async () => {
  await work();
  await flush();
  const before = await timeline();
  await page.evaluate(() => window.harness.open('two'));
  await flush();
  expect(await counts()).toMatchObject({ histories: 2, steps: 9 });
  await page.evaluate(() => window.harness.autosave.openStored('one'));
  expect(await timeline()).toEqual(before);
  await page.evaluate(() => window.harness.open('three'));
  await flush();
  await page.evaluate(() => window.harness.library.remove('one'));
  expect(await counts()).toMatchObject({ histories: 2, steps: 2 });
});

test('a second tab gets a copy of the timeline, and writes to its own', async () => {
  await work();
  await flush();
  const before = await timeline();
  const other = await ready(await context.newPage(), harness.origin);
  await other.evaluate(() => window.harness.autosave.openStored('one'));
  expect(await timeline(other)).toEqual(before);
  await other.evaluate(() => {
    window.harness.editor.jump(1);
    window.harness.erase(5);
  });
  await flush(other);
  const copy = await timeline(other);
  expect(copy!.steps).toHaveLength(3);
  await reload();
  expect(await timeline()).toEqual(before);
  await other.reload();
  await ready(other);
  expect(await timeline(other)).toEqual(copy);
});

test('steps that cannot be read are left out with what lies beyond them; the document is whole', async () => {
  await work();
  await flush();
  const [before, shown] = [await timeline(), await state()];
  await page.evaluate(async () => {
    const db = await window.harness.database.get();
    const keys = await db.getAllKeys('steps');
    await db.put('steps', { version: 1, serial: 'broken' }, keys[1]!);
    await db.delete('steps', keys[7]!);
  });
  await reload();
  expect(await timeline()).toEqual({ index: 3, dropped: true, steps: before!.steps.slice(2, 7) });
  expect(await state()).toEqual(shown);
});

test.each<[string, unknown]>([
  ['a text', 'x'],
  ['a history of a newer version', { version: 99 }],
  ['a history of another moment', null],
])('with %s in the place of the history the document opens without one', async (_, value) => {
  await work();
  await flush();
  const shown = await state();
  await page.evaluate(async (broken) => {
    const db = await window.harness.database.get();
    const stored = (await db.get('histories', 'one')) as object;
    await db.put('histories', broken ?? { ...stored, savedAt: 1 }, 'one');
  }, value);
  await reload();
  expect(await state()).toEqual(shown);
  expect((await timeline())!.steps).toHaveLength(1);
  await page.evaluate(() => window.harness.erase(5));
  await flush();
  const next = await timeline();
  await reload();
  expect(await timeline()).toEqual(next);
});

test('a database from before there were histories is taken over', async () => {
  await work();
  await flush();
  const shown = await state();
  // As version 1 of the database was: none of the stores that came later, and the same records.
  await page.evaluate(async () => {
    const { harness } = window;
    const db = await harness.database.get();
    const former = ['documents', 'images', 'masks', 'thumbnails', 'arrivals'] as const;
    const all = await Promise.all(
      former.map(async (store) => [store, await db.getAllKeys(store), await db.getAll(store)] as const),
    );
    db.close();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('lacuna').onsuccess = resolve;
    });
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('lacuna', 1);
      opening.onupgradeneeded = () => {
        for (const store of former) opening.result.createObjectStore(store);
      };
      opening.onerror = reject;
      opening.onsuccess = () => {
        const tx = opening.result.transaction([...former], 'readwrite');
        for (const [store, keys, values] of all) {
          keys.forEach((key, k) => void tx.objectStore(store).put(values[k], key));
        }
        tx.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
  });
  await reload();
  expect(await state()).toEqual(shown);
  expect((await timeline())!.steps).toHaveLength(1);
  await page.evaluate(() => window.harness.erase(5));
  await flush();
  expect(await saved()).toEqual({ status: 'saved', keepsHistory: true });
  expect(await counts()).toMatchObject({ histories: 1, steps: 2 });
});

test('when storage is full the history goes first, that of other documents before the one that is open', async () => {
  const session = await context.newCDPSession(page);
  const { origin } = harness;
  // Before the first write: Chromium remembers for a while how much room there was.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
  await page.evaluate(() => {
    window.harness.open('former');
    for (let k = 0; k < 5; k++) window.harness.erase(k);
  });
  await flush();
  expect(await counts()).toMatchObject({ histories: 1, steps: 6 });
  await page.evaluate(() => {
    window.harness.open('one');
    for (let k = 0; k < 40; k++) window.harness.eraseNoise();
  });
  await flush();
  expect(await saved()).toEqual({ status: 'saved', keepsHistory: false });
  expect(await counts()).toMatchObject({ documents: 2, histories: 0, steps: 0 });
  const before = await state();
  await reload();
  expect(await state()).toEqual(before);
  expect((await timeline())!.steps).toHaveLength(1);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.evaluate(() => window.harness.erase(5));
  await flush();
  expect(await saved()).toEqual({ status: 'saved', keepsHistory: true });
  expect(await counts()).toMatchObject({ documents: 2, histories: 1, steps: 2 });
});
