import { beforeAll, describe, expect, test } from 'vitest';
import { decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import type { Point } from './lacunaPage.ts';
import { LacunaPage } from './lacunaPage.ts';
import { drag, inputOf, touch } from './pointers.ts';

// What users of other mask editors complained of, by its number in our list. Others have tests where they belong:
// the mask in the wrong place (15) and sideways photos (20) in `maskGeometry.test.ts`.

const width = 400;
const height = 300;

const app = appAndBrowser();
let picture: Buffer;
beforeAll(async () => {
  picture = await pngOf(landscape(width, height));
});

async function opened(options: { hasTouch?: boolean; viewport?: { width: number; height: number } } = {}) {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.openPicture('picture.png', picture);
  await lacuna.setBrush(20);
  return lacuna;
}

async function close(lacuna: LacunaPage) {
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
}

async function coverage(lacuna: LacunaPage): Promise<Uint8Array> {
  const { data } = await decode((await lacuna.saved('export-mask')).bytes);
  return data.filter((_, i) => i % 4 === 0);
}

const at = (mask: Uint8Array, { x, y }: Point) => mask[y * width + x]!;

describe('complaint 6: a stroke that leaves the canvas', () => {
  test('goes on outside the window, comes back, and leaves the strokes before it alone', async () => {
    const lacuna = await opened();
    const { mouse } = lacuna.page;
    await lacuna.stroke([
      { x: 60, y: 60 },
      { x: 120, y: 60 },
    ]);
    const first = await coverage(lacuna);
    const [from, back] = await lacuna.toClient([
      { x: 300, y: 200 },
      { x: 60, y: 250 },
    ]);
    await mouse.move(from!.x, from!.y);
    await mouse.down();
    await mouse.move(1400, from!.y);
    await mouse.move(1400, 1000);
    await mouse.move(-200, 1000);
    await mouse.move(-200, back!.y);
    await mouse.move(back!.x, back!.y);
    await mouse.up();
    const second = await coverage(lacuna);
    expect(first.every((value, i) => second[i]! >= value)).toBe(true);
    expect([at(second, { x: 399, y: 200 }), at(second, { x: 1, y: 250 })]).toEqual([255, 255]);
    await lacuna.page.keyboard.press('Control+z');
    expect(Buffer.compare(await coverage(lacuna), first)).toBe(0);
    await close(lacuna);
  });

  test('and is let go out there: it counts, and the next stroke too', async () => {
    const lacuna = await opened();
    const { mouse } = lacuna.page;
    const [from, next] = await lacuna.toClient([
      { x: 300, y: 200 },
      { x: 100, y: 80 },
    ]);
    await mouse.move(from!.x, from!.y);
    await mouse.down();
    await mouse.move(1500, from!.y);
    await mouse.up();
    await mouse.move(next!.x, next!.y);
    await mouse.move(next!.x + 30, next!.y);
    const mask = await coverage(lacuna);
    expect([at(mask, { x: 390, y: 200 }), at(mask, { x: 110, y: 80 })]).toEqual([255, 0]);
    await lacuna.stroke([{ x: 100, y: 80 }]);
    expect(at(await coverage(lacuna), { x: 100, y: 80 })).toBe(255);
    await close(lacuna);
  });
});

describe('complaint 21: touch', () => {
  test.each([
    { width: 1280, height: 860 },
    { width: 390, height: 844 },
  ])('a finger paints a line, not dots, and the page stays at $width × $height', async (viewport) => {
    const lacuna = await opened({ hasTouch: true, viewport });
    const cdp = await inputOf(lacuna);
    const path = await lacuna.toClient(
      Array.from({ length: 13 }, (_, k) => ({ x: 50 + 25 * k, y: 80 + 10 * k })),
    );
    await drag(cdp, path);
    const mask = await coverage(lacuna);
    for (let x = 50; x <= 350; x += 5) expect(at(mask, { x, y: Math.round(60 + 0.4 * x) })).toBe(255);
    expect(await lacuna.page.evaluate(() => [visualViewport!.scale, scrollX, scrollY])).toEqual([1, 0, 0]);
    await close(lacuna);
  });

  test('two fingers zoom where they are, and painting goes on with one', async () => {
    const lacuna = await opened({ hasTouch: true });
    const cdp = await inputOf(lacuna);
    const middle = { x: 600, y: 320 };
    const under = () => lacuna.page.evaluate((point) => window.lacuna.clientToImage(point), middle);
    const before = await under();
    const pair = (spread: number) => [
      { x: middle.x - spread, y: middle.y },
      { x: middle.x + spread, y: middle.y },
    ];
    await touch(cdp, 'touchStart', pair(40));
    for (let spread = 44; spread <= 160; spread += 4) await touch(cdp, 'touchMove', pair(spread));
    await touch(cdp, 'touchEnd', []);
    const after = await under();
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(2);
    const [a, b] = await lacuna.toClient([
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ]);
    expect((b!.x - a!.x) / 100).toBeGreaterThan(4);
    await drag(cdp, [middle, { x: middle.x + 60, y: middle.y }]);
    expect(at(await coverage(lacuna), { x: Math.floor(after.x), y: Math.floor(after.y) })).toBe(255);
    await close(lacuna);
  });
});

test('complaint 11: what was erased too much is restored with a brush, and nothing else', async () => {
  const lacuna = await opened();
  await lacuna.setBrush(80);
  const line = [
    { x: 80, y: 150 },
    { x: 320, y: 150 },
  ];
  await lacuna.stroke(line);
  const before = await coverage(lacuna);
  await lacuna.test('tool-restore').click();
  await lacuna.setBrush(40);
  await lacuna.stroke([
    { x: 200, y: 60 },
    { x: 200, y: 240 },
  ]);
  const after = await coverage(lacuna);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const beside = Math.abs(x + 0.5 - 200) - 20;
      // The edge of the brush is antialiased.
      if (beside > 1) expect(at(after, { x, y })).toBe(at(before, { x, y }));
      if (beside < -1) expect(at(after, { x, y })).toBe(0);
    }
  }
  await lacuna.test('undo').click();
  expect(await coverage(lacuna)).toEqual(before);
  await close(lacuna);
});

