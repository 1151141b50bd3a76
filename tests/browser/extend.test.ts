import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { changedPixels, decode, draw, landscape, type Pixels, pngOf } from '../pictures.ts';
import { sendJson, soon, type Upstream, type UpstreamCall } from '../server/support.ts';
import { FAITHFUL } from '../softMask/softMaskModel.ts';
import { truth } from '../softMask/truth.ts';
import type { LacunaPage, Rect } from './lacunaPage.ts';
import { downloaded, expectFound, growFrame, nothingChangedOutside, openWithService } from './serviceApp.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** How far an extension is asked for into the picture. */
const OVERLAP = 16;

const edge = 1024;
const width = 5000;

const layers = async (lacuna: LacunaPage) => (await lacuna.document())!.layers;

/** How many steps the button names. */
async function stepsNamed(lacuna: LacunaPage): Promise<number> {
  const text = await lacuna.test('run').textContent();
  return Number(/in (\d+) steps/.exec(text ?? '')?.[1] ?? 1);
}

/** Runs, and waits until nothing runs any more. */
async function runToEnd(lacuna: LacunaPage) {
  await lacuna.test('run').click();
  await lacuna.test('cancel').waitFor();
  await lacuna.test('cancel').waitFor({ state: 'hidden', timeout: 100_000 });
}

const distortion = { ...FAITHFUL, shiftX: 2.4, shiftY: -1.3, gain: [1.04, 0.97, 1] as const };

/** A service of three fixed sizes, and a square picture whose frame is five times as wide. */
async function openWide() {
  const opened = await openWithService(browser, { model: 'gpt-image-1.5', distortion });
  const size = { width: edge, height: edge };
  const original = { ...size, data: truth('scene', size, 2) };
  const { lacuna } = opened;
  await lacuna.openPicture('square.png', await pngOf(original));
  await lacuna.test('prompt').fill('A wide land with rings in the sky');
  await growFrame(lacuna, { right: width - edge });
  // The button follows the picture a moment later.
  await expect.poll(() => stepsNamed(lacuna)).toBeGreaterThan(1);
  return { ...opened, original };
}

/** The left part of a picture. */
const leftOf = (picture: Pixels, columns: number): Pixels =>
  draw(columns, picture.height, (x, y) => {
    const at = (y * picture.width + x) * 4;
    return [...picture.data.subarray(at, at + 4)] as [number, number, number, number];
  });

const transparent = ({ data }: Pixels) => data.reduce((n, v, i) => n + (i % 4 === 3 && v < 255 ? 1 : 0), 0);

/** All of the frame is there, and the picture is as it was but for the overlap. */
async function expectExtended(lacuna: LacunaPage, original: Pixels) {
  await nothingChangedOutside(lacuna);
  const result = await downloaded(lacuna);
  expect([result.width, result.height]).toEqual([width, edge]);
  expect(transparent(result)).toBe(0);
  expect(result.recipe.changedOutside).toBe(0);
  expectFound(result.recipe, distortion);
  const kept = edge - OVERLAP;
  expect(changedPixels(leftOf(result, kept), leftOf(original, kept))).toBe(0);
}

/** Answers as before but for one call, which `instead` takes. */
function interrupt(upstream: Upstream, at: number, instead: Upstream['answer']) {
  const { answer } = upstream;
  upstream.answer = (call, response) => (upstream.calls.length === at ? instead : answer)(call, response);
}

test('a large extension: as many steps as the button says, a layer and an undo step each, nothing left empty', async () => {
  const { lacuna, upstream, original } = await openWide();
  const steps = await stepsNamed(lacuna);
  expect(steps).toBeGreaterThanOrEqual(3);
  await runToEnd(lacuna);
  expect(await lacuna.test('error').count()).toBe(0);
  expect(upstream.calls.length).toBe(steps);
  expect(upstream.calls.every(({ path, files }) => path === '/v1/images/edits' && files['mask'])).toBe(true);
  expect((await layers(lacuna)).length).toBe(steps);
  await expectExtended(lacuna, original);
  // Nothing is left to be asked for.
  await expect.poll(() => lacuna.test('run').textContent()).not.toMatch(/extend/i);
  for (let left = steps - 1; left >= 0; left--) {
    await lacuna.test('undo').click();
    expect((await layers(lacuna)).length).toBe(left);
    await expect.poll(() => stepsNamed(lacuna)).toBe(steps - left);
  }
  expect((await lacuna.document())!.frame.width).toBe(width);
  await lacuna.test('undo').click();
  expect((await lacuna.document())!.frame.width).toBe(edge);
  for (let k = 0; k <= steps; k++) await lacuna.test('redo').click();
  expect((await layers(lacuna)).length).toBe(steps);
  expect(lacuna.errors()).toEqual([]);
});

