import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { changedPixels, decode, draw, landscape, pngOf } from '../pictures.ts';
import { fakeUpstream, sendJson, soon, type Upstream, type UpstreamCall } from '../server/support.ts';
import { LacunaPage } from './lacunaPage.ts';

const KEY = 'sk-test-0123456789abcdefghijklmnop';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** A flat picture of the size that was asked for. */
async function paint({ fields }: UpstreamCall) {
  const [width = 0, height = 0] = String(fields['size']).split('x').map(Number);
  const picture = draw(width, height, () => [200, 40, 60, 255]);
  return { created: 1, data: [{ b64_json: (await pngOf(picture)).toString('base64') }] };
}

/** The app in front of an image service that records what it gets. */
async function openApp(): Promise<{ lacuna: LacunaPage; upstream: Upstream; heard: string[] }> {
  const upstream = await fakeUpstream();
  upstream.answer = async (call, response) => sendJson(response, 200, await paint(call));
  const app = await startApp({
    env: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      IMAGE_MODEL: 'gpt-image-2.6-sunburst',
    },
  });
  const lacuna = await LacunaPage.open(browser, app.url);
  const heard: string[] = [];
  lacuna.page.on('response', async (response) => {
    const body = await response.text().catch(() => '');
    heard.push(JSON.stringify(response.headers()), body);
  });
  onTestFinished(async () => {
    await lacuna.close();
    await app.stop();
    expect(app.output()).not.toContain(KEY);
  });
  return { lacuna, upstream, heard };
}

async function openErased(lacuna: LacunaPage, width = 600, height = 420) {
  const original = landscape(width, height);
  await lacuna.openPicture('field.png', await pngOf(original));
  await lacuna.setBrush(60);
  await lacuna.stroke([
    { x: 200, y: 150 },
    { x: 260, y: 180 },
  ]);
  await lacuna.test('prompt').fill('A field with a red ball');
  return original;
}

test('sub2api#6273: a service that repaints everything changes nothing outside the mask', async () => {
  const { lacuna, upstream, heard } = await openApp();
  const original = await openErased(lacuna);
  const mask = await decode((await lacuna.saved('export-mask')).bytes);
  await lacuna.test('run').dblclick();
  await lacuna.test('result-0').waitFor();
  await lacuna.test('accept').click();
  await lacuna.page.getByText('0 pixels changed outside the mask').first().waitFor();
  const result = await decode((await lacuna.saved('download')).bytes);
  expect(changedPixels(original, result, (i) => mask.data[i * 4] === 0)).toBe(0);
  expect(changedPixels(original, result, (i) => mask.data[i * 4] === 255)).toBeGreaterThan(1000);
  // The middle of the stroke is the service's colour, where it was put.
  expect([...result.data.subarray((165 * 600 + 230) * 4, (165 * 600 + 230) * 4 + 4)]).toEqual([
    200, 40, 60, 255,
  ]);

  expect(upstream.calls.length).toBe(1);
  const [call] = upstream.calls;
  expect(call!.path).toBe('/v1/images/edits');
  expect(call!.headers.authorization).toBe(`Bearer ${KEY}`);
  const sent = await decode(call!.files['mask']!.data);
  const picture = await decode(call!.files['image']!.data);
  expect([sent.width, sent.height]).toEqual([picture.width, picture.height]);
  expect(`${sent.width}x${sent.height}`).toBe(call!.fields['size']);
  expect(heard.length).toBeGreaterThan(2);
  expect(heard.join('\n')).not.toContain(KEY);
  expect(await lacuna.page.content()).not.toContain(KEY);
});

test('variations go to the edits of a service that has none of its own, without a mask', async () => {
  const { lacuna, upstream } = await openApp();
  await openErased(lacuna);
  await lacuna.test('mode-variations').click();
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();
  expect(upstream.calls.map(({ path }) => path)).toEqual(['/v1/images/edits']);
  expect(Object.keys(upstream.calls[0]!.files)).toEqual(['image']);
});

test('cancel hangs up on the service, and the mask and the words stay', async () => {
  const { lacuna, upstream } = await openApp();
  const calls = Promise.withResolvers<UpstreamCall>();
  upstream.answer = (call) => calls.resolve(call);
  await openErased(lacuna);
  await lacuna.test('run').click();
  const call = await soon(calls.promise, 'the request');
  await lacuna.test('cancel').click();
  await soon(call.hungUp, 'hanging up');
  await lacuna.test('run').waitFor();
  expect(await lacuna.test('prompt').inputValue()).toBe('A field with a red ball');
  expect((await lacuna.document())!.coverage).toBeGreaterThan(0.01);
  expect(await lacuna.test('error').count()).toBe(0);
});

test('ZJT#480: a refusal is told in words, once, and nothing is lost or sent again', async () => {
  const { lacuna, upstream } = await openApp();
  upstream.answer = (_, response) =>
    sendJson(response, 400, {
      error: {
        message: `Your request was rejected by the safety system. Key ${KEY}. safety_violations=[violence].`,
        type: 'image_generation_user_error',
        param: null,
        code: 'moderation_blocked',
      },
    });
  await openErased(lacuna);
  await lacuna.test('run').click();
  await lacuna.test('error').waitFor();
  expect(await lacuna.test('error').getAttribute('data-code')).toBe('moderation_blocked');
  expect(await lacuna.test('error').textContent()).not.toContain(KEY);
  expect(upstream.calls.length).toBe(1);
  upstream.answer = async (call, response) => sendJson(response, 200, await paint(call));
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor();
  expect(upstream.calls.length).toBe(2);
});
