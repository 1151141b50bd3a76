import type { BrowserContextOptions } from 'playwright';
import { describe, expect, test } from 'vitest';
import { decode, draw, type Pixels, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage, type Point } from './lacunaPage.ts';

const app = appAndBrowser();

const PICTURE = [70, 120, 90] as const;
const plain = () => pngOf(draw(600, 400, () => [...PICTURE, 255]));
const centre = { x: 300, y: 200 };
const beside = { x: 80, y: 60 };

interface View {
  readonly maskLook?: string;
  readonly tint?: { readonly colour: string; readonly pattern: string; readonly opacity: number };
  readonly pixelGrid?: boolean;
}

/** The app with a picture of one colour, seen as `view` says. */
async function opened(view: View = {}, options: BrowserContextOptions = {}, file?: Buffer) {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.page.evaluate(
    (text) => localStorage.setItem('lacuna.preferences', text),
    JSON.stringify({ version: 1, view }),
  );
  await lacuna.page.reload();
  await lacuna.openPicture('plain.png', file ?? (await plain()));
  return lacuna;
}

/** A disc of 120 px in the middle; the pointer is out of the way afterwards. */
async function paintDisc(lacuna: LacunaPage) {
  await lacuna.setBrush(120);
  await lacuna.stroke([centre]);
  await away(lacuna);
}

async function away({ page }: LacunaPage) {
  await page.mouse.move(4, 300);
  await page.waitForTimeout(250);
}

const ratioOf = ({ page }: LacunaPage) => page.evaluate(() => window.devicePixelRatio);
const screen = async ({ page }: LacunaPage) => decode(await page.screenshot());

const colourAt = ({ data, width }: Pixels, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3));

/** Distinct colours in a square of 24 device px around a document point. */
async function coloursAround(lacuna: LacunaPage, point: Point): Promise<number[][]> {
  const ratio = await ratioOf(lacuna);
  const [at] = await lacuna.toClient([point]);
  const seen = await screen(lacuna);
  const found = new Map<string, number[]>();
  for (let y = -12; y < 12; y++) {
    for (let x = -12; x < 12; x++) {
      const colour = colourAt(seen, Math.round(at!.x * ratio) + x, Math.round(at!.y * ratio) + y);
      found.set(colour.join(), colour);
    }
  }
  return [...found.values()].sort((a, b) => a[1]! - b[1]!);
}

const announced = ({ page }: LacunaPage) => page.getByRole('status').first().textContent();

const near = (colour: readonly number[], wanted: readonly number[], slack = 2) =>
  colour.every((channel, i) => Math.abs(channel - wanted[i]!) <= slack);

const over = (alpha: number, ink: readonly number[]) =>
  PICTURE.map((channel, i) => channel + (ink[i]! - channel) * alpha);