test('Cancel keeps the steps that are done, and running again asks for the rest only', async () => {
  const { lacuna, upstream, original } = await openWide();
  const steps = await stepsNamed(lacuna);
  const second = Promise.withResolvers<UpstreamCall>();
  interrupt(upstream, 2, (call) => second.resolve(call));
  await lacuna.test('run').click();
  const call = await second.promise;
  // The first step is there while the second runs.
  expect((await layers(lacuna)).length).toBe(1);
  expect(await lacuna.page.locator('.job').textContent()).toMatch(new RegExp(`2.*${steps}`));
  await lacuna.test('cancel').click();
  await soon(call.hungUp, 'hanging up');
  await lacuna.test('run').waitFor();
  expect((await layers(lacuna)).length).toBe(1);
  expect(await lacuna.test('error').count()).toBe(0);
  await expect.poll(() => stepsNamed(lacuna)).toBe(steps - 1);
  await runToEnd(lacuna);
  expect(upstream.calls.length).toBe(2 + steps - 1);
  expect((await layers(lacuna)).length).toBe(steps);
  await expectExtended(lacuna, original);
});

test('a step that fails leaves what was done, and running again goes on from there', async () => {
  const { lacuna, upstream, original } = await openWide();
  const steps = await stepsNamed(lacuna);
  interrupt(upstream, 2, (_, response) => sendJson(response, 500, { error: { message: 'Broken.' } }));
  await runToEnd(lacuna);
  await lacuna.test('error').waitFor();
  expect(upstream.calls.length).toBe(2);
  expect((await layers(lacuna)).length).toBe(1);
  await runToEnd(lacuna);
  expect(await lacuna.test('error').count()).toBe(0);
  expect(upstream.calls.length).toBe(2 + steps - 1);
  expect((await layers(lacuna)).length).toBe(steps);
  await expectExtended(lacuna, original);
});

/** Every pixel's colour says where it lies. */
const placed = (w: number, h: number) =>
  draw(w, h, (x, y) => [x & 255, y & 255, (x >> 8) | ((y >> 8) << 4), 255]);

/** Which part of such a picture a request has sent, unscaled. */
async function sentRect(call: UpstreamCall): Promise<Rect> {
  const { data, width: columns, height: rows } = await decode(call.files['image']!.data);
  const at = (i: number) => ({
    x: data[i]! + ((data[i + 2]! & 15) << 8),
    y: data[i + 1]! + ((data[i + 2]! >> 4) << 8),
  });
  const from = at(0);
  const to = at((rows * columns - 1) * 4);
  return { ...from, width: to.x - from.x + 1, height: to.y - from.y + 1 };
}

const mark = { x: 400, y: 300 };

/** A large picture with small marks. */
async function openMarked(original = placed(3000, 2000), marks = [mark]) {
  const opened = await openWithService(browser);
  const { lacuna } = opened;
  await lacuna.openPicture('large.png', await pngOf(original));
  await lacuna.setBrush(80);
  for (const { x, y } of marks) {
    await lacuna.stroke([
      { x, y },
      { x: x + 40, y },
    ]);
  }
  await lacuna.test('prompt').fill('Two rings');
  return { ...opened, original, mask: await decode((await lacuna.saved('export-mask')).bytes) };
}

async function choosePlan(lacuna: LacunaPage, key: string) {
  await lacuna.test('plan').click();
  await lacuna.test(`plan-${key}`).click();
  await lacuna.page.keyboard.press('Escape');
}

async function runAndAccept(lacuna: LacunaPage) {
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.test('cancel').waitFor({ state: 'hidden' });
  await lacuna.test('accept').click();
  await nothingChangedOutside(lacuna);
}

