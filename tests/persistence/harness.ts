import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { createServer as createVite, type ViteDevServer } from 'vite';
import { launchBrowser } from '../browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const html =
  '<!doctype html><title>persistence</title><script type="module" src="/tests/persistence/page.ts"></script>';

export interface Harness {
  readonly origin: string;
  /** A profile of its own: its storage is empty. */
  newContext(): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Serves `page.ts` from the source on a free port and starts a browser. */
export async function startHarness(): Promise<Harness> {
  const vite: ViteDevServer = await createVite({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: ['idb', 'zustand/vanilla'] },
  });
  const server: Server = createServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(html);
    else vite.middlewares(request, response, () => response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser: Browser = await launchBrowser();
  return {
    origin,
    newContext: () => browser.newContext(),
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await vite.close();
    },
  };
}

/** Opens the page, or waits for it after a reload. */
export async function ready(page: Page, origin?: string): Promise<Page> {
  if (origin) await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'harness' in window);
  return page;
}
