import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** What `window.lacuna` offers, as the tests use it. */
interface LacunaGlobal {
  imageToClient(point: Point): Point;
  clientToImage(point: Point): Point;
  document(): {
    frame: Rect;
    layers: readonly { id: string; rect: Rect; visible: boolean }[];
    maskBounds: Rect | null;
    coverage: number;
  } | null;
}
declare global {
  interface Window {
    lacuna: LacunaGlobal;
    /** Pointer readings over the stage in client px, recorded by `recordPointer`. */
    readings: Point[];
  }
}

/** The app as a user drives it, through the stable handles. */
export class LacunaPage {
  readonly page: Page;
  readonly #errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.#errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<LacunaPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    const lacuna = new LacunaPage(await context.newPage());
    await lacuna.page.goto(url);
    await lacuna.page.getByTestId('stage').waitFor();
    return lacuna;
  }

  /** Uncaught errors and errors on the page's console so far. */
  errors(): readonly string[] {
    return this.#errors;
  }

  test(id: string) {
    return this.page.getByTestId(id);
  }

  async choose(name: string, file: Buffer, mimeType = 'image/png') {
    await this.test('open-input').setInputFiles({ name, mimeType, buffer: file });
  }

  /** Opens a picture and waits until it is shown. */
  async openPicture(name: string, file: Buffer, mimeType?: string) {
    await this.choose(name, file, mimeType);
    await this.ready();
  }

  async ready() {
    await this.page.locator('[data-testid=stage][data-state=ready]').waitFor();
  }

  async setBrush(size: number) {
    await this.test('brush-size').evaluate((input, value) => {
      const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
      setter.call(input, String(value));
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, size);
  }

  toClient(points: readonly Point[]): Promise<Point[]> {
    return this.page.evaluate((list) => list.map((point) => window.lacuna.imageToClient(point)), [...points]);
  }

  /** A stroke with the mouse along points in document px. */
  async stroke(points: readonly Point[]) {
    const [first, ...rest] = await this.toClient(points);
    await this.page.mouse.move(first!.x, first!.y);
    await this.page.mouse.down();
    for (const { x, y } of rest) await this.page.mouse.move(x, y);
    await this.page.mouse.up();
  }

  /** Clicks and returns the bytes of the file that is saved. */
  async saved(testId: string): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.test(testId).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  document() {
    return this.page.evaluate(() => window.lacuna.document());
  }

  async close() {
    await this.page.context().close();
  }
}