test('marks far apart become requests of their own, and one result', async () => {
  // So large that one request for both would have to be scaled down.
  const original = landscape(4800, 3600);
  const marks = [mark, { x: 4300, y: 3200 }];
  const { lacuna, upstream, mask } = await openMarked(original, marks);
  await choosePlan(lacuna, 'split');
  expect(await lacuna.test('plan').textContent()).toMatch(/2/);
  await runAndAccept(lacuna);
  expect(upstream.calls.length).toBe(2);
  expect((await layers(lacuna)).length).toBe(2);
  const result = await downloaded(lacuna);
  expect(changedPixels(original, result, (i) => mask.data[i * 4] === 0)).toBe(0);
  for (const { x, y } of marks) {
    const near = (i: number) =>
      Math.hypot((i % original.width) - x - 20, Math.floor(i / original.width) - y) < 30 &&
      mask.data[i * 4] === 255;
    expect(changedPixels(original, result, near)).toBeGreaterThan(2000);
  }
  await lacuna.test('undo').click();
  expect((await layers(lacuna)).length).toBe(0);
});

test('the whole picture or a close-up is sent when it is chosen', async () => {
  const { lacuna, upstream, original, mask } = await openMarked();
  const sentOf = async () => decode(upstream.calls.at(-1)!.files['image']!.data);
  await choosePlan(lacuna, 'whole');
  await runAndAccept(lacuna);
  const whole = await sentOf();
  expect(whole.width / whole.height).toBeCloseTo(1.5, 1);
  expect([...whole.data.subarray(0, 2)]).toEqual([0, 0]);
  await lacuna.test('undo').click();
  await lacuna.test('discard').click();
  await choosePlan(lacuna, 'close-up');
  await runAndAccept(lacuna);
  const close = await sentOf();
  // Twice as many px as the document has there: neighbours differ by less than 1 in red.
  const row = (close.height >> 1) * close.width * 4;
  const across = close.data[row + 4 * 40]! - close.data[row + 4 * 20]!;
  expect(across).toBeGreaterThan(0);
  expect(across).toBeLessThan(10);
  const result = await downloaded(lacuna);
  expect(changedPixels(original, result, (i) => mask.data[i * 4] === 0)).toBe(0);
  expect(changedPixels(original, result, (i) => mask.data[i * 4] === 255)).toBeGreaterThan(2000);
});

test('a frame that the user drags is what the service gets', async () => {
  const { lacuna, upstream } = await openMarked();
  await lacuna.test('plan-label').click();
  const box = async () => (await lacuna.page.locator('.stage .rect').boundingBox())!;
  const before = await box();
  const { mouse } = lacuna.page;
  const edgeOf = { x: before.x + before.width, y: before.y + before.height / 2 };
  await mouse.move(edgeOf.x, edgeOf.y);
  await mouse.down();
  await mouse.move(edgeOf.x + 60, edgeOf.y);
  await mouse.move(edgeOf.x + 90, edgeOf.y);
  await mouse.up();
  const drawn = await box();
  expect(drawn.width).toBeGreaterThan(before.width + 60);
  const corners = await lacuna.page.evaluate(
    ([x, y, w, h]) => [
      window.lacuna.clientToImage({ x: x!, y: y! }),
      window.lacuna.clientToImage({ x: x! + w!, y: y! + h! }),
    ],
    [drawn.x, drawn.y, drawn.width, drawn.height],
  );
  await runAndAccept(lacuna);
  const sent = await sentRect(upstream.calls[0]!);
  const wanted = [corners[0]!.x, corners[0]!.y, corners[1]!.x, corners[1]!.y].map((v) => Math.max(0, v));
  for (const [k, value] of [sent.x, sent.y, sent.x + sent.width, sent.y + sent.height].entries()) {
    expect(Math.abs(value - wanted[k]!)).toBeLessThan(4);
  }
});

test('with a limit set, a request whose price nobody knows is not sent', async () => {
  const { lacuna, upstream } = await openMarked();
  await lacuna.page.evaluate(() => {
    const saved = { version: 1, perRequest: 0.5, perDay: null, day: '', spent: 0 };
    localStorage.setItem('lacuna.spending', JSON.stringify(saved));
  });
  await lacuna.test('run').click();
  await lacuna.test('error').waitFor();
  expect(await lacuna.test('error').getAttribute('data-code')).toBe('price_unknown');
  expect(upstream.calls.length).toBe(0);
});
