import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';

const places = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'];
const isRoot = process.getuid?.() === 0;

const findRedis = (): string | null => places.find((path) => existsSync(path)) ?? null;

/** Whether tests with a real Redis can run here. */
export const hasRedis = (): boolean => findRedis() !== null;

/** Installs Debian's Redis where it is missing and we may. Says so loudly where its tests have to be left out. */
export function ensureRedis(): void {
  if (hasRedis()) return;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('Installing Redis (apt-get) …\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const apt = (...args: string[]) =>
      spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
    if (apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', 'redis-server'))
      return;
  }
  process.stdout.write(
    '\n*** SKIPPED: no redis-server was found and none could be installed. The tests of several servers that share ' +
      'a Redis do NOT run. Install redis-server to run them. ***\n\n',
  );
}

export interface RunningRedis {
  /** redis://127.0.0.1:… */
  readonly url: string;
  stop(): Promise<void>;
}

/** A real Redis of its own on a free port of 127.0.0.1, which keeps nothing on disk. */
export async function startRedis(): Promise<RunningRedis> {
  const binary = findRedis();
  if (!binary) throw new Error('No redis-server: ask hasRedis first.');
  const port = await freePort();
  const child = spawn(
    binary,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const text of child.stdout.setEncoding('utf8'))
    if (String(text).includes('Ready to accept connections')) break;
  child.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
