import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.ts';

const KEY = 'sk-secret-0123456789';

test('without any setting the embedded engine answers on this machine only', () => {
  expect(readConfig({})).toEqual({
    port: 8787,
    host: '127.0.0.1',
    allowedHosts: ['127.0.0.1'],
    service: null,
    limits: { maxUploadBytes: 128 * 1024 * 1024, maxPixels: 67_108_864, maxEdge: 16_384 },
    logLevel: 'info',
  });
});

test('a key means OpenAI, an address a compatible service, blank settings nothing', () => {
  expect(readConfig({ OPENAI_API_KEY: ` ${KEY}\n` }).service).toEqual({
    apiKey: KEY,
    baseUrl: 'https://api.openai.com/v1',
    defaultModel: 'gpt-image-2.6-sunburst',
    timeoutMs: 900_000,
  });
  const local = { OPENAI_BASE_URL: 'http://127.0.0.1:1234/v1/', IMAGE_MODEL: 'sd', OPENAI_API_KEY: '' };
  expect(readConfig(local).service).toMatchObject({
    apiKey: null,
    baseUrl: 'http://127.0.0.1:1234/v1',
    defaultModel: 'sd',
  });
  expect(readConfig({ OPENAI_API_KEY: '  ', PORT: '', HOST: '' })).toEqual(readConfig({}));
});

test.each([
  [{ PORT: 'http' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ OPENAI_BASE_URL: 'localhost:1234' }, 'OPENAI_BASE_URL'],
  [{ OPENAI_API_KEY: 'sk secret with spaces' }, 'OPENAI_API_KEY'],
  [{ MAX_UPLOAD_MB: '-1' }, 'MAX_UPLOAD_MB'],
  [{ UPSTREAM_TIMEOUT_MS: 'soon' }, 'UPSTREAM_TIMEOUT_MS'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ALLOW_PUBLIC: 'perhaps' }, 'ALLOW_PUBLIC'],
])('%o is refused by name', (env, name) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(name);
});

test('a key that cannot be one is not shown', () => {
  expect(() => readConfig({ OPENAI_API_KEY: `${KEY} and more` })).not.toThrow(KEY);
});

test.each(['0.0.0.0', '::', '192.168.1.5', 'studio.local'])(
  'a key is not offered to the network on %s',
  (HOST) => {
    expect(() => readConfig({ HOST, OPENAI_API_KEY: KEY })).toThrow(/ALLOW_PUBLIC/);
    expect(() => readConfig({ HOST, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })).toThrow(/ALLOW_PUBLIC/);
    expect(readConfig({ HOST, OPENAI_API_KEY: KEY, ALLOW_PUBLIC: '1' }).host).toBe(HOST);
    expect(readConfig({ HOST }).service).toBeNull();
  },
);

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('%s is this machine', (HOST) => {
  expect(readConfig({ HOST, OPENAI_API_KEY: KEY }).service).not.toBeNull();
});

test('.env.example is what happens without it', async () => {
  const example = parseEnv(await readFile(new URL('../../.env.example', import.meta.url), 'utf8'));
  expect(readConfig(example as Record<string, string>)).toEqual(readConfig({}));
});
