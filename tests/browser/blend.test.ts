import { expect, test } from 'vitest';
import { changedPixels, decode, landscape, type Pixels, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage, type Point } from './lacunaPage.ts';

const app = appAndBrowser();

const original = landscape(600, 420);

/** Longer than the rest after which a slider's change becomes a step of the history, ms. */
const SETTLED = 900;

async function download(lacuna: LacunaPage): Promise<Pixels> {
  return decode((await lacuna.saved('download')).bytes);
}

const everywhere = () => true;
const changed = (a: Pixels, b: Pixels) => changedPixels(a, b, everywhere);

/** Erases along points, asks, and waits for the result that is previewed then. */
async function edit(lacuna: LacunaPage, points: readonly Point[]) {
  await lacuna.setBrush(60);
  await lacuna.stroke(points);
  await lacuna.test('prompt').fill('An empty meadow');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await counted(lacuna);
}

const counted = (lacuna: LacunaPage) =>
  lacuna.page
    .getByText('0 pixels changed outside the mask', { exact: true })
    .first()
    .waitFor({ timeout: 20_000 });

async function slide(lacuna: LacunaPage, testId: string, value: number) {
  await lacuna.test(testId).fill(String(value));
  await lacuna.page.waitForTimeout(SETTLED);
}

async function openEdited(): Promise<LacunaPage> {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('meadow.png', await pngOf(original));
  await edit(lacuna, [
    { x: 150, y: 120 },
    { x: 240, y: 130 },
  ]);
  return lacuna;
}

/** Accepts the previewed result and clears the mask, so that the next edit has its own. */
async function accept(lacuna: LacunaPage) {
  await lacuna.test('accept').click();
  await counted(lacuna);
}

