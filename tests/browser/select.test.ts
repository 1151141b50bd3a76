import { expect, test } from 'vitest';
import { draw, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const app = appAndBrowser();

/** Three plates on a ground, each a little further from the first one's colour. */
const picture = draw(600, 400, (x, y) => {
  if (y < 100 || y >= 300) return [60, 90, 120, 255];
  if (x < 100 || x >= 490) return [60, 90, 120, 255];
  return x < 230 ? [200, 60, 60, 255] : x < 360 ? [205, 90, 60, 255] : [210, 130, 60, 255];
});

/** The worker may wait for its turn where the machine is busy. */
const patient = { timeout: 30_000 };

const bounds = (lacuna: LacunaPage) => lacuna.page.evaluate(() => window.lacuna.document()!.maskBounds);

async function click(lacuna: LacunaPage, x: number, y: number) {
  const [at] = await lacuna.toClient([{ x, y }]);
  await lacuna.page.mouse.click(at!.x, at!.y);
}

const setTolerance = (lacuna: LacunaPage, value: number) =>
  lacuna.test('wand-tolerance').evaluate((input, next) => {
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
    setter.call(input, String(next));
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

test('a wand click and all that its tolerance is dragged to are one undo step', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('plates.png', await pngOf(picture));
  await lacuna.page.keyboard.press('w');
  // Whole pixels only: at a corner, where three colours meet, one beside the plate would be covered in part.
  await lacuna.test('wand-antialias').click();
  await setTolerance(lacuna, 2);
  await click(lacuna, 150, 200);
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 130, height: 200 });
  for (const tolerance of [4, 6, 8]) await setTolerance(lacuna, tolerance);
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 260, height: 200 });
  await setTolerance(lacuna, 17);
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 390, height: 200 });
  await setTolerance(lacuna, 3);
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 130, height: 200 });
  await lacuna.test('undo').click();
  await expect.poll(() => bounds(lacuna), patient).toBeNull();
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
  expect(lacuna.errors()).toEqual([]);
});

test('with Alt the wand takes away what another click had added', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('plates.png', await pngOf(picture));
  await lacuna.test('tool-wand').click();
  await lacuna.test('wand-antialias').click();
  await setTolerance(lacuna, 17);
  await click(lacuna, 150, 200);
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 390, height: 200 });
  // For the next click only: something else is done in between.
  await lacuna.page.keyboard.press('b');
  await lacuna.page.keyboard.press('w');
  await setTolerance(lacuna, 2);
  await lacuna.page.keyboard.down('Alt');
  await click(lacuna, 400, 200);
  await lacuna.page.keyboard.up('Alt');
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 260, height: 200 });
  expect(lacuna.errors()).toEqual([]);
});

test('a scribble grows to the edges of what it lies on; Alt takes from it; each is a step', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('plates.png', await pngOf(picture));
  await lacuna.page.keyboard.press('Shift+KeyW');
  await lacuna.test('scribble-size').waitFor();
  await lacuna.stroke([
    { x: 140, y: 160 },
    { x: 140, y: 240 },
    { x: 320, y: 240 },
  ]);
  const cover = () => lacuna.page.evaluate(() => window.lacuna.document()!.coverage);
  // Two plates of 130 × 200 px in a picture of 600 × 400.
  await expect.poll(cover, patient).toBeGreaterThan(0.2);
  const both = await cover();
  expect(both).toBeLessThan(0.23);
  await lacuna.page.keyboard.down('Alt');
  await lacuna.stroke([
    { x: 300, y: 140 },
    { x: 300, y: 280 },
  ]);
  await lacuna.page.keyboard.up('Alt');
  await expect.poll(cover, patient).toBeLessThan(0.15);
  await lacuna.test('undo').click();
  await expect.poll(cover, patient).toBe(both);
  await lacuna.test('undo').click();
  await expect.poll(cover, patient).toBe(0);
  expect(lacuna.errors()).toEqual([]);
});

/** As `opened`, but the worker hears of what the wand asks only after a while. */
async function slowly(): Promise<LacunaPage> {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.page.addInitScript(() => {
    const post = Worker.prototype.postMessage as (message: unknown, options?: unknown) => void;
    Worker.prototype.postMessage = function (this: Worker, message: { method?: string }, options?: unknown) {
      if (message.method === 'selectByColour') setTimeout(() => post.call(this, message, options), 1500);
      else post.call(this, message, options);
    } as typeof Worker.prototype.postMessage;
  });
  await lacuna.page.reload();
  await lacuna.openPicture('plates.png', await pngOf(picture));
  await lacuna.page.keyboard.press('w');
  await lacuna.test('wand-antialias').click();
  await setTolerance(lacuna, 2);
  return lacuna;
}

test('Escape ends a selection that is waited for; undo in the prompt does not', async () => {
  const lacuna = await slowly();
  await click(lacuna, 150, 200);
  await lacuna.page.keyboard.press('Escape');
  await lacuna.page.waitForTimeout(2500);
  expect(await bounds(lacuna)).toBeNull();

  await click(lacuna, 150, 200);
  await lacuna.test('prompt').focus();
  await lacuna.page.keyboard.type('ab');
  await lacuna.page.keyboard.press('Control+z');
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 100, y: 100, width: 130, height: 200 });
  expect(await lacuna.test('prompt').inputValue()).not.toBe('ab');
  await lacuna.close();
});

test('a second click does not lose the first', async () => {
  const lacuna = await slowly();
  await click(lacuna, 150, 200);
  await click(lacuna, 420, 200);
  await expect
    .poll(() => lacuna.document().then((document) => document!.coverage), patient)
    .toBeCloseTo((260 * 200) / (600 * 400), 6);
  await lacuna.close();
});

test('while the tolerance is dragged, what it selects is seen', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  const slope = draw(1800, 1200, (x, y) => [x / 8, y / 6, 90, 255]);
  await lacuna.openPicture('slope.png', await pngOf(slope));
  await lacuna.page.keyboard.press('w');
  await click(lacuna, 900, 600);
  await expect.poll(() => bounds(lacuna), patient).not.toBeNull();
  const seen = new Set<number>();
  const until = Date.now() + 60_000;
  for (let k = 0; seen.size < 4 && Date.now() < until; k++) {
    await setTolerance(lacuna, 2 + (k % 40));
    await lacuna.page.waitForTimeout(30);
    seen.add((await lacuna.document())!.coverage);
  }
  expect(seen.size).toBe(4);
  await lacuna.close();
});
