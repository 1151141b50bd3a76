import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { decode, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage, type Point, type Rect } from './lacunaPage.ts';

const app = appAndBrowser();
let picture: Buffer;
beforeAll(async () => {
  picture = await pngOf(landscape(width, height));
});

const width = 640;
const height = 480;

type View = { readonly deviceScaleFactor: number; readonly zooms: number; readonly pans: number };
const views: readonly View[] = [
  { deviceScaleFactor: 1, zooms: 0, pans: 0 },
  { deviceScaleFactor: 2, zooms: 3, pans: 2 },
];

async function opened(options: Parameters<typeof LacunaPage.open>[2] = {}): Promise<LacunaPage> {
  const lacuna = await LacunaPage.open(app.browser, app.url, options);
  await lacuna.openPicture('grid.png', picture);
  return lacuna;
}

/** Zoomed around the picture's middle and scrolled. */
async function openedAt({ deviceScaleFactor, zooms, pans }: View): Promise<LacunaPage> {
  const lacuna = await opened({ deviceScaleFactor });
  const [centre] = await lacuna.toClient([{ x: 320, y: 240 }]);
  await lacuna.page.mouse.move(centre!.x, centre!.y);
  for (let k = 0; k < zooms; k++) await lacuna.page.mouse.wheel(0, -120);
  await lacuna.page.keyboard.down('Shift');
  for (let k = 0; k < pans; k++) await lacuna.page.mouse.wheel(13, 7);
  await lacuna.page.keyboard.up('Shift');
  await lacuna.page.waitForTimeout(200);
  return lacuna;
}

/** Records in document px where the pointer went down, was moved while pressed, and went up. */
const recordPointer = (lacuna: LacunaPage) =>
  lacuna.page.evaluate(() => {
    window.readings = [];
    const stage = document.querySelector('[data-testid=stage]')!;
    for (const type of ['pointerdown', 'pointermove', 'pointerup'] as const) {
      stage.addEventListener(
        type,
        (event) => {
          const pointer = event as PointerEvent;
          if (type === 'pointermove' && pointer.buttons !== 1) return;
          const readings = type === 'pointermove' ? pointer.getCoalescedEvents() : [];
          for (const { clientX, clientY } of readings.length ? readings : [pointer])
            window.readings.push(window.lacuna.clientToImage({ x: clientX, y: clientY }));
        },
        true,
      );
    }
  });
const readings = (lacuna: LacunaPage) => lacuna.page.evaluate(() => window.readings);

async function coverage(lacuna: LacunaPage): Promise<Uint8Array> {
  const mask = await decode((await lacuna.saved('export-mask')).bytes);
  expect([mask.width, mask.height]).toEqual([width, height]);
  return mask.data.filter((_, i) => i % 4 === 0);
}

/** Coverage by another renderer's antialiasing, drawn larger and averaged: good to about 4 of 255. */
async function rendered(element: string): Promise<Uint8Array> {
  const times = 6;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width * times}" height="${height * times}"><rect width="100%" height="100%" fill="#000"/>${element}</svg>`;
  const { data } = await decode(await sharp(Buffer.from(svg)).png().toBuffer());
  const sums = new Float64Array(width * height);
  for (let i = 0; i < data.length / 4; i++) {
    const y = Math.floor(i / (width * times) / times);
    sums[y * width + Math.floor((i % (width * times)) / times)]! += data[i * 4]!;
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / times ** 2));
}
const pointsText = (points: readonly Point[]) => points.map(({ x, y }) => `${x},${y}`).join(' ');
const renderedOutline = (points: readonly Point[]) =>
  rendered(`<polygon fill="#fff" points="${pointsText(points)}"/>`);
const renderedEllipse = ({ x, y, width: w, height: h }: Rect) =>
  rendered(`<ellipse fill="#fff" cx="${x + w / 2}" cy="${y + h / 2}" rx="${w / 2}" ry="${h / 2}"/>`);