test('sliders blend the kept answer again, before and after accepting, and undo takes each back', async () => {
  const lacuna = await openEdited();
  const { page } = lacuna;
  const first = await download(lacuna);
  expect(changed(original, first)).toBeGreaterThan(1000);

  await lacuna.test('blend').click();
  const feather = lacuna.test('blend-feather');
  expect(await feather.inputValue()).toBe('8');
  await slide(lacuna, 'blend-feather', 0);
  const hard = await download(lacuna);
  expect(changed(first, hard)).toBeGreaterThan(100);
  await counted(lacuna);
  await lacuna.test('undo').click();
  await page.waitForFunction(() => {
    const input = document.querySelector('[data-testid=blend-feather]');
    return input instanceof HTMLInputElement && input.value === '8';
  });
  expect(changed(first, await download(lacuna))).toBe(0);
  // The embedded engine changes nothing beside the mask: there is nothing to align, to match, to include.
  expect(await lacuna.test('blend-align').isDisabled()).toBe(true);
  expect(await lacuna.test('blend-colour').isDisabled()).toBe(true);
  expect(await lacuna.test('blend-include').count()).toBe(0);

  // What is set is what is accepted.
  await slide(lacuna, 'blend-feather', 24);
  const soft = await download(lacuna);
  await accept(lacuna);
  expect(await lacuna.test('blend-panel').count()).toBe(0);
  expect(changed(soft, await download(lacuna))).toBe(0);

  await lacuna.test('layers').click();
  await lacuna.test('layer-blend').click();
  expect(await feather.inputValue()).toBe('24');
  await slide(lacuna, 'blend-feather', 0);
  expect(changed(hard, await download(lacuna))).toBe(0);
  await lacuna.test('undo').click();
  expect(changed(soft, await download(lacuna))).toBe(0);
  await page.keyboard.press('Escape');
  await lacuna.test('blend-panel').waitFor({ state: 'detached' });
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('the three masks and the changes are looked at, and never written', async () => {
  const lacuna = await openEdited();
  const { page } = lacuna;
  const before = await download(lacuna);
  await lacuna.test('blend').click();
  const mask = page.locator('.stage canvas.mask');
  const drawn = () => mask.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const painted = await drawn();
  const seen = new Set([painted]);
  for (const look of ['look-sent', 'look-blend']) {
    await lacuna.test(look).click();
    await expect.poll(async () => seen.has(await drawn()), { timeout: 10_000 }).toBe(false);
    seen.add(await drawn());
  }
  await lacuna.test('look-changes').click();
  await page.locator('.stage .overlay canvas').waitFor();
  await expect.poll(() => lacuna.test('changed-share').textContent()).toMatch(/^0%/);
  expect(changed(before, await download(lacuna))).toBe(0);
  // Pressed again, all is as it was.
  await lacuna.test('look-changes').click();
  await page.locator('.stage .overlay canvas').waitFor({ state: 'detached' });
  await expect.poll(drawn).toBe(painted);
  await lacuna.close();
});

test('layers are hidden, erased, ordered, merged and deleted, each in one step', async () => {
  const lacuna = await openEdited();
  await accept(lacuna);
  const one = await download(lacuna);
  await edit(lacuna, [
    { x: 200, y: 150 },
    { x: 330, y: 260 },
  ]);
  await accept(lacuna);
  const both = await download(lacuna);
  expect(changed(one, both)).toBeGreaterThan(1000);
  await lacuna.test('layers').click();

  await lacuna.test('layer-eye-0').click();
  expect(changed(one, await download(lacuna))).toBe(0);
  await lacuna.test('layer-eye-1').click();
  expect(changed(original, await download(lacuna))).toBe(0);
  await lacuna.test('undo').click();
  await lacuna.test('undo').click();
  expect(changed(both, await download(lacuna))).toBe(0);

  const order = async () => (await lacuna.document())!.layers.map(({ id }) => id);
  const before = await order();
  await lacuna.test('layer-down').click();
  expect(await order()).toEqual(before.toReversed());
  await lacuna.test('layer-up').click();
  expect(await order()).toEqual(before);

  // Merging is exact to the byte.
  await lacuna.test('layer-0').click();
  await lacuna.test('layer-merge').click();
  await expect.poll(order).toHaveLength(1);
  expect(changed(both, await download(lacuna))).toBe(0);
  await lacuna.test('undo').click();
  expect(await order()).toEqual(before);
  await lacuna.test('layers-merge-all').click();
  await expect.poll(order).toHaveLength(1);
  expect(changed(both, await download(lacuna))).toBe(0);
  await lacuna.test('undo').click();

  await lacuna.test('layer-0').click();
  await lacuna.test('layer-erase').click();
  await lacuna.test('erasing-layer').waitFor();
  await lacuna.setBrush(40);
  const hole = [
    { x: 330, y: 260 },
    { x: 300, y: 235 },
  ];
  const maskBefore = (await lacuna.document())!.coverage;
  await lacuna.stroke(hole);
  const erased = await download(lacuna);
  const inHole = (index: number) => Math.hypot((index % 600) - 330, Math.floor(index / 600) - 260) < 18;
  expect(changedPixels(one, erased, inHole)).toBe(0);
  expect(changedPixels(both, erased, inHole)).toBeGreaterThan(500);
  expect((await lacuna.document())!.coverage).toBe(maskBefore);
  // A little wider, for the soft rim of the first stroke.
  await lacuna.test('tool-restore').click();
  await lacuna.setBrush(60);
  await lacuna.stroke(hole);
  expect(changed(both, await download(lacuna))).toBe(0);
  await lacuna.test('erasing-done').click();
  await lacuna.test('erasing-layer').waitFor({ state: 'detached' });
  await lacuna.test('undo').click();
  expect(changed(erased, await download(lacuna))).toBe(0);
  await lacuna.test('undo').click();
  expect(changed(both, await download(lacuna))).toBe(0);

  await lacuna.test('layer-delete').click();
  expect(await order()).toHaveLength(1);
  expect(changed(one, await download(lacuna))).toBe(0);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('a generated picture is placed on the picture, in one step that gives it back', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('meadow.png', await pngOf(original));
  await lacuna.test('mode-generate').click();
  await lacuna.test('prompt').fill('A red boat on a blue sea');
  await lacuna.test('run').click();
  await lacuna.test('place').click({ timeout: 60_000 });
  await expect.poll(async () => (await lacuna.document())!.layers.length).toBe(1);
  const { layers, frame } = (await lacuna.document())!;
  const { rect } = layers[0]!;
  expect(rect.height).toBe(frame.height);
  expect(rect.x).toBe(Math.round((frame.width - rect.width) / 2));
  expect(await lacuna.test('results').count()).toBe(0);
  // It can be moved at once.
  await lacuna.test('placing-layer').waitFor();
  await lacuna.stroke([
    { x: 300, y: 210 },
    { x: 340, y: 190 },
    { x: 380, y: 170 },
  ]);
  await expect.poll(async () => (await lacuna.document())!.layers[0]!.rect.x).toBeGreaterThan(rect.x + 40);
  await lacuna.test('undo').click();
  expect((await lacuna.document())!.layers[0]!.rect).toEqual(rect);
  await lacuna.test('placing-done').click();
  await lacuna.test('placing-layer').waitFor({ state: 'detached' });
  const placed = await download(lacuna);
  const { x, y, width, height } = rect;
  const outside = (index: number) => {
    const [px, py] = [index % 600, Math.floor(index / 600)];
    return px < x || px >= x + width || py < y || py >= y + height;
  };
  expect(changedPixels(original, placed, outside)).toBe(0);
  expect(changedPixels(original, placed, (index) => !outside(index))).toBeGreaterThan(50_000);
  await lacuna.test('undo').click();
  await lacuna.test('result-0').waitFor();
  expect((await lacuna.document())!.layers).toEqual([]);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('panels are used with keys alone, and give the focus back', async () => {
  const lacuna = await openEdited();
  const { page } = lacuna;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  await lacuna.test('accept').focus();
  await page.keyboard.press('Enter');
  await counted(lacuna);
  await lacuna.test('layers').focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('layers-panel');
  await lacuna.test('layer-blend').focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('blend-panel');
  await lacuna.test('blend-feather').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => lacuna.test('blend-feather').inputValue()).toBe('9');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('layers');
  expect(await lacuna.test('blend-panel').count()).toBe(0);
  // Kept by closing, and one step.
  await lacuna.test('undo').click();
  await lacuna.test('layers').focus();
  await page.keyboard.press('Enter');
  await lacuna.test('layer-0').focus();
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await lacuna.document())!.layers.length).toBe(0);
  expect((await lacuna.document())!.coverage).toBeGreaterThan(0);
  await expect.poll(focused).toBe('layers-panel');
  await lacuna.close();
});

test('a phone has the panels as sheets, with all buttons in sight', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = lacuna;
  await lacuna.openPicture('meadow.png', await pngOf(original));
  const outside = async () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.chrome button, .side-panel input')]
        .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }))
        // What scrolls within itself.
        .filter((element) => !element.closest('.tray-pictures, .side-panel-body, .rail'))
        .map((element) => ({ name: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
        .flatMap(({ name, box }) => (box.left >= 0 && box.right <= innerWidth ? [] : name)),
    );
  expect(await outside()).toEqual([]);
  await edit(lacuna, [
    { x: 150, y: 120 },
    { x: 240, y: 130 },
  ]);
  expect(await outside()).toEqual([]);
  await lacuna.test('blend').tap();
  await lacuna.test('blend-feather').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await outside()).toEqual([]);
  const sheet = (await lacuna.test('blend-panel').boundingBox())!;
  expect(sheet.height).toBeLessThan(740 * 0.55);
  await lacuna.test('panel-close').tap();
  await accept(lacuna);
  // The smallest phones have it in the menu.
  await page.getByRole('button', { name: 'Menu' }).tap();
  await lacuna.test('layers').tap();
  await lacuna.test('layer-erase').tap();
  await lacuna.test('layers-panel').waitFor({ state: 'detached' });
  await lacuna.test('erasing-done').tap();
  await lacuna.close();
});
