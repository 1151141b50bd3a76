import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decode, draw, jpegOf, landscape, pngOf } from '../pictures.ts';
import { appAndBrowser } from './appAndBrowser.ts';
import type { Point } from './lacunaPage.ts';
import { LacunaPage } from './lacunaPage.ts';

const app = appAndBrowser();

/** Coverage of a hard round brush along a polyline: the obvious way, a distance per pixel and segment. */
function swept(width: number, height: number, path: readonly Point[], diameter: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let distance = Number.POSITIVE_INFINITY;
      for (let k = 0; k < path.length; k++) {
        const a = path[Math.max(0, k - 1)]!;
        const b = path[k]!;
        const dx = b.x - a.x;
        const dy = b.y - a.y;
        const length = dx * dx + dy * dy;
        const t =
          length > 0 ? Math.min(1, Math.max(0, ((x + 0.5 - a.x) * dx + (y + 0.5 - a.y) * dy) / length)) : 0;
        distance = Math.min(distance, Math.hypot(x + 0.5 - a.x - t * dx, y + 0.5 - a.y - t * dy));
      }
      out[y * width + x] = Math.round(Math.min(1, Math.max(0, diameter / 2 - distance + 0.5)) * 255);
    }
  }
  return out;
}

/** Records where the browser says the pointer was, in client px, through the events that the app sees. */
const recordPointer = (lacuna: LacunaPage) =>
  lacuna.page.evaluate(() => {
    window.readings = [];
    const stage = document.querySelector('[data-testid=stage]')!;
    for (const type of ['pointerdown', 'pointermove'] as const) {
      stage.addEventListener(
        type,
        (event) => {
          const pointer = event as PointerEvent;
          if (pointer.buttons !== 1) return;
          const readings = pointer.getCoalescedEvents?.() ?? [];
          for (const { clientX, clientY } of readings.length ? readings : [pointer]) {
            window.readings.push(window.lacuna.clientToImage({ x: clientX, y: clientY }));
          }
        },
        true,
      );
    }
  });

const red = async (file: Uint8Array) => {
  const mask = await decode(file);
  return { ...mask, coverage: mask.data.filter((_, i) => i % 4 === 0) };
};

const width = 640;
const height = 480;
const path: readonly Point[] = [
  { x: 300, y: 200 },
  { x: 340, y: 215 },
  { x: 372, y: 260 },
  { x: 330, y: 275 },
];

const views = [
  { deviceScaleFactor: 1, zooms: 0 },
  { deviceScaleFactor: 2, zooms: 0 },
  { deviceScaleFactor: 1, zooms: 4 },
  { deviceScaleFactor: 3, zooms: 2 },
  { deviceScaleFactor: 1.5, zooms: -3 },
] as const;

describe('A1111#668, #828, #1002: the mask lands where it was painted', () => {
  test.each(views)(
    'at pixel ratio $deviceScaleFactor after $zooms zoom steps',
    async ({ deviceScaleFactor, zooms }) => {
      const lacuna = await LacunaPage.open(app.browser, app.url, { deviceScaleFactor });
      await lacuna.openPicture('grid.png', await pngOf(landscape(width, height)));
      const centre = (await lacuna.toClient([{ x: 335, y: 240 }]))[0]!;
      await lacuna.page.mouse.move(centre.x, centre.y);
      for (let k = 0; k < Math.abs(zooms); k++) await lacuna.page.mouse.wheel(0, zooms > 0 ? -120 : 120);
      await lacuna.page.waitForTimeout(300);
      await lacuna.setBrush(37);
      await recordPointer(lacuna);
      await lacuna.stroke(path);
      const points = await lacuna.page.evaluate(() => window.readings);
      // The pointer was where it was sent: to half a CSS px.
      const perPixel = (
        await lacuna.toClient([
          { x: 1, y: 0 },
          { x: 0, y: 0 },
        ])
      ).reduce((a, b) => ({ x: a.x - b.x, y: 0 })).x;
      for (const [k, want] of [[0, path[0]!] as const, [points.length - 1, path.at(-1)!] as const]) {
        expect(Math.hypot(points[k]!.x - want.x, points[k]!.y - want.y) * perPixel).toBeLessThan(1.01);
      }
      const { coverage, ...mask } = await red((await lacuna.saved('export-mask')).bytes);
      expect([mask.width, mask.height]).toEqual([width, height]);
      const expected = swept(width, height, points, 37);
      let worst = 0;
      for (let i = 0; i < expected.length; i++)
        worst = Math.max(worst, Math.abs(expected[i]! - coverage[i]!));
      expect(worst).toBeLessThanOrEqual(2);
      expect(lacuna.errors()).toEqual([]);
      await lacuna.close();
    },
  );
});

const mark = { x: 412, y: 175, edge: 6 };

/** Centre of what is magenta on the screen, CSS px: where a user sees the mark, whatever the app thinks. */
async function seenMark(lacuna: LacunaPage, deviceScaleFactor: number): Promise<Point> {
  const screen = await decode(await lacuna.page.screenshot());
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < screen.width * screen.height; i++) {
    const [r, g, b] = screen.data.subarray(i * 4, i * 4 + 3);
    if (r! < 200 || g! > 60 || b! < 200) continue;
    count++;
    sumX += (i % screen.width) + 0.5;
    sumY += Math.floor(i / screen.width) + 0.5;
  }
  expect(count).toBeGreaterThan(3);
  return { x: sumX / count / deviceScaleFactor, y: sumY / count / deviceScaleFactor };
}