const filled = ({ x, y, width: w, height: h }: Rect) =>
  Uint8Array.from({ length: width * height }, (_, i) => {
    const [px, py] = [i % width, Math.floor(i / width)];
    return px >= x && px < x + w && py >= y && py < y + h ? 255 : 0;
  });

function expectAlike(got: Uint8Array, want: Uint8Array, within: number) {
  let worst = 0;
  let sum = 0;
  for (let i = 0; i < want.length; i++) {
    const off = got[i]! - want[i]!;
    worst = Math.max(worst, Math.abs(off));
    sum += off;
  }
  expect(worst).toBeLessThanOrEqual(within);
  // No bias: less than a hundredth of a byte per pixel of the picture.
  expect(Math.abs(sum) / want.length).toBeLessThanOrEqual(0.01 * within);
}

const boxOf = (points: readonly Point[]): Rect => {
  const [from, to] = [points[0]!, points.at(-1)!];
  const [x, y] = [Math.round(Math.min(from.x, to.x)), Math.round(Math.min(from.y, to.y))];
  return {
    x,
    y,
    width: Math.round(Math.max(from.x, to.x)) - x,
    height: Math.round(Math.max(from.y, to.y)) - y,
  };
};

async function undoneInOneStep(lacuna: LacunaPage) {
  await lacuna.test('undo').click();
  expect((await lacuna.document())!.coverage).toBe(0);
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
}

describe.each(views)(
  'at pixel ratio $deviceScaleFactor, $zooms times zoomed, $pans times scrolled',
  (view) => {
    const corners: readonly Point[] = [
      { x: 250, y: 170 },
      { x: 400, y: 180 },
      { x: 371, y: 300 },
    ];

    test('a rectangle covers the whole px between its corners', async () => {
      const lacuna = await openedAt(view);
      await lacuna.test('tool-rectangle').click();
      await recordPointer(lacuna);
      await lacuna.stroke(corners);
      expectAlike(await coverage(lacuna), filled(boxOf(await readings(lacuna))), 0);
      await undoneInOneStep(lacuna);
      expect(lacuna.errors()).toEqual([]);
      await lacuna.close();
    });

    test('an ellipse lies in its box', async () => {
      const lacuna = await openedAt(view);
      await lacuna.test('tool-ellipse').click();
      await recordPointer(lacuna);
      await lacuna.stroke(corners);
      expectAlike(await coverage(lacuna), await renderedEllipse(boxOf(await readings(lacuna))), 6);
      await undoneInOneStep(lacuna);
      await lacuna.close();
    });

    test('a lasso covers what it goes around', async () => {
      const lacuna = await openedAt(view);
      await lacuna.test('tool-lasso').click();
      await recordPointer(lacuna);
      await lacuna.stroke(
        Array.from({ length: 30 }, (_, k) => ({
          x: 320 + 70 * Math.cos(k / 4.5),
          y: 240 + 50 * Math.sin(k / 4.5),
        })),
      );
      expectAlike(await coverage(lacuna), await renderedOutline(await readings(lacuna)), 6);
      await undoneInOneStep(lacuna);
      await lacuna.close();
    });

    test('a polygon has the corners that were clicked', async () => {
      const lacuna = await openedAt(view);
      await lacuna.test('tool-polygon').click();
      await recordPointer(lacuna);
      for (const corner of [...corners, { x: 262, y: 280 }]) await lacuna.stroke([corner]);
      const clicked = (await readings(lacuna)).filter((_, k) => k % 2 === 1);
      await lacuna.stroke([corners[0]!]);
      expectAlike(await coverage(lacuna), await renderedOutline(clicked), 6);
      await undoneInOneStep(lacuna);
      await lacuna.close();
    });
  },
);

const bounds = async (lacuna: LacunaPage) => (await lacuna.document())!.maskBounds;

