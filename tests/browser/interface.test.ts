import type { Locator } from 'playwright';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Capabilities } from '../../server/contract.ts';
import { landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const app = appAndBrowser();
let picture: Buffer;
beforeAll(async () => {
  picture = await pngOf(landscape(600, 600));
});

const focused = ({ page }: LacunaPage) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.tagName);

async function opened(viewport = { width: 1440, height: 900 }) {
  const lacuna = await LacunaPage.open(app.browser, app.url, { viewport });
  await lacuna.openPicture('picture.png', picture);
  return lacuna;
}

/** The same with an engine that only the server has. */
async function openedWithServer() {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.page.route('**/api/capabilities', async (route) => {
    const response = await route.fetch();
    const known = (await response.json()) as Capabilities;
    const models = known.models.map((model) => ({ ...model, local: [] }));
    await route.fulfill({ response, json: { ...known, models } });
  });
  await lacuna.page.reload();
  await lacuna.openPicture('picture.png', picture);
  return lacuna;
}

const button = ({ page }: LacunaPage, name: string) => page.getByRole('button', { name, exact: true });

describe('the click that closes something does no more than that', () => {
  const openers: Record<string, (lacuna: LacunaPage) => Locator> = {
    settings: (lacuna) => lacuna.test('settings'),
    menu: (lacuna) => button(lacuna, 'Menu'),
    export: (lacuna) => button(lacuna, 'Export'),
    recent: (lacuna) => button(lacuna, 'Recent'),
    zoom: (lacuna) => lacuna.test('zoom'),
  };
  test.each(Object.keys(openers))('%s', async (name) => {
    const lacuna = await opened();
    const layer = lacuna.page.locator('.menu, .popover');
    await openers[name]!(lacuna).click();
    await layer.waitFor();
    await lacuna.stroke([
      { x: 300, y: 300 },
      { x: 340, y: 330 },
    ]);
    await layer.waitFor({ state: 'detached' });
    expect((await lacuna.document())!.coverage).toBe(0);
    await lacuna.stroke([
      { x: 300, y: 300 },
      { x: 340, y: 330 },
    ]);
    expect((await lacuna.document())!.coverage).toBeGreaterThan(0);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });
});

