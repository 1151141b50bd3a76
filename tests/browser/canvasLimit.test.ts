import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { appAndBrowser } from './appAndBrowser.ts';
import { LacunaPage } from './lacunaPage.ts';

/** Safari's: a canvas of more px takes nothing and says nothing. */
const LIMIT = 16_777_216;

const app = appAndBrowser();

/**
 * Runs in the page and in its workers: records the px of each canvas and bitmap that is made, and lets larger ones be as
 * Safari has them. What was made is told over a channel.
 */
function likeSafari(limit: number) {
  const channel = new BroadcastChannel('canvas-sizes');
  const tell = (what: string, width: number, height: number) =>
    channel.postMessage({ what, width, height, area: width * height });
  for (const Kind of [globalThis.OffscreenCanvas, globalThis.HTMLCanvasElement]) {
    if (!Kind) continue;
    for (const side of ['width', 'height'] as const) {
      const own = Object.getOwnPropertyDescriptor(Kind.prototype, side)!;
      Object.defineProperty(Kind.prototype, side, {
        ...own,
        set(value: number) {
          own.set!.call(this, value);
          tell('canvas', this.width, this.height);
        },
      });
    }
  }
  const Offscreen = globalThis.OffscreenCanvas;
  globalThis.OffscreenCanvas = class extends Offscreen {
    constructor(width: number, height: number) {
      super(width, height);
      tell('canvas', width, height);
    }
  };
  for (const Context of [globalThis.OffscreenCanvasRenderingContext2D, globalThis.CanvasRenderingContext2D]) {
    if (!Context) continue;
    for (const name of ['fillRect', 'drawImage', 'putImageData'] as const) {
      const own = Context.prototype[name] as (...args: unknown[]) => void;
      Object.assign(Context.prototype, {
        [name](this: OffscreenCanvasRenderingContext2D, ...args: unknown[]) {
          if (this.canvas.width * this.canvas.height <= limit) own.apply(this, args);
        },
      });
    }
  }
  const make = globalThis.createImageBitmap as (...args: unknown[]) => Promise<ImageBitmap>;
  Object.assign(globalThis, {
    async createImageBitmap(...args: unknown[]) {
      const bitmap = await make(...args);
      if (bitmap.width * bitmap.height <= limit) {
        tell('bitmap', bitmap.width, bitmap.height);
        return bitmap;
      }
      bitmap.close();
      throw new DOMException('Too large', 'InvalidStateError');
    },
  });
}

/** The app in a browser with Safari's limit, and how many px the largest canvas or bitmap had. */
async function opened(name: string, file: Buffer, type: string) {
  const context = await app.browser.newContext({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  const lacuna = new LacunaPage(page);
  const source = `(${likeSafari})(${LIMIT});\n`;
  await page.addInitScript(
    `globalThis.made = []; new BroadcastChannel('canvas-sizes').onmessage = ({ data }) => made.push(data);\n${source}`,
  );
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: source + (await response.text()) });
  });
  await page.goto(app.url);
  await lacuna.openPicture(name, file, type);
  const made = () =>
    page.evaluate(() => {
      const all = (window as unknown as { made: { what: string; area: number }[] }).made;
      return { count: all.length, largest: Math.max(...all.map(({ area }) => area)) };
    });
  return { lacuna, made };
}

const sizeOf = async (file: Buffer) => {
  const { width, height, format } = await sharp(file, { limitInputPixels: false }).metadata();
  return { width, height, format };
};

/** A slope of colours with a few marks, as RGB. */
function slope(width: number, height: number) {
  const row = Buffer.alloc(width * 3);
  for (let x = 0; x < width; x++) row.set([(x * 255) / width, 90, 200 - (x * 150) / width], x * 3);
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) row.copy(data, y * width * 3);
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

describe('complaint 22: pictures above a platform’s canvas limit', () => {
  test('8192 × 5464 is opened, seen at every zoom, painted and exported without a large canvas', async () => {
    const size = { width: 8192, height: 5464 };
    const file = await slope(size.width, size.height).png({ compressionLevel: 1 }).toBuffer();
    const { lacuna, made } = await opened('large.png', file, 'image/png');
    const { page } = lacuna;
    await page.mouse.move(720, 450);
    // Through the zooms at which a view is made of the most px, just above half and a quarter.
    for (let k = 0; k < 16; k++) {
      await page.mouse.wheel(0, -140);
      await page.waitForTimeout(350);
    }
    await page.keyboard.press('0');
    await lacuna.setBrush(400);
    await lacuna.stroke([
      { x: 2000, y: 2000 },
      { x: 5000, y: 3000 },
    ]);
    for (const _ of ['tint', 'mask', 'outline']) await page.keyboard.press('v');
    await page.waitForTimeout(500);

    const mask = await lacuna.saved('export-mask');
    expect(await sizeOf(mask.bytes)).toMatchObject(size);
    const picture = await lacuna.saved('download');
    expect(await sizeOf(picture.bytes)).toEqual({ ...size, format: 'png' });

    const { count, largest } = await made();
    expect(count).toBeGreaterThan(20);
    expect(largest).toBeGreaterThan(1_000_000);
    expect(largest).toBeLessThanOrEqual(LIMIT);
    expect(lacuna.errors()).toEqual([]);

    // The browser's encoders can't: that is said, and PNG is a click away.
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'JPEG' }).click();
    await page.keyboard.press('Escape');
    await lacuna.test('download').click();
    const error = lacuna.test('error');
    await error.waitFor();
    expect(await error.getAttribute('data-code')).toBe('unwritable');
    const saved = await lacuna.saved('save-as-png');
    expect(saved.name).toMatch(/\.png$/);
    expect(await sizeOf(saved.bytes)).toEqual({ ...size, format: 'png' });
    expect(await error.isVisible()).toBe(false);
    await lacuna.close();
  });

  test('a phone’s photo of 5712 × 4284 keeps its pixels where no bitmap may be that large', async () => {
    const size = { width: 5712, height: 4284 };
    const photo = await slope(size.width, size.height)
      .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const { lacuna, made } = await opened('photo.jpg', photo, 'image/jpeg');
    const { bytes } = await lacuna.saved('download');
    const seen = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(seen.info).toMatchObject(size);
    const wanted = await sharp(photo).removeAlpha().raw().toBuffer();
    let worst = 0;
    // Each row, so that the borders of what was decoded apart are among them.
    for (let i = 0; i < wanted.length; i += 3 * 7)
      worst = Math.max(worst, Math.abs(wanted[i]! - seen.data[i]!));
    expect(worst).toBeLessThanOrEqual(2);
    expect((await made()).largest).toBeLessThanOrEqual(LIMIT);
    expect(lacuna.errors()).toEqual([]);
    await lacuna.close();
  });
});
