// `npm run dev`: Vite in front (hot reload of the app), the API server behind it (restarted on change).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createNetServer } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const host = process.env['HOST'] ?? '127.0.0.1';
const port = Number(process.env['PORT'] ?? 8787);

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createNetServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const apiPort = await freePort();
const apiOrigin = `http://127.0.0.1:${apiPort}`;
const paths = ['/v1', '/api', '/files', '/healthz', '/readyz', '/metrics', '/login', '/logout'];
const vite = await createServer({
  root,
  server: {
    host,
    port,
    strictPort: true,
    proxy: Object.fromEntries(
      paths.map((path) => [path, { target: apiOrigin, timeout: 0, proxyTimeout: 0 }]),
    ),
  },
});
await vite.listen();

let api: ChildProcess | null = null;
let stopping = false;

/** Not `node --watch`: under it the worker threads of the embedded engine never answer. */
function startApi() {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(apiPort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The server prints where it listens; users are to open Vite's address.
  child.stdout
    .setEncoding('utf8')
    .on('data', (text: string) => process.stdout.write(text.replaceAll(apiOrigin, `http://${host}:${port}`)));
  api = child;
}

async function endApi() {
  const child = api;
  api = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Editors save several files at once; one restart is enough, ms. */
const QUIET = 150;
let restart: NodeJS.Timeout | undefined;
vite.watcher.add(join(root, 'server')).on('all', (_, path) => {
  const file = relative(root, path).replaceAll('\\', '/');
  if (!/^(server|src\/fill)\/.*(?<!\.test)\.ts$/.test(file)) return;
  clearTimeout(restart);
  restart = setTimeout(async () => {
    await endApi();
    if (!stopping) startApi();
  }, QUIET);
});
startApi();

async function stop() {
  stopping = true;
  clearTimeout(restart);
  await endApi();
  await vite.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void stop());