async function pressAt(lacuna: LacunaPage, point: Point) {
  const [at] = await lacuna.toClient([point]);
  await lacuna.page.mouse.move(at!.x, at!.y);
  await lacuna.page.mouse.down();
}
async function moveTo(lacuna: LacunaPage, point: Point) {
  const [at] = await lacuna.toClient([point]);
  await lacuna.page.mouse.move(at!.x, at!.y);
}

test('Shift, Alt and Escape while a rectangle is dragged', async () => {
  const lacuna = await opened();
  const { keyboard, mouse } = lacuna.page;
  await keyboard.press('r');
  await pressAt(lacuna, { x: 200, y: 200 });
  await moveTo(lacuna, { x: 260, y: 230 });
  await keyboard.down('Shift');
  await keyboard.down('Alt');
  await mouse.up();
  const square = (await bounds(lacuna))!;
  expect(square.width).toBe(square.height);
  expect(Math.abs(square.width - 120)).toBeLessThanOrEqual(4);
  expect(Math.abs(square.x + square.width / 2 - 200)).toBeLessThanOrEqual(2);
  await keyboard.up('Shift');
  // Alt is still held: the next one takes away.
  await lacuna.stroke([
    { x: 100, y: 100 },
    { x: 300, y: 200 },
  ]);
  await keyboard.up('Alt');
  const lower = (await bounds(lacuna))!;
  expect(Math.abs(lower.y - 200)).toBeLessThanOrEqual(2);
  await pressAt(lacuna, { x: 10, y: 10 });
  await moveTo(lacuna, { x: 400, y: 400 });
  await lacuna.test('shape').waitFor();
  await keyboard.press('Escape');
  await lacuna.test('shape').waitFor({ state: 'hidden' });
  await mouse.up();
  expect(await bounds(lacuna)).toEqual(lower);
  await lacuna.close();
});

test('a rectangle says its size beside the pointer, and nothing counts before the end', async () => {
  const lacuna = await opened();
  await lacuna.page.keyboard.press('r');
  await recordPointer(lacuna);
  await pressAt(lacuna, { x: 50, y: 60 });
  await moveTo(lacuna, { x: 470, y: 360 });
  const box = boxOf(await readings(lacuna));
  await expect
    .poll(() => lacuna.test('shape').locator('[data-size]').textContent())
    .toBe(`${box.width} × ${box.height}`);
  const label = (await lacuna.test('shape').locator('[data-size]').boundingBox())!;
  const [pointer] = await lacuna.toClient([{ x: 470, y: 360 }]);
  expect(Math.hypot(label.x - pointer!.x, label.y - pointer!.y)).toBeLessThan(40);
  expect(await bounds(lacuna)).toBeNull();
  await lacuna.page.mouse.up();
  expect(await bounds(lacuna)).toEqual(box);
  expect(await lacuna.test('shape').isVisible()).toBe(false);
  await lacuna.close();
});

const area: readonly Point[] = [
  { x: 150, y: 120 },
  { x: 450, y: 130 },
  { x: 430, y: 350 },
];

test('a polygon: Enter closes, Backspace and Ctrl+Z take a corner back, Escape gives up', async () => {
  const lacuna = await opened();
  const { keyboard } = lacuna.page;
  const corners = () => lacuna.test('shape').locator('[data-part=corners].over').getAttribute('d');
  const count = async () => ((await corners()) ?? '').split('M').length - 1;
  await keyboard.press('Shift+L');
  for (const point of [...area, { x: 20, y: 20 }, { x: 30, y: 460 }]) await lacuna.stroke([point]);
  await expect.poll(count).toBe(5);
  await keyboard.press('Backspace');
  await expect.poll(count).toBe(4);
  await keyboard.press('Control+z');
  await expect.poll(count).toBe(3);
  // In the prompt keys are for the text.
  await lacuna.test('prompt').fill('ab');
  await keyboard.press('Backspace');
  expect(await lacuna.test('prompt').inputValue()).toBe('a');
  expect(await count()).toBe(3);
  await lacuna.test('stage').focus();
  await keyboard.press('Enter');
  const made = (await bounds(lacuna))!;
  expect(Math.abs(made.x - 150) + Math.abs(made.y - 120)).toBeLessThanOrEqual(4);
  for (const point of area) await lacuna.stroke([point]);
  await keyboard.press('Escape');
  await lacuna.test('shape').waitFor({ state: 'hidden' });
  await keyboard.press('Enter');
  await undoneInOneStep(lacuna);
  await lacuna.close();
});

