import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { changedPixels, decode, jpegOf, type Pixels, pngOf } from '../pictures.ts';
import { FAITHFUL } from '../softMask/softMaskModel.ts';
import { LacunaPage, type Point } from './lacunaPage.ts';
import { downloaded, expectFound, growFrame, nothingChangedOutside, openWithService } from './serviceApp.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** How far an extension is asked for into the picture. */
const OVERLAP = 16;

/** What the service does to everything that it returns. */
const distortion = {
  ...FAITHFUL,
  scaleX: 1.004,
  scaleY: 1.004,
  shiftX: 2.3,
  shiftY: -1.6,
  gain: [1.05, 0.97, 1] as const,
  noise: 1,
  repaint: 0.08,
};

/** Hills of stripes and a grid: texture everywhere, drawn fast, small as a file. Opaque. */
function hills(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    const dark = (y >> 5) & 1 ? 26 : 0;
    for (let x = 0; x < width; x++, at += 4) {
      const wave = (((x + ((y * y) >> 9)) >> 4) & 7) * 11;
      data[at] = 40 + wave + dark;
      data[at + 1] = 170 - wave;
      data[at + 2] = 60 + ((x >> 6) & 1) * 40 + dark;
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

interface Case {
  readonly name: string;
  readonly file: () => Promise<Buffer>;
  readonly mime: 'image/png' | 'image/jpeg';
  /** As it is shown. */
  readonly size: { readonly width: number; readonly height: number };
  readonly brush: number;
  readonly sides: { readonly left?: number; readonly top?: number; readonly right?: number };
}

const pngCase = (width: number, height: number, brush: number, sides: Case['sides']): Case => ({
  name: `${width} × ${height}`,
  file: () => pngOf(hills(width, height)),
  mime: 'image/png',
  size: { width, height },
  brush,
  sides,
});

const cases: readonly Case[] = [
  pngCase(640, 427, 60, { left: 90, top: 50 }),
  {
    name: '4032 × 3024, turned by its EXIF',
    file: () => jpegOf(hills(4032, 3024), 6),
    mime: 'image/jpeg',
    size: { width: 3024, height: 4032 },
    brush: 160,
    sides: { top: 240 },
  },
  pngCase(8192, 5464, 300, { right: 512 }),
  pngCase(3072, 1024, 120, { right: 300 }),
];

async function openApp(service: 'embedded engine' | 'soft-mask service'): Promise<LacunaPage> {
  if (service === 'soft-mask service') return (await openWithService(browser, { distortion })).lacuna;
  const app = await startApp();
  const lacuna = await LacunaPage.open(browser, app.url);
  onTestFinished(async () => {
    await lacuna.close();
    await app.stop();
  });
  return lacuna;
}

/** Pixels of `after`, whose picture lies at `at`, that differ from `before` where `counts` says so. */
function changedFrom(
  before: Pixels,
  after: Pixels,
  at: Point,
  counts: (x: number, y: number) => boolean,
): number {
  const row = before.width * 4;
  const moved = new Uint8Array(before.data.length);
  for (let y = 0; y < before.height; y++) {
    const start = ((y + at.y) * after.width + at.x) * 4;
    moved.set(after.data.subarray(start, start + row), y * row);
  }
  return changedPixels(before, { ...before, data: moved }, (i) => {
    const x = i % before.width;
    return counts(x, (i - x) / before.width);
  });
}

describe.each(['embedded engine', 'soft-mask service'] as const)('with the %s', (service) => {
  test.each(cases)('$name: edited and extended, and nothing else changes', async (picture) => {
    const { size, brush, sides } = picture;
    const lacuna = await openApp(service);
    await lacuna.openPicture('hills', await picture.file(), picture.mime);
    expect((await lacuna.document())!.frame).toEqual({ x: 0, y: 0, ...size });
    // What the app decodes is the original; of a PNG it is known.
    const original = await downloaded(lacuna);
    if (picture.mime === 'image/png') {
      expect(changedPixels(hills(size.width, size.height), original)).toBe(0);
    }

    await lacuna.setBrush(brush);
    const [x, y] = [Math.round(size.width * 0.4), Math.round(size.height * 0.55)];
    await lacuna.stroke([
      { x, y },
      { x: x + brush, y: y + brush / 3 },
    ]);
    const mask = await decode((await lacuna.saved('export-mask')).bytes);
    expect([mask.width, mask.height]).toEqual([size.width, size.height]);
    await lacuna.test('prompt').fill('A ring in the hills');
    await lacuna.test('run').click();
    await lacuna.test('result-0').waitFor({ timeout: 90_000 });
    await lacuna.test('accept').click();
    await nothingChangedOutside(lacuna);
    const edited = await downloaded(lacuna);
    expect(edited.recipe.changedOutside).toBe(0);
    const covered = mask.data.reduce((n, v, i) => n + (i % 4 === 0 && v > 0 ? 1 : 0), 0);
    expect(covered).toBeGreaterThan(brush * brush);
    expect(changedPixels(original, edited, (i) => mask.data[i * 4] === 0)).toBe(0);
    expect(changedPixels(original, edited, (i) => mask.data[i * 4]! > 0)).toBeGreaterThan(covered / 10);

    const before = (await lacuna.document())!.layers.length;
    await lacuna.page.keyboard.press('Delete');
    await growFrame(lacuna, sides);
    await lacuna.test('run').click();
    await lacuna.test('cancel').waitFor();
    await lacuna.test('cancel').waitFor({ state: 'hidden', timeout: 100_000 });
    expect(await lacuna.test('error').count()).toBe(0);
    // Of one step it is a result to be decided on; several are accepted as they come.
    if ((await lacuna.test('accept').count()) > 0) await lacuna.test('accept').click();
    expect((await lacuna.document())!.layers.length).toBeGreaterThan(before);
    await nothingChangedOutside(lacuna);
    const extended = await downloaded(lacuna);
    expect(extended.recipe.changedOutside).toBe(0);
    if (service === 'soft-mask service') expectFound(extended.recipe, distortion);
    const { left = 0, top = 0, right = 0 } = sides;
    expect([extended.width, extended.height]).toEqual([size.width + left + right, size.height + top]);
    const kept = (px: number, py: number) =>
      (left === 0 || px >= OVERLAP) &&
      (top === 0 || py >= OVERLAP) &&
      (right === 0 || px < size.width - OVERLAP);
    expect(changedFrom(edited, extended, { x: left, y: top }, kept)).toBe(0);
    let transparent = 0;
    for (let i = 3; i < extended.data.length; i += 4) if (extended.data[i] !== 255) transparent++;
    expect(transparent).toBe(0);
    expect(lacuna.errors()).toEqual([]);
  });
});
