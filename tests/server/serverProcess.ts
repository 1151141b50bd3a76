import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { soon } from './support.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
/** Set and empty, so that a .env of the checkout does not count. */
const BLANK = {
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  IMAGE_MODEL: '',
  // No test asks anybody outside.
  MODEL_LIST_HOURS: '0',
  HOST: '',
  PORT: '0',
  ACCESS_TOKEN: '',
  REDIS_URL: '',
  LOG_LEVEL: 'silent',
};

/** Runs the server as `npm start` does, with a data directory of its own and its output so far, until the test ends. */
export async function startServer(env: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'lacuna-server-'));
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...BLANK, DATA_DIR: directory, ...env },
  });
  let output = '';
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = /http:\/\/\S+/.exec(output)?.[0];
      if (address && output.includes('engine:')) resolve(address);
    });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(directory, { recursive: true, force: true });
  });
  const inTime = soon(listening, 'listening');
  // Tests of servers that do not start never look at it.
  inTime.catch(() => {});
  return { child, ended, directory, listening: inTime, output: () => output };
}
