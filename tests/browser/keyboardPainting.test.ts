import { beforeAll, describe, expect, test } from 'vitest';
import { draw, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const width = 400;
const height = 300;

const app = appAndBrowser();
let picture: Buffer;
beforeAll(async () => {
  picture = await pngOf(landscape(width, height));
});

/** A picture is open, its brush is 20 px wide, and no pointer was ever used. */
async function opened() {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('picture.png', picture);
  await lacuna.setBrush(20);
  return lacuna;
}

async function press(lacuna: LacunaPage, ...keys: readonly string[]) {
  for (const key of keys) await lacuna.page.keyboard.press(key);
}

/** From the prompt, where somebody writes, to the picture: by Tab alone. */
async function tabToStage(lacuna: LacunaPage) {
  for (let k = 0; k < 60; k++) {
    await press(lacuna, 'Tab');
    const at = await lacuna.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    if (at === 'stage') return;
  }
  throw new Error('Tab does not reach the stage');
}

const bounds = async (lacuna: LacunaPage) => (await lacuna.document())!.maskBounds;
const spoken = (lacuna: LacunaPage) => lacuna.page.locator('[role=status].unseen').textContent();

async function close(lacuna: LacunaPage) {
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
}

/** Takes the cursor to the picture's top left corner, its pixel (0, 0). */
const toCorner = (lacuna: LacunaPage) =>
  press(lacuna, ...Array(40).fill('ArrowLeft'), ...Array(30).fill('ArrowUp'));

describe('painting by keyboard alone', () => {
  test('Tab reaches the picture, and the brush is seen there at its true size', async () => {
    const lacuna = await opened();
    const ring = lacuna.page.locator('.brush-ring');
    await lacuna.test('prompt').focus();
    // The size has been shown long enough.
    await ring.waitFor({ state: 'hidden' });
    await tabToStage(lacuna);
    const box = (await ring.boundingBox())!;
    const [a, b] = await lacuna.toClient([
      { x: 0, y: 0 },
      { x: 20, y: 0 },
    ]);
    expect(box.width).toBeCloseTo(b!.x - a!.x, 0);
    const outline = await lacuna
      .test('stage')
      .evaluate((stage) => getComputedStyle(stage, '::after').borderTopStyle);
    expect(outline).toBe('solid');
    await press(lacuna, 'Tab');
    expect(await ring.isVisible()).toBe(false);
    await close(lacuna);
  });

  test('arrows move, Space stamps, Enter begins and ends a stroke; each is one step', async () => {
    const lacuna = await opened();
    await tabToStage(lacuna);
    await toCorner(lacuna);
    // By a radius, by 10 px, by one: to (60.5, 41.5).
    await press(
      lacuna,
      ...Array(5).fill('ArrowRight'),
      'Shift+ArrowRight',
      ...Array(4).fill('ArrowDown'),
      'Alt+ArrowDown',
    );
    await press(lacuna, 'Space');
    expect(await bounds(lacuna)).toEqual({ x: 50, y: 31, width: 21, height: 21 });
    await press(lacuna, 'Enter', 'ArrowRight', 'ArrowRight', 'Shift+ArrowDown', 'Enter');
    expect(await bounds(lacuna)).toEqual({ x: 50, y: 31, width: 41, height: 31 });
    // After its end the arrows only move.
    await press(lacuna, 'ArrowRight', 'ArrowRight', 'ArrowRight');
    expect(await bounds(lacuna)).toEqual({ x: 50, y: 31, width: 41, height: 31 });
    await press(lacuna, 'Control+z');
    expect(await bounds(lacuna)).toEqual({ x: 50, y: 31, width: 21, height: 21 });
    await press(lacuna, 'Control+z');
    expect(await bounds(lacuna)).toBeNull();
    await close(lacuna);
  });

  test('Escape takes the stroke back, E restores, and leaving the picture keeps a stroke', async () => {
    const lacuna = await opened();
    await tabToStage(lacuna);
    await press(lacuna, 'Enter', 'ArrowRight', 'ArrowRight', 'Escape');
    expect(await bounds(lacuna)).toBeNull();
    expect(await lacuna.test('undo').isEnabled()).toBe(false);
    await press(lacuna, 'Space');
    const dab = await bounds(lacuna);
    // A little larger, or the soft edge of the dab would stay.
    await press(lacuna, 'e', ']', 'Space', '[');
    expect(await bounds(lacuna)).toBeNull();
    await press(lacuna, 'b', 'Enter', 'ArrowUp', 'Tab');
    expect((await bounds(lacuna))!.height).toBe(dab!.height + 10);
    await close(lacuna);
  });

  test('smoothing does not blunt what keys draw', async () => {
    const lacuna = await opened();
    await lacuna.test('brush-more').focus();
    await press(lacuna, 'Enter');
    await lacuna.test('brush-smoothing').focus();
    await press(lacuna, 'End', 'Escape');
    await lacuna.test('brush-smoothing').waitFor({ state: 'detached' });
    // The button takes the focus back a moment after its panel has gone.
    await lacuna.page.locator('[data-testid=brush-more]:focus').waitFor();
    await tabToStage(lacuna);
    await toCorner(lacuna);
    await press(lacuna, 'Enter', 'ArrowRight', 'ArrowDown', 'Enter');
    expect(await bounds(lacuna)).toEqual({ x: 0, y: 0, width: 21, height: 21 });
    await close(lacuna);
  });

  test('where the brush is and what the mask covers is said, and the stage says how it is used', async () => {
    const lacuna = await opened();
    await tabToStage(lacuna);
    await toCorner(lacuna);
    await expect.poll(() => spoken(lacuna)).toBe('Erase, 0 across, 0 down');
    await press(lacuna, 'Space');
    await expect
      .poll(() => spoken(lacuna), { timeout: 8000 })
      .toMatch(/^The mask covers 0\.\d+ % of the picture, top left\.$/);
    await press(lacuna, 'Enter');
    await expect.poll(() => spoken(lacuna)).toBe('Stroke begun. Arrow keys draw, Enter ends it.');
    await press(lacuna, 'Escape');
    await expect.poll(() => spoken(lacuna)).toBe('The stroke was taken back.');
    const described = await lacuna.test('stage').evaluate((stage) => {
      const id = stage.getAttribute('aria-describedby');
      return id && document.getElementById(id)?.textContent;
    });
    expect(described).toContain('Space paints');
    await close(lacuna);
  });

  test('the view follows the brush', async () => {
    const lacuna = await opened();
    await tabToStage(lacuna);
    for (let k = 0; k < 12; k++) await press(lacuna, '+');
    const ring = lacuna.page.locator('.brush-ring');
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
      for (let k = 0; k < 24; k++) await press(lacuna, key);
      const box = (await ring.boundingBox())!;
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      expect(x > 80 && x < 1256 && y > 116 && y < 656, `${key}: ${x}, ${y}`).toBe(true);
    }
    await close(lacuna);
  });
});

