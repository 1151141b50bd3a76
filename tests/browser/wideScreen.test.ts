import type { Browser, Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISPLAY_P3 } from '../../src/codec/colour/rgbSpace.ts';
import { matrixProfile } from '../../src/codec/colour/writeProfile.ts';
import { decodePng, readPng } from '../../src/codec/png/decode.ts';
import { encodePng } from '../../src/codec/png/encode.ts';
import type { RunningApp } from '../app.ts';
import { startApp } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { draw } from '../pictures.ts';
import { LacunaPage, type Point } from './lacunaPage.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const WIDTH = 320;
const HEIGHT = 200;
/** Columns of strong colours, and greys below. */
const COLOURS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 160, 0],
  [200, 100, 50],
  [128, 128, 128],
  [30, 200, 180],
  [250, 250, 250],
] as const;
const picture = draw(WIDTH, HEIGHT, (x) => [...COLOURS[Math.floor((x * 8) / WIDTH)]!, 255]);

async function png(icc: Uint8Array | null): Promise<Buffer> {
  const readRows = (from: number, end: number) => picture.data.subarray(from * WIDTH * 4, end * WIDTH * 4);
  const tags = { icc, cicp: null, calibration: null };
  const blob = await encodePng(
    { width: WIDTH, height: HEIGHT, opaque: true, readRows, tags },
    async () => undefined,
  );
  return Buffer.from(await blob.arrayBuffer());
}

/** The numbers that the screen gets. Our own decoder: libvips would convert them from the screen's profile. */
async function numbersAt(page: Page, places: readonly Point[]): Promise<number[][]> {
  const file = Uint8Array.from(await page.screenshot());
  const { width } = await sharp(file).metadata();
  const pause = async () => undefined;
  const pixels = await decodePng(await readPng(file, pause), pause);
  return places.map(({ x, y }) => {
    const at = (Math.round(y) * width + Math.round(x)) * 4;
    return [...pixels.subarray(at, at + 3)];
  });
}

async function shown(lacuna: LacunaPage): Promise<number[][]> {
  // Then the view from the exact pixels has taken the place of the first.
  await lacuna.page.waitForTimeout(400);
  const points = COLOURS.map((_, i) => ({ x: (i + 0.5) * (WIDTH / 8), y: HEIGHT / 2 }));
  return numbersAt(lacuna.page, await lacuna.toClient(points));
}

async function open(browser: Browser, file: Buffer, before?: () => void): Promise<number[][]> {
  const lacuna = await LacunaPage.open(browser, app.url);
  if (before) {
    await lacuna.page.addInitScript(before);
    await lacuna.page.reload();
  }
  await lacuna.openPicture('stripes.png', file);
  const colours = await shown(lacuna);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.page.context().close();
  return colours;
}

/** What the browser shows of the same file in a page of its own. */
async function shownByBrowser(browser: Browser, file: Buffer): Promise<number[][]> {
  const page = await browser.newPage();
  await page.setContent(
    `<body style="margin:0"><img width="${WIDTH}" src="data:image/png;base64,${file.toString('base64')}">`,
  );
  const colours = await numbersAt(
    page,
    COLOURS.map((_, i) => ({ x: (i + 0.5) * (WIDTH / 8), y: HEIGHT / 2 })),
  );
  await page.close();
  return colours;
}

const worst = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
  Math.max(...a.flatMap((colour, i) => colour.map((value, c) => Math.abs(value - b[i]![c]!))));

const p3 = matrixProfile(DISPLAY_P3, 'Display P3');

/** SwiftShader stands in for a GPU, */
const gpu = [
  '--enable-gpu-rasterization',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];
/** under another name. */
const disguise = () => {
  const getParameter = WebGLRenderingContext.prototype.getParameter;
  WebGLRenderingContext.prototype.getParameter = function (name) {
    // UNMASKED_RENDERER_WEBGL
    return name === 0x9246 ? 'A graphics card' : getParameter.call(this, name);
  };
};

describe('a screen of Display P3', () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ['--force-color-profile=display-p3-d65', ...gpu];
    browser = await launchBrowser({ args, ignoreDefaultArgs: ['--disable-gpu'] });
  });
  afterAll(() => browser?.close());

  test('shows all colours of a picture in Display P3', async () => {
    expect(worst(await open(browser, await png(p3), disguise), COLOURS)).toBeLessThanOrEqual(1);
  });

  test('shows an sRGB picture as the browser does', async () => {
    const file = await png(null);
    const theirs = await shownByBrowser(browser, file);
    expect(theirs[0]).not.toEqual(COLOURS[0]);
    expect(worst(await open(browser, file, disguise), theirs)).toBeLessThanOrEqual(1);
  });
});

test('a screen of Display P3 without a GPU shows both as the browser does', async () => {
  const browser = await launchBrowser({ args: ['--force-color-profile=display-p3-d65'] });
  for (const file of [await png(null), await png(p3)]) {
    expect(worst(await open(browser, file), await shownByBrowser(browser, file))).toBeLessThanOrEqual(2);
  }
  await browser.close();
});

describe('a screen of sRGB', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser({ args: ['--force-color-profile=srgb'] });
  });
  afterAll(() => browser?.close());

  test('shows an sRGB picture as it is, and clips what it can’t show', async () => {
    expect(worst(await open(browser, await png(null)), COLOURS)).toBe(0);
    const clipped = await open(browser, await png(p3));
    expect(clipped[0]).toEqual([255, 0, 0]);
    expect(clipped[5]).toEqual([128, 128, 128]);
    // (200, 100, 50) of Display P3.
    expect(worst([clipped[4]!], [[214, 95, 33]])).toBeLessThanOrEqual(4);
  });
});
