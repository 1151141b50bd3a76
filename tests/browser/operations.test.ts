import { expect, test } from 'vitest';
import { pixelRect } from '../../src/geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../../src/raster/coverage.ts';
import { maskSource } from '../../src/raster/mask.ts';
import { operateSteps } from '../../src/raster/operations/operate.ts';
import type { MaskOperation } from '../../src/raster/operations/operation.ts';
import { decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

const width = 420;
const height = 300;

const app = appAndBrowser();

async function opened(size = { width, height }): Promise<LacunaPage> {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('picture.png', await pngOf(landscape(size.width, size.height)));
  return lacuna;
}

/** A ring with a hole, and a speck beside it. */
async function painted(): Promise<LacunaPage> {
  const lacuna = await opened();
  await lacuna.setBrush(30);
  await lacuna.stroke([
    { x: 150, y: 100 },
    { x: 260, y: 110 },
    { x: 230, y: 200 },
    { x: 150, y: 100 },
  ]);
  await lacuna.setBrush(6);
  await lacuna.stroke([
    { x: 330, y: 60 },
    { x: 331, y: 60 },
  ]);
  return lacuna;
}

async function exported(lacuna: LacunaPage): Promise<Uint8Array> {
  const mask = await decode((await lacuna.saved('export-mask')).bytes);
  return Uint8Array.from({ length: mask.width * mask.height }, (_, i) => mask.data[i * 4]!);
}

/** What the operation makes of exported coverage; the operations themselves are tested beside their code. */
function expected(bytes: Uint8Array, operation: MaskOperation): Uint8Array {
  const frame = pixelRect(0, 0, width, height);
  const steps = operateSteps(maskFromCoverage(bytes, frame), frame, operation);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return coverageOf(maskSource(step.value), frame);
}

const shown = (lacuna: LacunaPage) =>
  lacuna.page.locator('[data-testid=operation-chosen][data-working=false]').waitFor();

async function setValue(lacuna: LacunaPage, value: number) {
  const field = lacuna.test('operations-panel').getByRole('spinbutton');
  await field.fill(String(value));
  await field.press('Enter');
  await shown(lacuna);
}

const operations: readonly (readonly [value: number, operation: MaskOperation])[] = [
  [12, { kind: 'grow', radius: 12 }],
  [5, { kind: 'shrink', radius: 5 }],
  [9, { kind: 'feather', sigma: 9 }],
  [6, { kind: 'smooth', sigma: 6 }],
  [10, { kind: 'border', width: 10, side: 'both' }],
  [80, { kind: 'threshold', level: 204 }],
  [20, { kind: 'specks', area: 400 }],
  [100, { kind: 'holes', area: 10_000 }],
  [1, { kind: 'largest', count: 1 }],
];

test('each operation is previewed, applied as one step, and exported as it should be', async () => {
  const lacuna = await painted();
  const before = await exported(lacuna);
  await lacuna.test('modify-mask').click();
  for (const [value, operation] of operations) {
    await lacuna.test(`operation-${operation.kind}`).click();
    await setValue(lacuna, value);
    // Nothing counts yet.
    expect((await lacuna.document())!.coverage).toBeCloseTo(
      before.reduce((a, b) => a + b) / before.length / 255,
      6,
    );
    await lacuna.test('operation-apply').click();
    await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
    const after = await exported(lacuna);
    expect(after, operation.kind).toEqual(expected(before, operation));
    expect(after, operation.kind).not.toEqual(before);
    await lacuna.test('undo').click();
    expect(await exported(lacuna), `undone: ${operation.kind}`).toEqual(before);
  }
  await lacuna.test('operation-fill-holes').click();
  await expect.poll(async () => Buffer.compare(await exported(lacuna), before)).not.toBe(0);
  expect(await exported(lacuna)).toEqual(expected(before, { kind: 'holes', area: null }));
  await lacuna.test('operation-fill').click();
  expect((await lacuna.document())!.coverage).toBe(1);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('Cancel, Escape, undo, closing and a stroke leave nothing of a preview behind', async () => {
  const lacuna = await painted();
  const before = await exported(lacuna);
  const { page } = lacuna;
  const ways: readonly (() => Promise<void>)[] = [
    () => lacuna.test('operation-cancel').click(),
    () => page.keyboard.press('Escape'),
    () => page.keyboard.press('Control+z'),
    () => lacuna.test('panel-close').click(),
    () => lacuna.test('modify-mask').click(),
  ];
  for (const end of ways) {
    if (!(await lacuna.test('operations-panel').isVisible())) await lacuna.test('modify-mask').click();
    await lacuna.test('operation-grow').click();
    await shown(lacuna);
    await end();
    await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
    expect(await exported(lacuna)).toEqual(before);
    expect(await lacuna.test('redo').isDisabled()).toBe(true);
  }
  await lacuna.test('modify-mask').click();
  await lacuna.test('operation-feather').click();
  await shown(lacuna);
  await lacuna.stroke([{ x: 60, y: 240 }]);
  await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
  await lacuna.test('undo').click();
  expect(await exported(lacuna)).toEqual(before);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('a dragged slider is one step, and its last value comes back', async () => {
  const lacuna = await painted();
  const before = await exported(lacuna);
  await lacuna.test('modify-mask').click();
  await lacuna.test('operation-grow').click();
  const slider = (await lacuna.test('operation-value').boundingBox())!;
  const y = slider.y + slider.height / 2;
  await lacuna.page.mouse.move(slider.x + 16, y);
  await lacuna.page.mouse.down();
  for (let k = 1; k <= 20; k++) await lacuna.page.mouse.move(slider.x + 16 + k * 4, y);
  await lacuna.page.mouse.up();
  const radius = Number(await lacuna.test('operation-value').inputValue());
  expect(radius).toBeGreaterThan(20);
  // Not waited for: what is applied is what the slider says.
  await lacuna.test('operation-apply').click();
  await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
  expect(await exported(lacuna)).toEqual(expected(before, { kind: 'grow', radius }));
  await lacuna.test('undo').click();
  expect(await exported(lacuna)).toEqual(before);
  await lacuna.test('operation-grow').click();
  expect(await lacuna.test('operation-value').inputValue()).toBe(String(radius));
  await lacuna.close();
});

test('while a slider is dragged over a large picture, what it does is seen', async () => {
  const lacuna = await opened({ width: 4096, height: 3072 });
  await lacuna.setBrush(600);
  await lacuna.stroke([
    { x: 900, y: 900 },
    { x: 3000, y: 900 },
    { x: 2000, y: 2400 },
    { x: 900, y: 900 },
  ]);
  await lacuna.test('modify-mask').click();
  await lacuna.test('operation-grow').click();
  const slider = (await lacuna.test('operation-value').boundingBox())!;
  const y = slider.y + slider.height / 2;
  await lacuna.page.mouse.move(slider.x + 16, y);
  await lacuna.page.mouse.down();
  const seen = new Set<string | null>();
  const until = Date.now() + 60_000;
  for (let k = 0; seen.size < 4 && Date.now() < until; k++) {
    await lacuna.page.mouse.move(slider.x + 16 + (k % 80), y);
    await lacuna.page.waitForTimeout(30);
    seen.add(
      await lacuna
        .test('operation-chosen')
        .getByText('→')
        .textContent({ timeout: 5000 })
        .catch(() => null),
    );
  }
  expect(seen.size).toBe(4);
  await lacuna.page.mouse.up();
  await lacuna.close();
});

test('by keyboard alone', async () => {
  const lacuna = await painted();
  const before = await exported(lacuna);
  const { page } = lacuna;
  await lacuna.test('modify-mask').focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await lacuna.test('operations-panel').waitFor();
  const press = async (id: string, key: string) => {
    for (let k = 0; k < 30; k++) {
      if ((await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))) === id) break;
      await page.keyboard.press('Tab');
    }
    await expect(page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).resolves.toBe(id);
    await page.keyboard.press(key);
  };
  await press('operation-grow', 'Enter');
  await shown(lacuna);
  await press('operation-value', 'ArrowRight');
  await shown(lacuna);
  await press('operation-apply', 'Enter');
  await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
  expect(await exported(lacuna)).toEqual(expected(before, { kind: 'grow', radius: 9 }));
  await lacuna.close();
});

test('at 8192² an operation can be cancelled, and the page answers meanwhile', async () => {
  const lacuna = await opened({ width: 8192, height: 8192 });
  await lacuna.setBrush(1000);
  await lacuna.stroke([
    { x: 1500, y: 1500 },
    { x: 6000, y: 2500 },
    { x: 3000, y: 6500 },
  ]);
  const before = (await lacuna.document())!.coverage;
  await lacuna.test('modify-mask').click();
  await lacuna.test('operation-grow').click();
  const field = lacuna.test('operations-panel').getByRole('spinbutton');
  await field.fill('256');
  const longest = await lacuna.page.evaluate(async () => {
    let gap = 0;
    let last = performance.now();
    for (let k = 0; k < 20; k++) {
      await new Promise(requestAnimationFrame);
      gap = Math.max(gap, performance.now() - last);
      last = performance.now();
    }
    return gap;
  });
  expect(longest).toBeLessThan(5000);
  await lacuna.test('operation-cancel').click();
  await lacuna.test('operation-chosen').waitFor({ state: 'detached' });
  expect((await lacuna.document())!.coverage).toBe(before);
  await lacuna.test('operation-grow').click();
  await shown(lacuna);
  await lacuna.test('operation-apply').click();
  await expect
    .poll(async () => (await lacuna.document())!.coverage, { timeout: 60_000 })
    .toBeGreaterThan(before);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});
