import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { soon } from './support.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
/** Set and empty, so that a .env of the checkout does not count. */
const BLANK = {
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  IMAGE_MODEL: '',
  HOST: '',
  PORT: '0',
  REDIS_URL: '',
  LOG_LEVEL: 'silent',
};

/** Runs the server as `npm start` does, with its output so far. */
function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...BLANK, ...env } });
  let output = '';
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = /http:\/\/\S+/.exec(output)?.[0];
      if (address && output.includes('engine:')) resolve(address);
    });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended, listening: soon(listening, 'listening'), output: () => output };
}

test('it says where it listens and which engine answers, and ends when asked', async () => {
  const { child, ended, listening, output } = start();
  const url = await listening;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(output()).toContain('engine: embedded');
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
  child.kill('SIGTERM');
  expect(await soon(ended, 'the end')).toBe(0);
});

test('with a key it names OpenAI and the model, never the key', async () => {
  const { listening, output } = start({ OPENAI_API_KEY: 'sk-test-123456', IMAGE_MODEL: 'gpt-image-2' });
  const url = await listening;
  expect(output()).toContain('engine: OpenAI, model gpt-image-2');
  expect(output()).not.toContain('sk-test');
  expect(await (await fetch(`${url}/api/capabilities`)).json()).toMatchObject({
    services: [{ id: 'openai', kind: 'openai', host: null }],
    defaultModel: 'gpt-image-2',
  });
});

test('a port that is taken is said, and the process ends', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const { ended, output } = start({ PORT: String(port) });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
});

test('settings that cannot be used are said, and nothing is opened', async () => {
  const { ended, output } = start({ OPENAI_API_KEY: 'sk-test-123456', HOST: '0.0.0.0' });
  expect(await soon(ended, 'the end')).toBe(1);
  expect(output()).toContain('ALLOW_PUBLIC');
  expect(output()).not.toContain('sk-test');
});