test('A1111#387: the brush reaches every edge of the picture, and paints from outside', async () => {
  const lacuna = await opened();
  // Room around it that no panel covers.
  for (let k = 0; k < 3; k++) await lacuna.page.keyboard.press('-');
  await lacuna.stroke([
    { x: -15, y: -15 },
    { x: 415, y: -15 },
    { x: 415, y: 315 },
    { x: -15, y: 315 },
    { x: -15, y: -15 },
  ]);
  expect((await lacuna.document())!.coverage).toBe(0);
  await lacuna.stroke([
    { x: -5, y: -5 },
    { x: 405, y: -5 },
    { x: 405, y: 305 },
    { x: -5, y: 305 },
    { x: -5, y: -5 },
  ]);
  const mask = await coverage(lacuna);
  for (const point of [
    { x: 0, y: 0 },
    { x: 200, y: 0 },
    { x: 399, y: 150 },
    { x: 399, y: 299 },
    { x: 0, y: 150 },
  ])
    expect(at(mask, point)).toBe(255);
  expect(at(mask, { x: 200, y: 150 })).toBe(0);
  await close(lacuna);
});

test('two clicks are two dabs and two steps: nothing zooms, and the first counts at once', async () => {
  const lacuna = await opened();
  const [spot] = await lacuna.toClient([{ x: 200, y: 150 }]);
  const zoom = await lacuna.test('zoom').textContent();
  await lacuna.page.mouse.click(spot!.x, spot!.y);
  expect((await lacuna.document())!.coverage).toBeGreaterThan(0);
  await lacuna.test('undo').click();
  await lacuna.page.mouse.dblclick(spot!.x, spot!.y);
  expect(await lacuna.test('zoom').textContent()).toBe(zoom);
  expect(at(await coverage(lacuna), { x: 200, y: 150 })).toBe(255);
  await close(lacuna);
});
