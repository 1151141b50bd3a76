import { expect, test } from 'vitest';
import type { Pixels } from '../pictures.ts';
import { changedPixels, decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const at = appAndBrowser();

/** The app whose server can be asked for no picture; what was tried is told. */
async function openAlone() {
  const lacuna = await LacunaPage.open(at.browser, at.url);
  const tried: string[] = [];
  await lacuna.page.route(/\/(v1|api\/jobs)\//, (route) => {
    tried.push(route.request().url());
    return route.abort();
  });
  return { lacuna, tried };
}

/** A picture with a stroke of 60 px across its middle. */
async function openErased(lacuna: LacunaPage, width = 600, height = 420) {
  const original = landscape(width, height);
  await lacuna.openPicture('field.png', await pngOf(original));
  await lacuna.setBrush(60);
  await lacuna.stroke([
    { x: width * 0.3, y: height * 0.4 },
    { x: width * 0.5, y: height * 0.5 },
  ]);
  await lacuna.test('prompt').fill('an empty field');
  return original;
}

async function wantResults(lacuna: LacunaPage, count: number) {
  await lacuna.test('settings').click();
  await lacuna.page.getByLabel('Number of results').fill(String(count));
  await lacuna.page.keyboard.press('Escape');
}

/** Accepts the first result; nothing outside the mask differs from the original, and much inside does. */
async function expectFilled(lacuna: LacunaPage, original: Pixels) {
  await lacuna.test('accept').click();
  await lacuna.page.getByText('0 pixels changed outside the mask').first().waitFor({ timeout: 20_000 });
  const mask = await decode((await lacuna.saved('export-mask')).bytes);
  const file = await decode((await lacuna.saved('download')).bytes);
  const outside = (index: number) => mask.data[index * 4] === 0;
  expect(changedPixels(original, file, outside)).toBe(0);
  expect(changedPixels(original, file, (index) => !outside(index))).toBeGreaterThan(1000);
}

test('the main job needs no server: three results, and none changes a pixel outside the mask', async () => {
  const { lacuna, tried } = await openAlone();
  const original = await openErased(lacuna);
  await wantResults(lacuna, 3);
  await lacuna.test('run').click();
  await lacuna.test('result-2').waitFor({ timeout: 60_000 });
  await expectFilled(lacuna, original);
  expect(tried).toEqual([]);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('what an edit comes to is said before it is run', async () => {
  const { lacuna } = await openAlone();
  await lacuna.openPicture('field.png', await pngOf(landscape(600, 420)));
  const note = lacuna.page.locator('.dock-note');
  await note.filter({ hasText: 'Nothing is erased yet' }).waitFor();
  await lacuna.stroke([
    { x: 100, y: 100 },
    { x: 200, y: 100 },
  ]);
  await note.filter({ hasText: 'fills from the rest of the picture' }).waitFor();
  await lacuna.close();
});

test('nothing is painted blindly under a generated picture, and where the former picture goes is said', async () => {
  const { lacuna } = await openAlone();
  await lacuna.openPicture('field.png', await pngOf(landscape(600, 420)));
  await lacuna.test('mode-generate').click();
  await lacuna.test('prompt').fill('sea at night');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  const across = [
    { x: 200, y: 200 },
    { x: 300, y: 200 },
  ];
  await lacuna.stroke(across);
  expect((await lacuna.document())!.maskBounds).toBeNull();
  // The picture itself, and the brush is back.
  await lacuna.page.getByRole('button', { name: 'Original', exact: true }).click();
  await lacuna.stroke(across);
  await expect.poll(async () => (await lacuna.document())!.maskBounds).not.toBeNull();
  await lacuna.test('result-0').getByRole('button').click();
  await lacuna.test('accept').click();
  await lacuna.page.getByText('The one before is kept under Recent').waitFor();
  await lacuna.close();
});

test('once the page has what it needs the whole server may go', async () => {
  const lacuna = await LacunaPage.open(at.browser, at.url);
  await Promise.all([
    lacuna.page.waitForResponse(/assets\/runJob-/),
    lacuna.page.waitForResponse(/assets\/engine-/),
    lacuna.page.waitForEvent('worker', { predicate: (worker) => /assets\/worker-/.test(worker.url()) }),
  ]);
  await lacuna.page.context().setOffline(true);
  await openErased(lacuna);
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.close();
});

test('unfinished pictures and the progress are shown on the way', async () => {
  const { lacuna } = await openAlone();
  await openErased(lacuna, 1600, 1200);
  await lacuna.setBrush(300);
  await lacuna.stroke([
    { x: 400, y: 300 },
    { x: 1200, y: 900 },
  ]);
  await lacuna.test('run').click();
  await lacuna.page.getByRole('progressbar', { name: 'Unfinished picture 1 of 2' }).waitFor();
  const bar = lacuna.page.getByRole('progressbar');
  await expect.poll(() => bar.getAttribute('aria-valuetext')).toMatch(/^\d+%$/);
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.close();
});

test('cancel ends the worker, and the next request is made', async () => {
  const { lacuna } = await openAlone();
  await openErased(lacuna, 2400, 1800);
  await lacuna.setBrush(700);
  await lacuna.stroke([
    { x: 600, y: 400 },
    { x: 1800, y: 1400 },
  ]);
  const before = lacuna.page.workers().length;
  await lacuna.test('run').click();
  await lacuna.page.locator('[role=progressbar][aria-valuetext$="%"]').waitFor();
  await lacuna.test('cancel').click();
  // The one that was started ahead is the one that was used. Chromium lets a busy worker go on for 2 s.
  await expect.poll(() => lacuna.page.workers().length, { timeout: 6000 }).toBeLessThanOrEqual(before);
  expect(await lacuna.test('result-0').count()).toBe(0);
  expect(await lacuna.test('error').count()).toBe(0);
  await lacuna.page.keyboard.press('Escape');
  await lacuna.test('undo').click();
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.close();
});

test('a reload in the middle begins the run anew, and its result comes', async () => {
  const { lacuna, tried } = await openAlone();
  const original = await openErased(lacuna, 1600, 1200);
  await lacuna.setBrush(400);
  await lacuna.stroke([
    { x: 500, y: 400 },
    { x: 1100, y: 800 },
  ]);
  await lacuna.test('run').click();
  await lacuna.page.locator('[role=progressbar][aria-valuetext$="%"]').waitFor();
  expect(await lacuna.test('result-0').count()).toBe(0);
  await lacuna.page.reload();
  await lacuna.ready();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await expectFilled(lacuna, original);
  expect(tried).toEqual([]);
  await lacuna.close();
});

test('a sketch from words says which of them it used', async () => {
  const { lacuna, tried } = await openAlone();
  await lacuna.test('mode-generate').click();
  await lacuna.test('prompt').fill('A red sun over a blue sea, zyzzyva');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.page.getByText(/Not used:.*zyzzyva/).waitFor();
  await lacuna.test('accept').click();
  await lacuna.ready();
  await lacuna.test('mode-variations').click();
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  expect(tried).toEqual([]);
  await lacuna.close();
});
