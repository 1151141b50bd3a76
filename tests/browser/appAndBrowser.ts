import type { Browser } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { type RunningApp, startApp } from '../app.ts';
import { launchBrowser } from '../browser.ts';

/** The app with its embedded engine, and a browser, for all tests of the calling file; there from its hooks on. */
export function appAndBrowser() {
  let app: RunningApp | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    app = await startApp();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  return {
    get url() {
      return app!.url;
    },
    get browser() {
      return browser!;
    },
  };
}
