import type { BrowserContext } from 'playwright';
import { describe, expect, test } from 'vitest';
import { changedPixels, decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const app = appAndBrowser();

const picture = landscape(600, 420);

async function opened(): Promise<LacunaPage> {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('meadow.png', await pngOf(picture));
  await lacuna.setBrush(60);
  return lacuna;
}

/** From left to right, one below the other. */
const stroke = (lacuna: LacunaPage, k: number) =>
  lacuna.stroke([
    { x: 120, y: 60 + k * 50 },
    { x: 380, y: 70 + k * 50 },
  ]);

const mask = async (lacuna: LacunaPage) => (await lacuna.saved('export-mask')).bytes;

/** Labels of the list, the present one in brackets, those that can be redone with a plus. */
async function listed(lacuna: LacunaPage) {
  const list = lacuna.test('history-list');
  await list.waitFor();
  return list.getByRole('option').evaluateAll((rows) =>
    rows.map((row) => {
      const name = row.querySelector('.step-name')!.textContent;
      if (row.getAttribute('aria-selected') === 'true') return `[${name}]`;
      return row.getAttribute('aria-label')!.endsWith('can be redone') ? `+${name}` : name;
    }),
  );
}

/** What was painted is stored within this time, in ms. */
const STORED = 1500;

async function reloaded(lacuna: LacunaPage) {
  await lacuna.page.waitForTimeout(STORED);
  await lacuna.page.reload();
  await lacuna.ready();
}

async function acceptResult(lacuna: LacunaPage) {
  await lacuna.test('prompt').fill('An empty meadow');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.test('accept').click();
  await lacuna.page.waitForFunction(() => window.lacuna.document()?.layers.length === 1);
}

describe('the list of steps', () => {
  test('follows what is done, jumps by click and by key, and says so', async () => {
    const lacuna = await opened();
    const { page } = lacuna;
    await lacuna.test('history').click();
    expect(await listed(lacuna)).toEqual(['[open picture]']);
    const masks: Buffer[] = [];
    for (let k = 0; k < 4; k++) {
      await stroke(lacuna, k);
      masks.push(await mask(lacuna));
    }
    expect(await listed(lacuna)).toEqual([
      'open picture',
      'erase stroke',
      'erase stroke',
      'erase stroke',
      '[erase stroke]',
    ]);
    expect(await lacuna.test('history-budget').textContent()).toMatch(/^5 steps, \d+(\.\d)? MB of 256 MB$/);
    await lacuna.page.getByLabel('Memory for steps').selectOption('64');
    expect(await lacuna.test('history-budget').textContent()).toMatch(/^5 steps, \d+(\.\d)? MB of 64 MB$/);

    await lacuna.test('step-2').click();
    expect(await listed(lacuna)).toEqual([
      'open picture',
      'erase stroke',
      '[erase stroke]',
      '+erase stroke',
      '+erase stroke',
    ]);
    await page.getByText('Step 3 of 5: erase stroke').waitFor({ state: 'attached' });
    expect(Buffer.compare(await mask(lacuna), masks[1]!)).toBe(0);

    // After a click the keys go on from there.
    await lacuna.test('step-1').click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(Buffer.compare(await mask(lacuna), masks[2]!)).toBe(0);
    const list = lacuna.test('history-list');
    await list.focus();
    await page.keyboard.press('Home');
    expect(await lacuna.document()).toMatchObject({ maskBounds: null });
    expect(await lacuna.test('undo').isDisabled()).toBe(true);
    await list.focus();
    await page.keyboard.press('End');
    expect(Buffer.compare(await mask(lacuna), masks[3]!)).toBe(0);
    await list.focus();
    await page.keyboard.press('ArrowUp');
    expect(await list.getAttribute('aria-activedescendant')).toBe(
      await lacuna.test('step-3').getAttribute('id'),
    );
    expect(Buffer.compare(await mask(lacuna), masks[2]!)).toBe(0);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('what could be redone goes with the next step, and undo and redo walk the same list', async () => {
    const lacuna = await opened();
    for (let k = 0; k < 3; k++) await stroke(lacuna, k);
    await lacuna.test('history').click();
    await lacuna.test('undo').click();
    await lacuna.test('undo').click();
    expect(await listed(lacuna)).toEqual([
      'open picture',
      '[erase stroke]',
      '+erase stroke',
      '+erase stroke',
    ]);
    await lacuna.test('redo').click();
    await lacuna.page.keyboard.press('Control+i');
    expect(await listed(lacuna)).toEqual(['open picture', 'erase stroke', 'erase stroke', '[invert mask]']);
    expect(await lacuna.test('redo').isDisabled()).toBe(true);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('opens by keyboard, is walked by keyboard, and gives the focus back', async () => {
    const lacuna = await opened();
    const { page } = lacuna;
    await stroke(lacuna, 0);
    await stroke(lacuna, 1);
    await lacuna.test('history').focus();
    await page.keyboard.press('Enter');
    await lacuna.test('history-panel').waitFor();
    // From the panel over its button to close into the list.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowUp');
    expect(await listed(lacuna)).toEqual(['open picture', '[erase stroke]', '+erase stroke']);
    await page.keyboard.press('Escape');
    await lacuna.test('history-panel').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('history');
    await lacuna.close();
  });

  test('is reached from the menu where the top bar has no room', async () => {
    const lacuna = await LacunaPage.open(app.browser, app.url, { viewport: { width: 390, height: 844 } });
    await lacuna.openPicture('meadow.png', await pngOf(picture));
    await stroke(lacuna, 1);
    await lacuna.page.getByRole('button', { name: 'Menu' }).click();
    await lacuna.test('history').click();
    expect(await listed(lacuna)).toEqual(['open picture', '[erase stroke]']);
    await lacuna.test('step-0').click();
    expect(await lacuna.document()).toMatchObject({ maskBounds: null });
    await lacuna.close();
  });
});

describe('after a reload', () => {
  test('every step is there, with what can be redone, to the byte', async () => {
    const lacuna = await opened();
    const masks: Buffer[] = [];
    for (let k = 0; k < 4; k++) {
      await stroke(lacuna, k);
      masks.push(await mask(lacuna));
    }
    await lacuna.test('undo').click();
    await lacuna.test('history').click();
    const before = await listed(lacuna);
    await reloaded(lacuna);
    await lacuna.test('history').click();
    expect(await listed(lacuna)).toEqual(before);
    expect(Buffer.compare(await mask(lacuna), masks[2]!)).toBe(0);
    await lacuna.test('undo').click();
    expect(Buffer.compare(await mask(lacuna), masks[1]!)).toBe(0);
    await lacuna.test('undo').click();
    expect(Buffer.compare(await mask(lacuna), masks[0]!)).toBe(0);
    await lacuna.test('step-4').click();
    expect(Buffer.compare(await mask(lacuna), masks[3]!)).toBe(0);
    // And it goes on from there.
    await stroke(lacuna, 5);
    expect(await listed(lacuna)).toHaveLength(6);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('an accepted result, its layer and the frame are undone as before it, pixels and all', async () => {
    const lacuna = await opened();
    const { page } = lacuna;
    await stroke(lacuna, 2);
    await acceptResult(lacuna);
    await page.keyboard.press('f');
    await page
      .getByLabel(/^Right/)
      .first()
      .fill('40');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.lacuna.document()?.frame.width === 640);
    await lacuna.test('tool-erase').click();
    const accepted = await decode((await lacuna.saved('download')).bytes);
    await lacuna.test('history').click();
    const before = await listed(lacuna);
    expect(before).toEqual(['open picture', 'erase stroke', 'accept result', '[change frame]']);
    // Back before the accept: its pictures are named by the history alone.
    await lacuna.test('step-1').click();
    await lacuna.test('result-0').waitFor();
    await reloaded(lacuna);
    await lacuna.test('result-0').waitFor();
    expect(await lacuna.document()).toMatchObject({ frame: { width: 600 }, layers: [] });
    await lacuna.test('history').click();
    await lacuna.test('step-3').click();
    await lacuna.test('results').waitFor({ state: 'hidden' });
    expect(changedPixels(accepted, await decode((await lacuna.saved('download')).bytes))).toBe(0);
    await lacuna.test('step-0').click();
    await lacuna.test('result-0').waitFor();
    await lacuna.test('discard').click();
    expect(changedPixels(picture, await decode((await lacuna.saved('download')).bytes))).toBe(0);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('a reload in the middle of a write leaves all steps but the last, or all', async () => {
    const lacuna = await opened();
    for (let k = 0; k < 3; k++) await stroke(lacuna, k);
    await lacuna.page.waitForTimeout(STORED);
    await stroke(lacuna, 3);
    await lacuna.page.waitForTimeout(500);
    await lacuna.page.reload();
    await lacuna.ready();
    await lacuna.test('history').click();
    const steps = await listed(lacuna);
    expect([4, 5]).toContain(steps.length);
    expect(steps.at(-1)).toBe('[erase stroke]');
    await lacuna.close();
  });
});

/** Another page of the same browser profile, as after closing the first. */
async function reopened(context: BrowserContext): Promise<LacunaPage> {
  const lacuna = new LacunaPage(await context.newPage());
  await lacuna.page.goto(app.url);
  await lacuna.page.getByRole('button', { name: 'Recent' }).first().click();
  await lacuna.page
    .getByRole('menuitem', { name: /meadow/ })
    .first()
    .click();
  await lacuna.ready();
  return lacuna;
}

test('complaint 7: closing the page does not lose the mask, nor its steps', async () => {
  const lacuna = await opened();
  const context = lacuna.page.context();
  await stroke(lacuna, 0);
  const first = await mask(lacuna);
  await stroke(lacuna, 1);
  const painted = await mask(lacuna);
  // Not even with the last stroke just made.
  await lacuna.page.close({ runBeforeUnload: true });
  const again = await reopened(context);
  expect(Buffer.compare(await mask(again), painted)).toBe(0);
  await again.test('undo').click();
  expect(Buffer.compare(await mask(again), first)).toBe(0);
  await context.close();
});

test('complaint 8: Ctrl+Z in the prompt takes back words and no stroke; on the canvas a stroke and no words', async () => {
  const lacuna = await opened();
  const { page } = lacuna;
  await stroke(lacuna, 0);
  await stroke(lacuna, 1);
  const painted = await mask(lacuna);
  const prompt = lacuna.test('prompt');
  await prompt.click();
  await page.keyboard.type('A meadow');
  await page.keyboard.press('Control+z');
  expect(await prompt.inputValue()).not.toBe('A meadow');
  expect(Buffer.compare(await mask(lacuna), painted)).toBe(0);
  await prompt.fill('A meadow');
  await lacuna.test('stage').focus();
  await page.keyboard.press('Control+z');
  expect(Buffer.compare(await mask(lacuna), painted)).not.toBe(0);
  expect(await prompt.inputValue()).toBe('A meadow');
  await lacuna.close();
});

test('complaint 12: a mask that was cleared is not applied, and one that undo brought back is seen and applied', async () => {
  const lacuna = await opened();
  await stroke(lacuna, 2);
  await acceptResult(lacuna);
  await lacuna.page.keyboard.press('Delete');
  expect(await lacuna.document()).toMatchObject({ maskBounds: null });
  await lacuna.page.getByRole('button', { name: 'Edit whole picture' }).waitFor();
  await reloaded(lacuna);
  await lacuna.page.getByRole('button', { name: 'Edit whole picture' }).waitFor();
  await lacuna.test('undo').click();
  expect(await lacuna.document()).not.toMatchObject({ maskBounds: null });
  await lacuna.page.getByRole('button', { name: 'Fill erased area' }).waitFor();
  await lacuna.close();
});

test('complaint 13: neither another prompt, nor another mode, nor another picture, nor a hidden tab loses the mask', async () => {
  const lacuna = await opened();
  const { page } = lacuna;
  await stroke(lacuna, 0);
  await stroke(lacuna, 1);
  const painted = await mask(lacuna);
  await lacuna.test('prompt').fill('Something else');
  await lacuna.test('mode-generate').click();
  await lacuna.test('mode-edit').click();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  expect(Buffer.compare(await mask(lacuna), painted)).toBe(0);
  await lacuna.choose('other.png', await pngOf(landscape(300, 200)));
  await page.waitForFunction(() => window.lacuna.document()?.frame.width === 300);
  await page.getByRole('button', { name: 'Recent' }).first().click();
  await page
    .getByRole('menuitem', { name: /meadow/ })
    .first()
    .click();
  await page.waitForFunction(() => window.lacuna.document()?.frame.width === 600);
  await lacuna.ready();
  expect(Buffer.compare(await mask(lacuna), painted)).toBe(0);
  await lacuna.test('history').click();
  expect(await listed(lacuna)).toEqual(['open picture', 'erase stroke', '[erase stroke]']);
  await lacuna.close();
});

test('complaint 23: the whole session is there in another page: picture, layers, mask, prompt, steps', async () => {
  const lacuna = await opened();
  const context = lacuna.page.context();
  await stroke(lacuna, 2);
  await acceptResult(lacuna);
  await stroke(lacuna, 4);
  const shown = await decode((await lacuna.saved('download')).bytes);
  const painted = await mask(lacuna);
  await lacuna.page.waitForTimeout(STORED);
  await lacuna.page.close();
  const again = await reopened(context);
  expect(changedPixels(shown, await decode((await again.saved('download')).bytes))).toBe(0);
  expect(Buffer.compare(await mask(again), painted)).toBe(0);
  expect(await again.test('prompt').inputValue()).toBe('An empty meadow');
  await again.test('history').click();
  expect(await listed(again)).toEqual(['open picture', 'erase stroke', 'accept result', '[erase stroke]']);
  await context.close();
});