/** Centre of mass of the coverage, document px. */
function centreOf(coverage: Uint8Array, columns: number): Point {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  coverage.forEach((value, i) => {
    sum += value;
    sumX += value * ((i % columns) + 0.5);
    sumY += value * (Math.floor(i / columns) + 0.5);
  });
  return { x: sumX / sum, y: sumY / sum };
}

describe('A1111#2134: a click on what is seen erases exactly that', () => {
  test.each(views)(
    'at pixel ratio $deviceScaleFactor after $zooms zoom steps',
    async ({ deviceScaleFactor, zooms }) => {
      const lacuna = await LacunaPage.open(app.browser, app.url, { deviceScaleFactor });
      const marked = draw(width, height, (x, y) =>
        x >= mark.x && x < mark.x + mark.edge && y >= mark.y && y < mark.y + mark.edge
          ? [255, 0, 255, 255]
          : [60, 110, 90, 255],
      );
      await lacuna.openPicture('mark.png', await pngOf(marked));
      await lacuna.setBrush(24);
      const start = await seenMark(lacuna, deviceScaleFactor);
      await lacuna.page.mouse.move(start.x, start.y);
      for (let k = 0; k < Math.abs(zooms); k++) await lacuna.page.mouse.wheel(0, zooms > 0 ? -120 : 120);
      // Out of the way, so that the brush ring hides nothing; and the sharp pixels are there.
      await lacuna.page.mouse.move(start.x, start.y + 200);
      await lacuna.page.waitForTimeout(500);
      const seen = await seenMark(lacuna, deviceScaleFactor);
      await lacuna.page.mouse.click(seen.x, seen.y);
      const { coverage } = await red((await lacuna.saved('export-mask')).bytes);
      const centre = centreOf(coverage, width);
      // A device px is this many document px; the browser gives whole CSS px to a click.
      const [a, b] = await lacuna.toClient([
        { x: 0, y: 0 },
        { x: 100, y: 0 },
      ]);
      const cssPixel = 100 / (b!.x - a!.x);
      const off = Math.hypot(centre.x - mark.x - mark.edge / 2, centre.y - mark.y - mark.edge / 2);
      expect(off).toBeLessThan(0.1 + cssPixel);
      await lacuna.close();
    },
  );
});

test('ComfyUI_frontend#12053: a stroke that leaves the picture keeps the strokes before it', async () => {
  const lacuna = await LacunaPage.open(app.browser, app.url);
  await lacuna.openPicture('grid.png', await pngOf(landscape(300, 200)));
  await lacuna.setBrush(30);
  await lacuna.stroke([
    { x: 60, y: 60 },
    { x: 120, y: 60 },
  ]);
  const first = (await red((await lacuna.saved('export-mask')).bytes)).coverage;
  await lacuna.stroke([
    { x: 150, y: 150 },
    { x: 330, y: 150 },
    { x: 330, y: 100 },
  ]);
  const second = (await red((await lacuna.saved('export-mask')).bytes)).coverage;
  let lost = 0;
  for (let i = 0; i < first.length; i++) if (second[i]! < first[i]!) lost++;
  expect(lost).toBe(0);
  expect(second[150 * 300 + 290]).toBe(255);
  await lacuna.test('undo').click();
  expect(Buffer.compare((await red((await lacuna.saved('export-mask')).bytes)).coverage, first)).toBe(0);
  await lacuna.close();
});

describe('IOPaint#419, A1111#3524: a turned photo is upright before anything else', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async (orientation) => {
    const lacuna = await LacunaPage.open(app.browser, app.url);
    const stored = landscape(320, 200);
    const turned = orientation > 4;
    await lacuna.openPicture('photo.jpg', await jpegOf(stored, orientation), 'image/jpeg');
    const size = turned ? [200, 320] : [320, 200];
    const stage = lacuna.test('stage');
    expect(Number(await stage.getAttribute('data-image-width'))).toBe(size[0]);
    expect(Number(await stage.getAttribute('data-image-height'))).toBe(size[1]);
    await lacuna.setBrush(20);
    await lacuna.stroke([{ x: 60, y: 40 }]);
    const mask = await red((await lacuna.saved('export-mask')).bytes);
    expect([mask.width, mask.height]).toEqual(size);
    expect(mask.coverage[40 * mask.width + 60]).toBe(255);
    // Upright by the reference decoder: the same pixels, up to the two decoders' rounding.
    const upright = await decode(
      await sharp(await jpegOf(stored, orientation))
        .rotate()
        .png()
        .toBuffer(),
    );
    const shown = await decode((await lacuna.saved('download')).bytes);
    expect([shown.width, shown.height]).toEqual([upright.width, upright.height]);
    let far = 0;
    for (let i = 0; i < upright.data.length; i++) if (Math.abs(upright.data[i]! - shown.data[i]!) > 6) far++;
    expect(far).toBe(0);
    await lacuna.close();
  });
});