test('a double click closes a polygon, and undo by the button takes back a corner first', async () => {
  const lacuna = await opened();
  await lacuna.test('tool-polygon').click();
  expect(await lacuna.test('undo').isDisabled()).toBe(true);
  for (const point of area) await lacuna.stroke([point]);
  await lacuna.test('undo').click();
  await lacuna.stroke([{ x: 300, y: 400 }]);
  const [last] = await lacuna.toClient([{ x: 160, y: 340 }]);
  await lacuna.page.mouse.dblclick(last!.x, last!.y);
  const made = (await bounds(lacuna))!;
  expect(Math.abs(made.y + made.height - 400)).toBeLessThanOrEqual(2);
  await undoneInOneStep(lacuna);
  await lacuna.close();
});

test('between two corners the line follows the pointer; another tool, and it is gone', async () => {
  const lacuna = await opened();
  await lacuna.test('tool-polygon').click();
  await lacuna.stroke([area[0]!]);
  await moveTo(lacuna, { x: 500, y: 300 });
  const path = () => lacuna.test('shape').locator('[data-part=line].over').getAttribute('d');
  await expect.poll(path).toMatch(/^M[\d. ]+L(49|50)\d/);
  await lacuna.test('tool-erase').click();
  await lacuna.test('shape').waitFor({ state: 'hidden' });
  await lacuna.test('tool-polygon').click();
  await moveTo(lacuna, { x: 300, y: 300 });
  expect(await lacuna.test('shape').isVisible()).toBe(false);
  await lacuna.close();
});

async function fingers(lacuna: LacunaPage) {
  const session = await lacuna.page.context().newCDPSession(lacuna.page);
  return async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: readonly Point[]) => {
    const places = await lacuna.toClient(points);
    await session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: places.map(({ x, y }, id) => ({ x, y, id })),
    });
  };
}

test('a finger drags a rectangle; a second one takes it back', async () => {
  const lacuna = await opened({ hasTouch: true, viewport: { width: 412, height: 840 } });
  const touch = await fingers(lacuna);
  await lacuna.test('tool-rectangle').click();
  await touch('touchStart', { x: 100, y: 100 });
  await touch('touchMove', { x: 200, y: 150 });
  await touch('touchMove', { x: 400, y: 300 });
  await touch('touchEnd');
  const made = (await bounds(lacuna))!;
  expect(Math.abs(made.width - 300)).toBeLessThanOrEqual(6);
  await touch('touchStart', { x: 10, y: 10 });
  await touch('touchMove', { x: 90, y: 90 });
  await touch('touchStart', { x: 90, y: 90 }, { x: 300, y: 200 });
  await touch('touchEnd');
  expect(await bounds(lacuna)).toEqual(made);
  await undoneInOneStep(lacuna);
  await lacuna.close();
});

