// `npm run dev`: Vite in front (hot reload of the app), the API server behind it (restarted on change).
import { spawn } from 'node:child_process';
import { createServer as createNetServer } from 'node:net';
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
const paths = ['/v1', '/api', '/files', '/healthz', '/readyz', '/metrics'];
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

const api = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'server/main.ts'], {
  cwd: root,
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(apiPort) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
// The server prints where it listens; users are to open Vite's address.
api.stdout
  .setEncoding('utf8')
  .on('data', (text: string) => process.stdout.write(text.replaceAll(apiOrigin, `http://${host}:${port}`)));

async function stop(code: number) {
  api.kill();
  await vite.close();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void stop(0));
api.once('exit', (code) => void stop(code ?? 0));
