import { beforeAll, describe, expect, test } from 'vitest';
import { changedPixels, decode, draw, landscape, type Pixels, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import type { Point } from './lacunaPage.ts';
import { LacunaPage } from './lacunaPage.ts';

const width = 640;
const height = 480;

const app = appAndBrowser();
let picture: Pixels;
let file: Buffer;
beforeAll(async () => {
  picture = landscape(width, height);
  file = await pngOf(picture);
});

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The app with the picture open, and what these tests do with its frame. */
async function framing(options: Parameters<typeof LacunaPage.open>[2] = {}) {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.openPicture('picture.png', file);
  /** Mouse down at `from`, then to `to`, both in document px; without the up. */
  async function pull(from: Point, to: Point) {
    const [start, end] = await lacuna.toClient([from, to]);
    const { mouse } = lacuna.page;
    await mouse.move(start!.x, start!.y);
    await mouse.down();
    await mouse.move((start!.x + end!.x) / 2, (start!.y + end!.y) / 2);
    await mouse.move(end!.x, end!.y);
  }
  const field = (side: string) => lacuna.test(`frame-${side}`);
  return {
    lacuna,
    field,
    frame: async (): Promise<Frame> => (await lacuna.document())!.frame,
    fields: () =>
      Promise.all(
        ['left', 'top', 'right', 'bottom'].map(async (side) => Number(await field(side).inputValue())),
      ),
    async choose() {
      await lacuna.test('tool-frame').click();
      await lacuna.test('frame-size').waitFor();
    },
    pull,
    async drag(from: Point, to: Point) {
      await pull(from, to);
      await lacuna.page.mouse.up();
    },
    async type(side: string, value: number) {
      await field(side).fill(String(value));
      await field(side).press('Enter');
    },
    /** Nothing went wrong on the page. */
    async done() {
      expect(lacuna.errors()).toEqual([]);
      await lacuna.close();
    },
  };
}

/** The picture as a frame shows it: transparent black where it has no pixels. */
const framed = (source: Pixels, { x: left, y: top, width: w, height: h }: Frame) =>
  draw(w, h, (x, y) => {
    const sx = x + left;
    const sy = y + top;
    if (sx < 0 || sy < 0 || sx >= source.width || sy >= source.height) return [0, 0, 0, 0];
    const at = (sy * source.width + sx) * 4;
    const [r, g, b, a] = source.data.subarray(at, at + 4);
    return [r!, g!, b!, a!];
  });

const saved = async (lacuna: LacunaPage, id: string) => decode((await lacuna.saved(id)).bytes);

test('the right edge is dragged out; the numbers agree; undo and redo', async () => {
  const { lacuna, choose, pull, frame, fields, done } = await framing();
  await choose();
  await pull({ x: width, y: 240 }, { x: width + 160, y: 260 });
  // While it is dragged the numbers go along, and the document waits.
  const size = await lacuna.test('frame-size').textContent();
  const grown = (await fields())[2]!;
  expect(Math.abs(grown - 160)).toBeLessThanOrEqual(2);
  expect(size).toBe(`${width + grown} × ${height} px`);
  expect(await frame()).toEqual({ x: 0, y: 0, width, height });
  await lacuna.page.mouse.up();
  expect(await frame()).toEqual({ x: 0, y: 0, width: width + grown, height });
  expect(await fields()).toEqual([0, 0, grown, 0]);
  await lacuna.test('undo').click();
  expect(await frame()).toEqual({ x: 0, y: 0, width, height });
  expect(await fields()).toEqual([0, 0, 0, 0]);
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
  await lacuna.test('redo').click();
  expect(await fields()).toEqual([0, 0, grown, 0]);
  expect(await lacuna.test('stage').getAttribute('data-image-width')).toBe(String(width + grown));
  await done();
});

test('growth to the left and top moves nothing: the download has the frame’s size, the picture in its place', async () => {
  const { lacuna, choose, drag, frame, done } = await framing();
  await choose();
  await drag({ x: 0, y: 0 }, { x: -90, y: -70 });
  const grown = await frame();
  expect(grown.x).toBeLessThan(-80);
  expect(grown.y).toBeLessThan(-60);
  expect([grown.x + grown.width, grown.y + grown.height]).toEqual([width, height]);
  expect(changedPixels(await saved(lacuna, 'download'), framed(picture, grown))).toBe(0);
  // It is stored like everything else.
  await lacuna.page.waitForTimeout(1500);
  await lacuna.page.reload();
  await lacuna.ready();
  expect(await frame()).toEqual(grown);
  expect(changedPixels(await saved(lacuna, 'download'), framed(picture, grown))).toBe(0);
  await done();
});

test('typed numbers are seen at once and are one step; cropping keeps the pixels', async () => {
  const { lacuna, choose, field, type, frame, fields, done } = await framing();
  await lacuna.page.keyboard.press('f');
  await choose();
  await field('left').click();
  await field('left').fill('');
  for (const key of '-33') await lacuna.page.keyboard.press(key);
  expect(await lacuna.test('frame-size').textContent()).toBe(`${width - 33} × ${height} px`);
  expect(await frame()).toEqual({ x: 0, y: 0, width, height });
  await field('left').press('Enter');
  await type('bottom', -47);
  await type('top', 21);
  const cropped = { x: 33, y: -21, width: width - 33, height: height + 21 - 47 };
  expect(await frame()).toEqual(cropped);
  expect(changedPixels(await saved(lacuna, 'download'), framed(picture, cropped))).toBe(0);
  for (let k = 0; k < 3; k++) await lacuna.test('undo').click();
  expect(await fields()).toEqual([0, 0, 0, 0]);
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
  // Escape gives up what was typed; a number that is too large becomes the largest.
  await field('right').fill('77');
  await field('right').press('Escape');
  expect(await lacuna.test('frame-size').textContent()).toBe(`${width} × ${height} px`);
  await field('right').fill('99999');
  await field('right').press('Enter');
  expect((await frame()).width).toBe(16384);
  expect(await lacuna.test('frame-size').textContent()).toContain('Largest size');
  await lacuna.test('frame-reset').click();
  expect(await frame()).toEqual({ x: 0, y: 0, width, height });
  await done();
});

test('aspects grow around the picture or crop from its middle, and choosing again starts from the picture', async () => {
  const { lacuna, choose, frame, done } = await framing();
  await choose();
  await lacuna.test('frame-aspect').click();
  await lacuna.test('aspect-16:9').click();
  expect(await frame()).toEqual({ x: -107, y: 0, width: 853, height });
  await lacuna.test('aspect-9:16').click();
  expect(await frame()).toEqual({ x: 0, y: -329, width, height: 1138 });
  await lacuna.test('aspect-crop').click();
  await lacuna.test('aspect-1:1').click();
  const square = { x: 80, y: 0, width: 480, height: 480 };
  expect(await frame()).toEqual(square);
  await lacuna.page.keyboard.press('Escape');
  expect(changedPixels(await saved(lacuna, 'download'), framed(picture, square))).toBe(0);
  await done();
});

test('a mask painted before stays on what it covers, and what a crop leaves out comes back', async () => {
  const { lacuna, choose, type, frame, done } = await framing();
  await lacuna.setBrush(60);
  await lacuna.stroke([
    { x: 60, y: 240 },
    { x: 300, y: 200 },
  ]);
  const before = await saved(lacuna, 'export-mask');
  await choose();
  await type('left', 111);
  await type('bottom', 50);
  const { data, ...grown } = await saved(lacuna, 'export-mask');
  expect(grown).toEqual({ width: width + 111, height: height + 50 });
  const at = (x: number, y: number) => data[(y * grown.width + x + 111) * 4]!;
  let moved = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (at(x, y) !== before.data[(y * width + x) * 4]) moved++;
  expect(moved).toBe(0);
  await type('left', -150);
  await type('bottom', 0);
  expect((await frame()).x).toBe(150);
  expect((await saved(lacuna, 'export-mask')).width).toBe(width - 150);
  await type('left', 0);
  expect(changedPixels(await saved(lacuna, 'export-mask'), before)).toBe(0);
  await done();
});

test('Escape takes a drag back, and another works after it', async () => {
  const { lacuna, choose, pull, drag, frame, done } = await framing();
  await choose();
  await pull({ x: width, y: 240 }, { x: width + 120, y: 240 });
  await lacuna.page.keyboard.press('Escape');
  await lacuna.page.mouse.up();
  expect(await frame()).toEqual({ x: 0, y: 0, width, height });
  expect(await lacuna.test('frame-size').textContent()).toBe(`${width} × ${height} px`);
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
  await drag({ x: 320, y: 0 }, { x: 320, y: -60 });
  expect((await frame()).y).toBeLessThan(-50);
  await done();
});

test('the view stays while an edge is dragged, and a frame that grew out of sight is fitted', async () => {
  const { lacuna, choose, drag, type, done } = await framing();
  await choose();
  const origin = async () => (await lacuna.toClient([{ x: 0, y: 0 }]))[0];
  const before = await origin();
  await drag({ x: width, y: 240 }, { x: width + 60, y: 240 });
  expect(await origin()).toEqual(before);
  await type('right', 3000);
  const [corner, end] = await lacuna.toClient([
    { x: 0, y: 0 },
    { x: width + 3000, y: height },
  ]);
  expect(corner!.x).toBeGreaterThan(0);
  expect(end!.x).toBeLessThan(1280);
  await done();
});

test('with a finger at 360 px: an edge is dragged, a second finger takes it back, numbers can be tapped', async () => {
  const options = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const { lacuna, field, frame, done } = await framing(options);
  await lacuna.test('tool-frame').tap();
  await lacuna.test('frame-size').waitFor();
  const [edge] = await lacuna.toClient([{ x: width, y: 240 }]);
  const session = await lacuna.page.context().newCDPSession(lacuna.page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: Point[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });
  const from = { x: edge!.x + 12, y: edge!.y };
  await touch('touchStart', from);
  await touch('touchMove', { x: from.x + 15, y: from.y });
  await touch('touchMove', { x: from.x + 20, y: from.y });
  await touch('touchEnd');
  const grown = await frame();
  expect(grown.width).toBeGreaterThan(width + 20);
  const second = { x: from.x + 20, y: from.y };
  await touch('touchStart', second);
  await touch('touchMove', { x: second.x - 30, y: second.y });
  await touch('touchStart', { x: second.x - 30, y: second.y }, { x: 120, y: second.y });
  await touch('touchEnd');
  expect(await frame()).toEqual(grown);
  for (const side of ['left', 'top', 'right', 'bottom', 'aspect', 'reset']) {
    const box = (await field(side)
      .locator('xpath=ancestor-or-self::*[self::label or self::button]')
      .boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  }
  await done();
});

describe('the screen shows the frame as it is', () => {
  const mark = { x: 300, y: 200, edge: 12 };
  const magenta = ([r, g, b]: readonly number[]) => r! > 200 && g! < 80 && b! > 200;
  const views = [
    { deviceScaleFactor: 1, zooms: 0 },
    { deviceScaleFactor: 2, zooms: -6 },
    { deviceScaleFactor: 1, zooms: 8 },
  ];
  const frames: readonly Frame[] = [
    { x: -210, y: -90, width: 1000, height: 640 },
    { x: 130, y: 60, width: 400, height: 300 },
    { x: -64, y: 100, width: 500, height: 500 },
  ];

  test.each(views)(
    'at pixel ratio $deviceScaleFactor after $zooms zoom steps',
    async ({ zooms, ...options }) => {
      const { lacuna, choose, type, frame, done } = await framing(options);
      const marked = draw(width, height, (x, y) => {
        const inside = Math.abs(x + 0.5 - mark.x) < mark.edge && Math.abs(y + 0.5 - mark.y) < mark.edge;
        return inside ? [255, 0, 255, 255] : [20, 140, 60, 255];
      });
      await lacuna.openPicture('marked.png', await pngOf(marked));
      for (const wanted of frames) {
        await choose();
        await type('left', -wanted.x);
        await type('top', -wanted.y);
        await type('right', wanted.x + wanted.width - width);
        await type('bottom', wanted.y + wanted.height - height);
        expect(await frame()).toEqual(wanted);
        await lacuna.test('tool-hand').click();
        const [centre] = await lacuna.toClient([mark]);
        await lacuna.page.mouse.move(centre!.x, centre!.y);
        for (let k = 0; k < Math.abs(zooms); k++) await lacuna.page.mouse.wheel(0, zooms > 0 ? -120 : 120);
        await lacuna.page.waitForTimeout(500);
        const screen = await decode(await lacuna.page.screenshot());
        const scale = screen.width / 1280;
        const seen = async (x: number, y: number): Promise<readonly number[] | null> => {
          const [at] = await lacuna.toClient([{ x, y }]);
          // Away from the panels only.
          if (at!.x < 90 || at!.y < 130 || at!.x > 1250 || at!.y > 600) return null;
          const i = (Math.floor(at!.y * scale) * screen.width + Math.floor(at!.x * scale)) * 4;
          return [...screen.data.subarray(i, i + 3)];
        };
        expect(magenta((await seen(mark.x, mark.y))!)).toBe(true);
        // A grid of points: green in picture and frame, grey elsewhere, off the mark.
        let looked = 0;
        for (let y = wanted.y - 20; y < wanted.y + wanted.height + 20; y += 37) {
          for (let x = wanted.x - 20; x < wanted.x + wanted.width + 20; x += 41) {
            if (Math.abs(x - mark.x) < 20 && Math.abs(y - mark.y) < 20) continue;
            const colour = await seen(x + 0.5, y + 0.5);
            if (!colour) continue;
            looked++;
            const inFrame =
              x >= wanted.x && y >= wanted.y && x < wanted.x + wanted.width && y < wanted.y + wanted.height;
            const inPicture = x >= 0 && y >= 0 && x < width && y < height;
            const green = colour[1]! - colour[0]! > 60;
            expect([x, y, green]).toEqual([x, y, inFrame && inPicture]);
          }
        }
        expect(looked).toBeGreaterThan(5);
        await lacuna.test('tool-frame').click();
        await lacuna.page.keyboard.press('0');
        await lacuna.test('frame-reset').click();
      }
      await done();
    },
  );
});