test.each([
  { width: 1440, height: 900 },
  { width: 900, height: 1100 },
])('results leave the fitted picture free at $width × $height', async (viewport) => {
  const lacuna = await opened(viewport);
  await lacuna.stroke([
    { x: 300, y: 300 },
    { x: 340, y: 330 },
  ]);
  await lacuna.test('settings').click();
  const count = lacuna.page.getByRole('spinbutton', { name: 'Number of results' });
  await count.fill('15');
  await count.press('Enter');
  expect(await lacuna.test('settings').textContent()).toBe('10 results');
  await lacuna.test('settings').click();
  await count.fill('2');
  await lacuna.test('run').click();
  await lacuna.test('result-1').waitFor();
  await lacuna.page.keyboard.press('0');
  const [corner] = await lacuna.toClient([{ x: 0, y: 600 }]);
  const tray = await lacuna.page.locator('.tray').boundingBox();
  expect(tray!.y).toBeGreaterThanOrEqual(corner!.y);
  expect(await lacuna.test('prompt').isVisible()).toBe(true);
  expect(await lacuna.test('run').isVisible()).toBe(true);

  await lacuna.test('accept').click();
  const chip = lacuna.page.locator('.pixel-lock.alone');
  await chip.getByRole('button', { name: 'Clear mask' }).click();
  expect((await lacuna.document())!.coverage).toBe(0);
  await expect.poll(() => focused(lacuna)).toBe('stage');
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('the way of exporting is chosen in the menu and remembered', async () => {
  const lacuna = await opened();
  await button(lacuna, 'Export').click();
  await lacuna.page.getByRole('menuitemradio', { name: 'JPEG' }).click();
  const all = lacuna.page.getByRole('menuitemradio', { name: 'All' });
  await all.click();
  expect(await all.getAttribute('aria-checked')).toBe('true');
  await lacuna.page.keyboard.press('Escape');
  await lacuna.page.reload();
  await lacuna.ready();
  expect((await lacuna.saved('download')).name).toBe('picture-lacuna.jpg');
  await button(lacuna, 'Export').click();
  expect(await all.getAttribute('aria-checked')).toBe('true');
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('numbers settle on what is allowed', async () => {
  const lacuna = await opened();
  const size = lacuna.page.getByRole('spinbutton', { name: 'Brush size in pixels' });
  await size.fill('1001');
  expect(await lacuna.test('brush-size').inputValue()).toBe('60');
  await size.press('Enter');
  expect(await size.inputValue()).toBe('1000');
  await expect.poll(() => focused(lacuna)).toBe('stage');
  await size.press('Backspace');
  await size.fill('');
  await size.blur();
  expect(await size.inputValue()).toBe('1000');
  await size.fill('0');
  await size.blur();
  expect(await size.inputValue()).toBe('1');
  expect(await lacuna.test('brush-size').inputValue()).toBe('1');
  await lacuna.close();
});

test('the focus stays in the app, and Escape leaves the prompt', async () => {
  const lacuna = await openedWithServer();
  const { page } = lacuna;
  await expect.poll(() => focused(lacuna)).toBe('stage');
  await lacuna.test('prompt').focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(lacuna)).toBe('stage');
  await lacuna.test('run').click();
  await button(lacuna, 'Back to erasing').click();
  await expect.poll(() => focused(lacuna)).toBe('stage');
  await page.route('**/v1/images/edits', () => undefined);
  await lacuna.stroke([{ x: 300, y: 300 }]);
  await lacuna.test('run').click();
  await expect.poll(() => focused(lacuna)).toBe('stage');
  await lacuna.test('cancel').click();
  expect(await focused(lacuna)).toBe('prompt');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Backspace');
  expect((await lacuna.document())!.coverage).toBe(0);
  await lacuna.close();
});

test('another picture begins without words, and the former keeps its own', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  const { page } = lacuna;
  const prompt = lacuna.test('prompt');
  await prompt.fill('typed before');
  await lacuna.openPicture('first.png', picture);
  expect(await prompt.inputValue()).toBe('typed before');
  await lacuna.choose('broken.png', Buffer.from('no picture'));
  await lacuna.test('error').waitFor();
  await lacuna.choose('second.png', picture);
  await page.locator('.document-name', { hasText: 'second' }).waitFor();
  expect(await prompt.inputValue()).toBe('');
  expect(await lacuna.test('error').count()).toBe(0);
  await button(lacuna, 'Recent').click();
  await page.getByRole('menuitem', { name: /^first/ }).click();
  await page.locator('.document-name', { hasText: 'first' }).waitFor();
  expect(await prompt.inputValue()).toBe('typed before');
  await page.getByText('Opened first, 600 by 600 pixels.').waitFor({ state: 'attached' });

  await button(lacuna, 'Recent').click();
  expect(await page.getByRole('menuitem', { name: 'Remove first from Recent' }).count()).toBe(0);
  await page.getByRole('menuitem', { name: 'Remove second from Recent' }).click();
  await button(lacuna, 'Keep it').click();
  await button(lacuna, 'Recent').click();
  await page.getByRole('menuitem', { name: 'Remove second from Recent' }).click();
  await lacuna.test('confirm-remove').click();
  await page.getByText('Removed second from Recent.').waitFor({ state: 'attached' });
  await button(lacuna, 'Recent').click();
  expect(await page.getByRole('menuitem', { name: /second/ }).count()).toBe(0);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('a server that is gone is said to be, and found again', async () => {
  const lacuna = await openedWithServer();
  const { page } = lacuna;
  const engine = lacuna.test('status-engine').and(page.locator('[data-state=embedded]'));
  await engine.waitFor();
  await page.route('**/v1/**', (route) => route.abort());
  await lacuna.stroke([{ x: 300, y: 300 }]);
  await lacuna.test('run').click();
  await lacuna.test('error').and(page.locator('[data-code=server_unreachable]')).waitFor();
  expect(await lacuna.test('error').textContent()).not.toContain('The service said');
  await lacuna.test('status-engine').and(page.locator('[data-state=unreachable]')).waitFor();
  await page.unroute('**/v1/**');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();
  await engine.waitFor();
  await lacuna.close();
});

test('a part of the app that cannot be fetched is said to be missing, everything else stays, and a reload brings it', async () => {
  const lacuna = await opened();
  await lacuna.test('prompt').fill('a red ball');
  const away = /WholePictureDialog/;
  await lacuna.page.route(away, (route) => route.abort());
  await lacuna.test('run').click();
  await lacuna.test('error').waitFor();
  expect(await lacuna.test('error').getAttribute('data-code')).toBe('server_unreachable');
  expect(await lacuna.test('stage').isVisible()).toBe(true);
  expect(await lacuna.test('prompt').inputValue()).toBe('a red ball');
  await lacuna.page.unroute(away);
  await lacuna.page.reload();
  await lacuna.ready();
  expect(await lacuna.test('prompt').inputValue()).toBe('a red ball');
  await lacuna.test('run').click();
  await lacuna.page.getByRole('alertdialog').waitFor();
  await lacuna.close();
});
