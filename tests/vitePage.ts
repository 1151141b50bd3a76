import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright';
import { createServer as createVite } from 'vite';
import { launchBrowser } from './browser.ts';

export interface VitePage {
  readonly origin: string;
  /** A profile of its own: its storage is empty. */
  newContext(): Promise<BrowserContext>;
  close(): Promise<void>;
}

/**
 * Serves a page with nothing but `script` (a path from the root), from the source on a free port, and starts a browser.
 *
 * @param packages which the script imports
 */
export async function startVitePage(script: string, packages: string[] = []): Promise<VitePage> {
  const html = `<!doctype html><title>test</title><script type="module" src="${script}"></script>`;
  const vite = await createVite({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    worker: { format: 'es' },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: packages },
  });
  const server = createServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(html);
    else vite.middlewares(request, response, () => response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const browser = await launchBrowser();
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    newContext: () => browser.newContext(),
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await vite.close();
    },
  };
}
