import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { changedPixels, decode, landscape, type Pixels, pngOf, translucent } from '../pictures.ts';
import type { UpstreamCall } from '../server/support.ts';
import { FAITHFUL } from '../softMask/softMaskModel.ts';
import { truth } from '../softMask/truth.ts';
import type { LacunaPage, Point } from './lacunaPage.ts';
import { downloaded, nothingChangedOutside, openWithService } from './serviceApp.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const distortion = {
  ...FAITHFUL,
  scaleX: 0.992,
  scaleY: 0.992,
  shiftX: -3.2,
  shiftY: 4.1,
  gain: [0.95, 1.03, 1.05] as const,
  loss: 2,
  repaint: 0.1,
};

async function paint(lacuna: LacunaPage, { x, y }: Point) {
  await lacuna.setBrush(60);
  await lacuna.stroke([
    { x, y },
    { x: x + 70, y: y + 20 },
  ]);
}

const maskNow = async (lacuna: LacunaPage) => decode((await lacuna.saved('export-mask')).bytes);
const outside = (mask: Pixels) => (i: number) => mask.data[i * 4] === 0;

test('a picture with transparency keeps alpha and hidden colours outside, and is opaque where it was filled', async () => {
  const { lacuna } = await openWithService(browser, { distortion });
  const original = translucent(640, 427);
  await lacuna.openPicture('glass.png', await pngOf(original));
  await paint(lacuna, { x: 200, y: 200 });
  const mask = await maskNow(lacuna);
  await lacuna.test('prompt').fill('A ring');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();
  await lacuna.test('accept').click();
  await nothingChangedOutside(lacuna);
  const result = await downloaded(lacuna);
  expect(changedPixels(original, result, outside(mask))).toBe(0);
  expect(changedPixels(original, result, (i) => mask.data[i * 4]! > 0)).toBeGreaterThan(5000);
  const middle = (205 * 640 + 235) * 4;
  expect(result.data[middle + 3]).toBe(255);
  expect(lacuna.errors()).toEqual([]);
});

test('what is accepted while a request runs counts as the picture before', async () => {
  const { lacuna, upstream } = await openWithService(browser, { distortion });
  const original = landscape(640, 427);
  await lacuna.openPicture('field.png', await pngOf(original));
  await lacuna.test('prompt').fill('Two rings');
  await paint(lacuna, { x: 120, y: 120 });
  const first = await maskNow(lacuna);
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();

  const { answer } = upstream;
  const second = Promise.withResolvers<() => void>();
  upstream.answer = (call, response) => second.resolve(() => void answer(call, response));
  await lacuna.page.keyboard.press('Delete');
  await paint(lacuna, { x: 160, y: 150 });
  const mask = await maskNow(lacuna);
  await lacuna.test('run').click();
  const release = await second.promise;
  await lacuna.test('accept').click();
  await nothingChangedOutside(lacuna);
  const between = await downloaded(lacuna);
  expect(changedPixels(original, between, outside(first))).toBe(0);

  release();
  await lacuna.test('result-0').waitFor();
  await lacuna.test('accept').click();
  await nothingChangedOutside(lacuna);
  const result = await downloaded(lacuna);
  expect(changedPixels(between, result, outside(mask))).toBe(0);
  expect(changedPixels(between, result, (i) => mask.data[i * 4]! > 0)).toBeGreaterThan(2000);
  expect(result.recipe.changedOutside).toBe(0);
  expect(upstream.calls.length).toBe(2);
});

test('several results: each can be looked at, one is accepted, and nothing is asked for again', async () => {
  const { lacuna, upstream } = await openWithService(browser, { distortion: { ...distortion, noise: 3 } });
  const original = landscape(640, 427);
  await lacuna.openPicture('field.png', await pngOf(original));
  await paint(lacuna, { x: 200, y: 200 });
  const mask = await maskNow(lacuna);
  await lacuna.test('prompt').fill('A ring');
  await lacuna.test('settings').click();
  await lacuna.page.getByRole('button', { name: 'More', exact: false }).first().click();
  await lacuna.page.keyboard.press('Escape');
  await lacuna.test('run').click();
  await lacuna.test('result-1').waitFor();
  expect(upstream.calls[0]!.fields['n']).toBe('2');
  const shown: Pixels[] = [];
  for (const k of [0, 1]) {
    await lacuna.test(`result-${k}`).click();
    await nothingChangedOutside(lacuna);
    shown.push(await downloaded(lacuna));
  }
  expect(changedPixels(shown[0]!, shown[1]!)).toBeGreaterThan(100);
  await lacuna.test('accept').click();
  const result = await downloaded(lacuna);
  expect(changedPixels(result, shown[1]!)).toBe(0);
  expect(changedPixels(original, result, outside(mask))).toBe(0);
  expect(upstream.calls.length).toBe(1);
});

test('an answer that shows something else changes nothing outside either', async () => {
  const { lacuna, upstream } = await openWithService(browser);
  const other = (call: UpstreamCall) => String(call.fields['size']).split('x').map(Number);
  upstream.answer = async (call, response) => {
    const [width = 0, height = 0] = other(call);
    const data = truth('edges', { width, height }, 5);
    const picture = (await pngOf({ width, height, data })).toString('base64');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ created: 1, data: [{ b64_json: picture }] }));
  };
  const original: Pixels = { width: 640, height: 427, data: truth('scene', { width: 640, height: 427 }, 3) };
  await lacuna.openPicture('scene.png', await pngOf(original));
  await paint(lacuna, { x: 200, y: 200 });
  const mask = await maskNow(lacuna);
  await lacuna.test('prompt').fill('Boxes');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();
  await lacuna.test('accept').click();
  await nothingChangedOutside(lacuna);
  const result = await downloaded(lacuna);
  expect(changedPixels(original, result, outside(mask))).toBe(0);
  expect(JSON.stringify(result.recipe)).toMatch(/"fit":\{"kind":"(reframed|unclear)"/);
});
