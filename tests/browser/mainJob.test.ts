import { describe, expect, test } from 'vitest';
import type { Pixels } from '../pictures.ts';
import { changedPixels, decode, landscape, pngOf, translucent } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const app = appAndBrowser();

/** Coverage of an exported mask, with the promises of its channels checked on the way. */
async function coverageOf(file: Uint8Array): Promise<Pixels & { coverage: Uint8Array }> {
  const mask = await decode(file);
  const coverage = new Uint8Array(mask.width * mask.height);
  let broken = 0;
  for (let i = 0; i < coverage.length; i++) {
    const [r, g, b, a] = mask.data.subarray(i * 4, i * 4 + 4);
    coverage[i] = r!;
    if (r !== g || g !== b || a !== 255 - r!) broken++;
  }
  expect(broken).toBe(0);
  return { ...mask, coverage };
}

describe.each([
  ['opaque', landscape(600, 420)],
  ['half transparent', translucent(333, 217)],
])('the main job on a picture that is %s', (_, original) => {
  test('open → erase → export → edit → accept → undo → redo → download → reload', async () => {
    const lacuna = await LacunaPage.open(app.browser, app.url);
    const { page } = lacuna;
    expect(await lacuna.test('status-engine').textContent()).toMatch(/offline|embedded/i);

    await lacuna.openPicture('meadow.png', await pngOf(original));
    const stage = lacuna.test('stage');
    expect(await stage.getAttribute('data-image-width')).toBe(String(original.width));
    expect(await stage.getAttribute('data-image-height')).toBe(String(original.height));

    await lacuna.setBrush(60);
    await lacuna.stroke([
      { x: 150, y: 120 },
      { x: 200, y: 130 },
      { x: 240, y: 100 },
    ]);
    const mask = await lacuna.saved('export-mask');
    expect(mask.name).toBe('meadow-mask.png');
    const { coverage, width, height } = await coverageOf(mask.bytes);
    expect([width, height]).toEqual([original.width, original.height]);
    const erased = coverage.filter((value) => value > 0).length;
    expect(erased).toBeGreaterThan(60 * 90);
    expect(coverage[120 * width + 150]).toBe(255);
    expect(coverage[10 * width + 10]).toBe(0);

    await lacuna.test('prompt').fill('A meadow with nothing in it');
    await lacuna.test('run').click();
    await lacuna.test('result-0').waitFor({ timeout: 60_000 });
    await page.getByText('0 pixels changed outside the mask').first().waitFor({ timeout: 20_000 });
    await lacuna.test('accept').click();
    await page.getByText('0 pixels changed outside the mask').first().waitFor({ timeout: 20_000 });
    expect(await lacuna.test('pixel-lock').first().textContent()).toMatch(/^0\b/);

    const outside = (index: number) => coverage[index] === 0;
    const inside = (index: number) => coverage[index] === 255;
    const finished = await lacuna.saved('download');
    expect(finished.name).toBe('meadow-lacuna.png');
    const result = await decode(finished.bytes);
    expect(changedPixels(original, result, outside)).toBe(0);
    expect(changedPixels(original, result, inside)).toBeGreaterThan(1000);

    // One step each: Accept, and the stroke before it.
    await lacuna.test('undo').click();
    expect(changedPixels(original, await decode((await lacuna.saved('download')).bytes), outside)).toBe(0);
    await lacuna.test('results').waitFor();
    await lacuna.test('redo').click();
    const again = await decode((await lacuna.saved('download')).bytes);
    expect(changedPixels(again, result)).toBe(0);

    // What was saved by itself is there after a reload: picture, layer, mask and words.
    await page.waitForTimeout(1500);
    await page.reload();
    await lacuna.ready();
    const reloaded = await decode((await lacuna.saved('download')).bytes);
    expect(changedPixels(reloaded, result)).toBe(0);
    const maskAgain = await coverageOf((await lacuna.saved('export-mask')).bytes);
    expect(Buffer.compare(maskAgain.coverage, coverage)).toBe(0);
    expect(await lacuna.test('prompt').inputValue()).toBe('A meadow with nothing in it');

    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });
});

test('undecided results survive a reload, and discarding them can be undone', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  const original = landscape(400, 300);
  await lacuna.openPicture('field.png', await pngOf(original));
  await lacuna.setBrush(50);
  await lacuna.stroke([
    { x: 200, y: 150 },
    { x: 230, y: 170 },
  ]);
  await lacuna.test('prompt').fill('An empty field');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.page.waitForTimeout(1500);
  await lacuna.page.reload();
  await lacuna.ready();
  await lacuna.test('result-0').waitFor();
  await lacuna.test('discard').click();
  await lacuna.test('results').waitFor({ state: 'hidden' });
  const plain = await decode((await lacuna.saved('download')).bytes);
  expect(changedPixels(plain, original)).toBe(0);
  await lacuna.test('undo').click();
  await lacuna.test('result-0').waitFor();
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('generate from nothing: the accepted picture becomes the document', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.test('mode-generate').click();
  await lacuna.test('prompt').fill('A red sun over a blue sea, mountains');
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.test('accept').click();
  await lacuna.ready();
  const stage = lacuna.test('stage');
  expect(await stage.getAttribute('data-image-width')).toBe('1024');
  const made = await decode((await lacuna.saved('download')).bytes);
  expect([made.width, made.height]).toEqual([1024, 1024]);
  // A picture, not a flat colour.
  expect(
    new Set(new Uint32Array(made.data.buffer, made.data.byteOffset, made.width * 4)).size,
  ).toBeGreaterThan(50);

  await lacuna.test('mode-variations').click();
  await lacuna.test('run').click();
  await lacuna.test('result-0').waitFor({ timeout: 60_000 });
  await lacuna.test('accept').click();
  await lacuna.page.waitForFunction(() => window.lacuna.document()?.frame.width === 1024);
  const varied = await decode((await lacuna.saved('download')).bytes);
  expect(changedPixels(varied, made)).toBeGreaterThan(1000);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});