describe('with a mouse at hand', () => {
  test('arrows go on from the pointer; the pointer takes over, keeps the stroke, and Space is the hand again', async () => {
    const lacuna = await opened();
    const { keyboard, mouse } = lacuna.page;
    const [at] = await lacuna.toClient([{ x: 100, y: 100 }]);
    await mouse.move(at!.x, at!.y);
    await press(lacuna, 'Enter', 'Space');
    expect(await bounds(lacuna)).toBeNull();
    await press(lacuna, 'ArrowRight', 'Enter', 'ArrowRight');
    await mouse.move(at!.x + 50, at!.y + 50);
    const stroke = await bounds(lacuna);
    expect(stroke!.x).toBeGreaterThan(95);
    expect(stroke!.x).toBeLessThan(105);
    expect(stroke!.width).toBe(31);
    await press(lacuna, 'Space', 'Enter', 'Space');
    expect(await bounds(lacuna)).toEqual(stroke);
    // Space that was pressed for the keyboard's brush becomes the hand as soon as the mouse is dragged.
    await press(lacuna, 'ArrowRight');
    await keyboard.down('Space');
    await mouse.move(600, 300);
    await mouse.down();
    await mouse.move(640, 330);
    await mouse.up();
    await keyboard.up('Space');
    expect(await bounds(lacuna)).toEqual(stroke);
    expect(await lacuna.test('stage').getAttribute('data-tool')).toBe('erase');
    await close(lacuna);
  });
});