describe('looks of the mask', () => {
  test('V goes through erased, tint, mask only and outline, says so, and the last is remembered', async () => {
    const lacuna = await opened();
    await paintDisc(lacuna);

    expect(await coloursAround(lacuna, centre)).toEqual([
      [220, 220, 220],
      [255, 255, 255],
    ]);
    expect(await coloursAround(lacuna, beside)).toEqual([PICTURE]);

    await lacuna.page.keyboard.press('v');
    expect(await announced(lacuna)).toBe('The mask is shown as: Tint.');
    // A ground and stripes, also for whoever sees no colours.
    const tinted = await coloursAround(lacuna, centre);
    expect(tinted).toHaveLength(2);
    expect(near(tinted[0]!, over(0.6, [0xe5, 0x37, 0x9f]))).toBe(true);
    expect(tinted[1]![1]! - tinted[0]![1]!).toBeGreaterThan(30);
    expect(await coloursAround(lacuna, beside)).toEqual([PICTURE]);

    await lacuna.page.keyboard.press('v');
    expect(await announced(lacuna)).toBe('The mask is shown as: Mask only.');
    expect(await coloursAround(lacuna, centre)).toEqual([[255, 255, 255]]);
    expect(await coloursAround(lacuna, beside)).toEqual([[0, 0, 0]]);

    await lacuna.page.keyboard.press('v');
    expect(await announced(lacuna)).toBe('The mask is shown as: Outline.');
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    const rim = await coloursAround(lacuna, { x: centre.x - 60, y: centre.y });
    expect(rim).toEqual([[0, 0, 0], PICTURE, [255, 255, 255]]);

    await lacuna.page.reload();
    await lacuna.ready();
    await away(lacuna);
    expect(await coloursAround(lacuna, { x: centre.x - 60, y: centre.y })).toEqual(rim);
    await lacuna.page.keyboard.press('v');
    expect(await announced(lacuna)).toBe('The mask is shown as: Erased.');
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('mask only is seen while it is painted, and before there is any', async () => {
    const lacuna = await opened({ maskLook: 'mask' });
    await away(lacuna);
    expect(await coloursAround(lacuna, centre)).toEqual([[0, 0, 0]]);
    await lacuna.setBrush(120);
    const [at] = await lacuna.toClient([centre]);
    await lacuna.page.mouse.move(at!.x - 20, at!.y);
    await lacuna.page.mouse.down();
    await lacuna.page.mouse.move(at!.x, at!.y);
    await lacuna.page.waitForTimeout(100);
    expect(await coloursAround(lacuna, centre)).toEqual([[255, 255, 255]]);
    await lacuna.page.mouse.up();
    await lacuna.close();
  });

  test('View sets the look, the colour, the pattern and the opacity of the tint', async () => {
    const lacuna = await opened();
    await paintDisc(lacuna);
    const { page } = lacuna;
    await lacuna.test('view').click();
    const looks = page.getByRole('radiogroup', { name: 'Show the mask as' });
    await looks.getByRole('radio', { name: 'Tint' }).click();
    await page.getByRole('radiogroup', { name: 'Tint colour' }).getByRole('radio', { name: 'Blue' }).click();
    await page
      .getByRole('radiogroup', { name: 'Tint pattern' })
      .getByRole('radio', { name: 'Plain' })
      .click();
    const opacity = page.getByRole('spinbutton', { name: 'Opacity of the tint in per cent' });
    await opacity.fill('100');
    await opacity.press('Enter');
    await page.keyboard.press('Escape');
    await away(lacuna);
    expect(await coloursAround(lacuna, centre)).toEqual([[0x2f, 0x7b, 0xff]]);
    await lacuna.test('view').click();
    await page.getByLabel('Your own colour').fill('#00ff7f');
    await page.keyboard.press('Escape');
    await page.reload();
    await lacuna.ready();
    await away(lacuna);
    expect(await coloursAround(lacuna, centre)).toEqual([[0, 0xff, 0x7f]]);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('complaint 12: a mask that will be applied is seen: over results, after Accept, when it is faint', async () => {
    const lacuna = await opened({ maskLook: 'tint' });
    await paintDisc(lacuna);
    const rim = { x: centre.x - 60, y: centre.y };
    const isOutlineAt = async (point: Point) => {
      const colours = await coloursAround(lacuna, point);
      return [
        [0, 0, 0],
        [255, 255, 255],
      ].every((ink) => colours.some((colour) => near(colour, ink, 0)));
    };
    const isOutline = () => isOutlineAt(rim);
    expect(await isOutline()).toBe(false);
    await lacuna.test('run').click();
    await lacuna.test('result-0').waitFor();
    await away(lacuna);
    expect(await isOutline()).toBe(true);
    await lacuna.test('accept').click();
    await away(lacuna);
    expect(await isOutline()).toBe(true);
    // Painting goes on from the old mask, and the chosen look is back.
    await lacuna.setBrush(20);
    await lacuna.stroke([{ x: centre.x + 90, y: centre.y }]);
    await away(lacuna);
    expect(await isOutline()).toBe(false);
    expect((await coloursAround(lacuna, centre)).length).toBeGreaterThan(1);
    // A dot where four px meet covers none of them by half.
    await lacuna.page.keyboard.press('Delete');
    await lacuna.page.keyboard.press('v');
    await lacuna.page.keyboard.press('v');
    await zoomTo(lacuna, 8);
    await lacuna.setBrush(1);
    const [corner] = await lacuna.toClient([centre]);
    await lacuna.page.mouse.click(corner!.x, corner!.y);
    await away(lacuna);
    const covered = (await lacuna.document())!.coverage * 600 * 400;
    expect(covered).toBeGreaterThan(0);
    expect(covered).toBeLessThan(2);
    expect(await isOutlineAt(centre)).toBe(true);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });
});

describe('peeking', () => {
  test('Q held shows the picture, and nothing sticks', async () => {
    const lacuna = await opened();
    await paintDisc(lacuna);
    const { keyboard } = lacuna.page;
    const erased = await coloursAround(lacuna, centre);
    await keyboard.down('q');
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    await keyboard.up('q');
    expect(await coloursAround(lacuna, centre)).toEqual(erased);

    await keyboard.down('q');
    await lacuna.page.evaluate(() => window.dispatchEvent(new Event('blur')));
    expect(await coloursAround(lacuna, centre)).toEqual(erased);
    await keyboard.up('q');

    await lacuna.test('prompt').fill('');
    await keyboard.down('q');
    expect(await coloursAround(lacuna, centre)).toEqual(erased);
    await keyboard.up('q');
    expect(await lacuna.test('prompt').inputValue()).toBe('q');
    await lacuna.close();
  });

  test('in the middle of a stroke, which goes on', async () => {
    const lacuna = await opened();
    await lacuna.setBrush(120);
    const [at] = await lacuna.toClient([centre]);
    await lacuna.page.mouse.move(at!.x, at!.y);
    await lacuna.page.mouse.down();
    await lacuna.page.keyboard.down('q');
    await lacuna.page.mouse.move(at!.x + 30, at!.y);
    await lacuna.page.waitForTimeout(100);
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    await lacuna.page.keyboard.up('q');
    await lacuna.page.mouse.up();
    expect((await lacuna.document())!.maskBounds!.width).toBeGreaterThan(130);
    await lacuna.close();
  });

  test('a finger holds the button for it', async () => {
    const lacuna = await opened({}, { hasTouch: true });
    await paintDisc(lacuna);
    await lacuna.test('view').click();
    const button = lacuna.page.getByRole('button', { name: 'Hold to see the picture' });
    await button.hover();
    await lacuna.page.mouse.down();
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    await lacuna.page.mouse.move(20, 500);
    await lacuna.page.mouse.up();
    expect((await coloursAround(lacuna, centre)).length).toBe(2);
    await lacuna.close();
  });
});

/** Zooms at the middle of the picture, by the wheel, to `wanted` device px per document px. */
async function zoomTo(lacuna: LacunaPage, wanted: number) {
  const ratio = await ratioOf(lacuna);
  for (let k = 0; k < 3; k++) {
    const [a, b] = await lacuna.toClient([centre, { x: centre.x + 1, y: centre.y }]);
    const zoom = (b!.x - a!.x) * ratio;
    if (Math.abs(zoom / wanted - 1) < 1e-5) break;
    await lacuna.page.mouse.move(a!.x, a!.y);
    // Under a pixel ratio the browser gives the page less of it.
    await lacuna.page.mouse.wheel(0, -500 * Math.log(wanted / zoom) * ratio);
    await lacuna.page.waitForTimeout(60);
  }
  await away(lacuna);
  await lacuna.page.waitForTimeout(400);
}

describe('pixel grid', () => {
  test('lines are there at 801 %, not at 799 %, and can be switched off', async () => {
    const lacuna = await opened();
    const grid = lacuna.page.locator('.pixel-grid');
    await zoomTo(lacuna, 7.99);
    expect(await lacuna.test('zoom').textContent()).toBe('799 %');
    expect(await grid.isHidden()).toBe(true);
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    await zoomTo(lacuna, 8.01);
    expect(await lacuna.test('zoom').textContent()).toBe('801 %');
    // Dots that are darker, and dots that are lighter than the picture.
    const [darker, picture, lighter, ...rest] = await coloursAround(lacuna, centre);
    expect([picture, rest]).toEqual([PICTURE, []]);
    expect(darker![1]).toBeLessThan(PICTURE[1]);
    expect(lighter![1]).toBeGreaterThan(PICTURE[1]);
    await lacuna.test('view').click();
    await lacuna.test('pixel-grid').click();
    await lacuna.page.keyboard.press('Escape');
    await away(lacuna);
    expect(await coloursAround(lacuna, centre)).toEqual([PICTURE]);
    await lacuna.close();
  });

  test.each([1, 1.5, 2])(
    'lines lie where the colours of px meet, at pixel ratio %f',
    async (deviceScaleFactor) => {
      const squares = draw(600, 400, (x, y) => ((x + y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
      const lacuna = await opened({ pixelGrid: false }, { deviceScaleFactor }, await pngOf(squares));
      await zoomTo(lacuna, 11.37);
      const bare = await screen(lacuna);
      await lacuna.page.evaluate(() =>
        localStorage.setItem('lacuna.preferences', JSON.stringify({ version: 1, view: { pixelGrid: true } })),
      );
      await lacuna.page.evaluate(() =>
        dispatchEvent(new StorageEvent('storage', { key: 'lacuna.preferences' })),
      );
      await lacuna.page.waitForTimeout(200);
      const lined = await screen(lacuna);
      // Along a row in the free part of the stage, away from lines of its own direction.
      const row = Math.round(430 * deviceScaleFactor);
      let lines = 0;
      for (let x = Math.round(300 * deviceScaleFactor); x < 900 * deviceScaleFactor; x++) {
        const rows = Array.from({ length: 8 }, (_, k) => row + k);
        // A dark dot on black and a light one on white change nothing; a line across changes one row.
        const changed = rows.filter((y) => colourAt(bare, x, y)[0] !== colourAt(lined, x, y)[0]);
        if (changed.length < 3) continue;
        lines++;
        expect(colourAt(bare, x, row)).not.toEqual(colourAt(bare, x - 1, row));
      }
      expect(lines).toBeGreaterThan(30);
      await lacuna.close();
    },
  );
});

/** After a change of the brush its size stands beside it for a second, ms. */
const SIZE_SHOWN = 1500;

describe('the outline', () => {
  const shots = async (lacuna: LacunaPage) => {
    const first = await lacuna.page.screenshot();
    // Not a whole turn of the ants.
    await lacuna.page.waitForTimeout(330);
    return Buffer.compare(first, await lacuna.page.screenshot());
  };

  test('marches only while the pointer is over the mask', async () => {
    const lacuna = await opened({ maskLook: 'outline' });
    await paintDisc(lacuna);
    await lacuna.page.waitForTimeout(SIZE_SHOWN);
    expect(await shots(lacuna)).toBe(0);
    const [on, off] = await lacuna.toClient([centre, beside]);
    await lacuna.page.mouse.move(on!.x, on!.y);
    await lacuna.page.waitForTimeout(300);
    expect(await shots(lacuna)).not.toBe(0);
    // The same px, whatever they show.
    await lacuna.setBrush(10);
    const rim = await coloursAround(lacuna, { x: centre.x - 60, y: centre.y });
    expect(rim).toEqual([[0, 0, 0], PICTURE, [255, 255, 255]]);
    await lacuna.page.mouse.move(off!.x, off!.y);
    await lacuna.page.waitForTimeout(SIZE_SHOWN);
    expect(await shots(lacuna)).toBe(0);
    await lacuna.close();
  });

  test('stays still when motion is reduced', async () => {
    const lacuna = await opened({ maskLook: 'outline' }, { reducedMotion: 'reduce' });
    await paintDisc(lacuna);
    const [on] = await lacuna.toClient([centre]);
    await lacuna.page.mouse.move(on!.x, on!.y);
    await lacuna.page.waitForTimeout(SIZE_SHOWN);
    expect(await shots(lacuna)).toBe(0);
    await lacuna.close();
  });

  test.each([1, 1.5, 2, 3])('is one device px wide at pixel ratio %f', async (deviceScaleFactor) => {
    const lacuna = await opened({ maskLook: 'outline' }, { deviceScaleFactor });
    await paintDisc(lacuna);
    const seen = await screen(lacuna);
    const [left] = await lacuna.toClient([{ x: centre.x - 60, y: centre.y }]);
    const ratio = deviceScaleFactor;
    const widths: number[] = [];
    for (let y = -6; y < 6; y++) {
      let run = 0;
      for (let x = -20; x < 20; x++) {
        const colour = colourAt(seen, Math.round(left!.x * ratio) + x, Math.round(left!.y * ratio) + y);
        if (near(colour, PICTURE)) continue;
        run++;
      }
      widths.push(run);
    }
    // Two where the edge goes on by a document px that is as wide.
    expect(Math.min(...widths)).toBe(1);
    expect(widths.filter((width) => width > 1).length).toBeLessThanOrEqual(2);
    await lacuna.close();
  });
});

test('a page at rest sets no timer and asks for no frame, whatever the look', async () => {
  const lacuna = await opened({ maskLook: 'outline' });
  await paintDisc(lacuna);
  await zoomTo(lacuna, 10);
  const asked = await lacuna.page.evaluate(async () => {
    const counts = { requestAnimationFrame: 0, setTimeout: 0, setInterval: 0 };
    const wait = window.setTimeout;
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
      const before = window[name].bind(window) as (...args: unknown[]) => number;
      Object.assign(window, {
        [name]: (...args: unknown[]) => {
          counts[name]++;
          return before(...args);
        },
      });
    }
    await new Promise((done) => wait(done, 1500));
    return { ...counts, animations: document.getAnimations().length };
  });
  expect(asked).toEqual({ requestAnimationFrame: 0, setTimeout: 0, setInterval: 0, animations: 0 });
  await lacuna.close();
});

describe('complaint 15: mask and picture lie on the same device px', () => {
  const mark = { x: 300, y: 200 };
  const MARK = [255, 0, 255] as const;
  const INK = [0, 255, 0] as const;
  const marked = () =>
    pngOf(draw(600, 400, (x, y) => (x === mark.x && y === mark.y ? [...MARK, 255] : [...PICTURE, 255])));
  const view = {
    maskLook: 'tint',
    pixelGrid: false,
    tint: { colour: '#00ff00', pattern: 'plain', opacity: 1 },
  };

  /** Rectangle of device px that have a colour, and whether all of it has. */
  function extent({ data, width, height }: Pixels, ink: readonly number[]) {
    let [left, top, right, bottom, count] = [width, height, 0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      if (data[i * 4] !== ink[0] || data[i * 4 + 1] !== ink[1] || data[i * 4 + 2] !== ink[2]) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      count++;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
    return { left, top, right, bottom, full: count === (right - left) * (bottom - top) };
  }

  /** Erases the px right of the mark and compares where both are seen. */
  async function expectAligned(lacuna: LacunaPage) {
    const seen = await screen(lacuna);
    const [picture, mask] = [extent(seen, MARK), extent(seen, INK)];
    expect(picture.right - picture.left).toBeGreaterThan(2);
    expect([picture.full, mask.full]).toEqual([true, true]);
    expect([mask.left, mask.top, mask.bottom]).toEqual([picture.right, picture.top, picture.bottom]);
    expect(Math.abs(mask.right - mask.left - (picture.right - picture.left))).toBeLessThanOrEqual(1);
  }

  async function erasePixel(lacuna: LacunaPage) {
    await lacuna.setBrush(1);
    const [at] = await lacuna.toClient([{ x: mark.x + 1.5, y: mark.y + 0.5 }]);
    await lacuna.page.mouse.click(at!.x, at!.y);
    await away(lacuna);
  }

  // A browser's zoom is a pixel ratio with fewer or more CSS px in the same window.
  const windows = [
    ...[1, 1.25, 1.5, 2, 3].map((ratio) => ({ ratio, width: 1280, height: 860 })),
    ...[0.5, 0.67, 0.9, 1.1, 1.75, 2].map((ratio) => ({
      ratio,
      width: Math.round(1440 / ratio),
      height: Math.round(900 / ratio),
    })),
    { ratio: 1, width: 3440, height: 900 },
  ];
  test.each(windows)('pixel ratio $ratio, window of $width × $height', async ({ ratio, width, height }) => {
    const options = { deviceScaleFactor: ratio, viewport: { width, height } };
    const lacuna = await opened(view, options, await marked());
    for (const zoom of [6, 23.7]) {
      await zoomTo(lacuna, zoom);
      if (zoom === 6) {
        // Whole CSS px for the mouse: aim where the px is large.
        await zoomTo(lacuna, 20);
        await erasePixel(lacuna);
        await zoomTo(lacuna, zoom);
      }
      await expectAligned(lacuna);
    }
    // The picture's canvas has the screen's own px.
    const edges = await lacuna.page.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('.stage canvas:not([hidden])')].map((canvas) => {
        const { width, height } = canvas.getBoundingClientRect();
        const ratio = window.devicePixelRatio;
        return [canvas.width - width * ratio, canvas.height - height * ratio];
      }),
    );
    for (const edge of edges.flat()) expect(Math.abs(edge)).toBeLessThan(0.1);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });

  test('when the browser’s zoom changes, and when the window does', async () => {
    const lacuna = await opened(view, { viewport: { width: 1440, height: 900 } }, await marked());
    await zoomTo(lacuna, 20);
    await erasePixel(lacuna);
    await expectAligned(lacuna);
    const emulation = await lacuna.page.context().newCDPSession(lacuna.page);
    for (const ratio of [2, 1.25, 0.5, 1]) {
      const size = { width: Math.round(1440 / ratio), height: Math.round(900 / ratio) };
      const metrics = { ...size, deviceScaleFactor: ratio, mobile: false };
      await emulation.send('Emulation.setDeviceMetricsOverride', metrics);
      await lacuna.page.waitForTimeout(700);
      await expectAligned(lacuna);
    }
    for (const size of [
      { width: 900, height: 700 },
      { width: 1280, height: 900 },
    ]) {
      await lacuna.page.setViewportSize(size);
      await lacuna.page.waitForTimeout(500);
      await expectAligned(lacuna);
    }
    await lacuna.close();
  });

  test.each([1, 1.25, 1.5, 2, 3])(
    'at pixel ratio %f and full size a document px is a device px',
    async (ratio) => {
      const squares = draw(600, 400, (x, y) => ((x + y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
      const lacuna = await opened({}, { deviceScaleFactor: ratio }, await pngOf(squares));
      await lacuna.page.keyboard.press('1');
      await away(lacuna);
      await lacuna.page.waitForTimeout(500);
      expect(await lacuna.test('zoom').textContent()).toBe('100 %');
      const seen = await screen(lacuna);
      const [at] = await lacuna.toClient([centre]);
      const [left, top] = [Math.round(at!.x * ratio) - 40, Math.round(at!.y * ratio) - 40];
      const first = colourAt(seen, left, top)[0]!;
      let wrong = 0;
      for (let y = 0; y < 80; y++) {
        for (let x = 0; x < 80; x++) {
          const wanted = (x + y) & 1 ? 255 - first : first;
          if (colourAt(seen, left + x, top + y)[0] !== wanted) wrong++;
        }
      }
      expect([first === 0 || first === 255, wrong]).toEqual([true, 0]);
      await lacuna.close();
    },
  );
});

test('a phone that is turned shows the same part between its panels', async () => {
  const lacuna = await opened(
    {},
    { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
  );
  await lacuna.page.setViewportSize({ width: 844, height: 390 });
  await lacuna.page.waitForTimeout(300);
  const [at] = await lacuna.toClient([centre]);
  expect(Math.abs(at!.x - 422)).toBeLessThan(2);
  expect(at!.y).toBeGreaterThan(100);
  expect(at!.y).toBeLessThan(310);
  await lacuna.page.setViewportSize({ width: 390, height: 844 });
  await lacuna.page.waitForTimeout(300);
  const [back] = await lacuna.toClient([centre]);
  expect(Math.abs(back!.x - 195)).toBeLessThan(1);
  await lacuna.close();
});
