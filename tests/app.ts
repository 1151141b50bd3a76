import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../server/build.ts';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

export interface RunningApp {
  /** Origin, without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** What the server has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(late);
}

/**
 * Starts the real server with the built app in a process of its own, with the embedded engine unless `env` says
 * otherwise. Nothing of this process's environment reaches it but PATH and HOME.
 */
export async function startApp({ env = {} }: { env?: Record<string, string> } = {}): Promise<RunningApp> {
  await ensureBuilt();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [main], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? tmpdir(),
      HOST: '127.0.0.1',
      PORT: String(port),
      // Set and empty: a developer's .env does not fill it.
      OPENAI_API_KEY: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const giveUp = Date.now() + 30_000;
  while (
    !(await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > giveUp) {
      await end(child);
      throw new Error(`The server did not start:\n${printed}`);
    }
    await delay(50);
  }
  return { url, pid: child.pid ?? 0, output: () => printed, stop: () => end(child) };
}