test('the brush is set by keyboard, and is the same after a reload', async () => {
  const lacuna = await opened();
  await lacuna.test('brush-more').focus();
  await press(lacuna, 'Enter');
  await lacuna.test('brush-opacity').focus();
  await press(lacuna, ...Array(40).fill('ArrowLeft'));
  await lacuna.test('brush-pressure-opacity').focus();
  await press(lacuna, 'Space');
  await lacuna.test('brush-tip-round').focus();
  // As long as a finger holds it: a group of choices moves the focus a moment later.
  await lacuna.page.keyboard.press('ArrowRight', { delay: 200 });
  await press(lacuna, 'Escape');
  await expect
    .poll(() => lacuna.page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('brush-more');
  expect(await lacuna.test('brush-more').textContent()).toBe('Brush, 60 %');
  expect(await lacuna.page.getByRole('slider', { name: 'Hardness' }).isDisabled()).toBe(true);
  await lacuna.page.waitForTimeout(600);
  await lacuna.page.reload();
  await lacuna.ready();
  expect(await lacuna.test('brush-size').inputValue()).toBe('20');
  await lacuna.test('brush-more').click();
  expect(await lacuna.test('brush-opacity').inputValue()).toBe('60');
  expect(await lacuna.test('brush-pressure-opacity').getAttribute('aria-checked')).toBe('true');
  expect(await lacuna.test('brush-tip-square').getAttribute('aria-checked')).toBe('true');
  await press(lacuna, 'Escape');
  await lacuna.stroke([{ x: 100, y: 100 }]);
  expect((await lacuna.document())!.coverage).toBeCloseTo((0.6 * 400) / (width * height), 3);
  await close(lacuna);
});

test('wand and quick select by keys: moved, pressed, and what they selected is said', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  const halves = draw(width, height, (x) => (x < 200 ? [190, 40, 40, 255] : [40, 60, 170, 255]));
  await lacuna.openPicture('halves.png', await pngOf(halves));
  const patient = { timeout: 30_000 };
  await tabToStage(lacuna);
  await press(lacuna, 'w');
  await toCorner(lacuna);
  await press(lacuna, 'Space');
  await expect.poll(() => bounds(lacuna), patient).toEqual({ x: 0, y: 0, width: 200, height });
  await expect.poll(() => spoken(lacuna), patient).toMatch(/^Selected\. The mask covers 50 % /);
  await press(lacuna, 'Control+d');
  expect(await bounds(lacuna)).toBeNull();

  await press(lacuna, 'Shift+W');
  for (let k = 0; k < 30; k++) await press(lacuna, 'Shift+ArrowRight');
  await press(lacuna, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter');
  await expect.poll(() => bounds(lacuna).then((rect) => rect && rect.x + rect.width), patient).toBe(width);
  const found = (await bounds(lacuna))!;
  expect(Math.abs(found.x - 200)).toBeLessThanOrEqual(1);
  await press(lacuna, 'Control+a');
  expect((await lacuna.document())!.coverage).toBe(1);
  await close(lacuna);
});

test('what a shape covers is said as well', async () => {
  const lacuna = await opened();
  await lacuna.test('tool-rectangle').click();
  await lacuna.stroke([
    { x: 10, y: 10 },
    { x: 110, y: 90 },
  ]);
  await expect
    .poll(() => spoken(lacuna), { timeout: 10_000 })
    .toMatch(/^The mask covers 6\.\d %.*, top left\.$/);
  await close(lacuna);
});