test('a polygon by finger: two fingers move the picture in between, a tap near the first corner closes', async () => {
  const lacuna = await opened({ hasTouch: true, viewport: { width: 412, height: 840 } });
  const touch = await fingers(lacuna);
  await lacuna.test('tool-polygon').click();
  const tap = async (point: Point) => {
    await touch('touchStart', point);
    await touch('touchEnd');
  };
  await tap(area[0]!);
  await tap(area[1]!);
  const before = await lacuna.toClient([{ x: 0, y: 0 }]);
  await touch('touchStart', { x: 200, y: 200 });
  await touch('touchStart', { x: 200, y: 200 }, { x: 300, y: 300 });
  await touch('touchMove', { x: 180, y: 180 }, { x: 320, y: 330 });
  await touch('touchEnd');
  expect(await lacuna.toClient([{ x: 0, y: 0 }])).not.toEqual(before);
  await tap(area[2]!);
  expect(await bounds(lacuna)).toBeNull();
  await tap({ x: 158, y: 128 });
  const made = (await bounds(lacuna))!;
  expect(Math.abs(made.x - 150) + Math.abs(made.y - 120)).toBeLessThanOrEqual(6);
  await undoneInOneStep(lacuna);
  // Without a keyboard the bar removes and closes.
  for (const point of [...area, { x: 300, y: 400 }]) await tap(point);
  await lacuna.test('shape-take-back').click();
  await lacuna.test('shape-finish').click();
  expect((await bounds(lacuna))!.height).toBeLessThan(240);
  await lacuna.close();
});

test('shapes by numbers, by keyboard alone', async () => {
  const lacuna = await opened();
  const { keyboard } = lacuna.page;
  const focused = () => lacuna.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  await lacuna.test('stage').focus();
  await keyboard.press('Shift+R');
  await lacuna.test('shape-numbers').waitFor();
  for (let k = 0; k < 60 && (await focused()) !== 'shape-numbers'; k++) await keyboard.press('Shift+Tab');
  await expect.poll(focused).toBe('shape-numbers');
  await keyboard.press('Enter');
  await lacuna.test('shape-x').waitFor();
  expect(await focused()).toBe('shape-x');
  for (const [k, number] of ['-20', '40', '200', '100'].entries()) {
    if (k > 0) await keyboard.press('Tab');
    await keyboard.type(number);
  }
  await expect.poll(() => lacuna.test('shape').locator('[data-size]').textContent()).toBe('200 × 100');
  await keyboard.press('Enter');
  const said = () => lacuna.page.locator('[aria-live=polite][role=status]').first().textContent();
  expect(await said()).toBe('Added: Ellipse, 200 by 100 pixels, -20 from the left, 40 from the top.');
  const covered = async () => (await lacuna.document())!.coverage;
  expect(await covered()).toBeGreaterThan(0);
  const tabTo = async (id: string) => {
    for (let k = 0; k < 12 && (await focused()) !== id; k++) await keyboard.press('Tab');
    expect(await focused()).toBe(id);
  };
  await tabTo('numbers-subtract');
  await keyboard.press('Space');
  expect(await said()).toMatch(/^Taken away: Ellipse/);
  // A rim of pixels that were half covered is half left, as with the brushes.
  expect(await covered()).toBeLessThan(0.001);
  await keyboard.press('Space');
  expect(await said()).toBe('That changes nothing there.');
  await tabTo('numbers-add');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await expect.poll(focused).toBe('shape-numbers');
  expect(await lacuna.test('shape').isVisible()).toBe(false);
  const ellipse = await renderedEllipse({ x: -20, y: 40, width: 200, height: 100 });
  expectAlike(await coverage(lacuna), ellipse, 6);
  expect(lacuna.errors()).toEqual([]);
  await lacuna.close();
});

test('the switch and Alt are the same thing from two sides', async () => {
  const lacuna = await opened();
  await lacuna.test('tool-rectangle').click();
  await lacuna.test('shape-subtract').click();
  await lacuna.stroke([
    { x: 100, y: 100 },
    { x: 200, y: 200 },
  ]);
  expect(await bounds(lacuna)).toBeNull();
  await lacuna.page.keyboard.down('Alt');
  await lacuna.stroke([
    { x: 100, y: 100 },
    { x: 200, y: 200 },
  ]);
  await lacuna.page.keyboard.up('Alt');
  expect(await bounds(lacuna)).not.toBeNull();
  await lacuna.close();
});
