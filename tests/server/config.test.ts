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
    quotas: {
      requestsPerMinute: 600,
      imagesPerMinute: 50,
      jobsPerClient: 4,
      jobs: 16,
      budgetPerClientUsd: null,
      budgetUsd: null,
      unknownPriceUsd: null,
      uploadBytes: 512 * 1024 * 1024,
    },
    redisUrl: null,
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
  [{ OPENAI_TIMEOUT_SECONDS: 'soon' }, 'OPENAI_TIMEOUT_SECONDS'],
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

test('limits are set in the units of their names, and 0 lifts them', () => {
  const { quotas } = readConfig({
    REQUESTS_PER_MINUTE: '0',
    IMAGES_PER_MINUTE: '0',
    MAX_JOBS_PER_CLIENT: '0',
    MAX_JOBS: '0',
    BUDGET_PER_CLIENT_USD: '0.5',
    BUDGET_USD: '20',
    UNKNOWN_PRICE_USD: '0',
    MAX_UPLOADS_MB: '1000',
  });
  expect(quotas).toEqual({
    requestsPerMinute: null,
    imagesPerMinute: null,
    jobsPerClient: null,
    jobs: null,
    budgetPerClientUsd: 0.5,
    budgetUsd: 20,
    unknownPriceUsd: 0,
    uploadBytes: 1000 * 1024 * 1024,
  });
});

test('room for all uploads grows with the largest one, and may not be set too small for it', () => {
  expect(readConfig({ MAX_UPLOAD_MB: '400' }).quotas.uploadBytes).toBe(800 * 1024 * 1024);
  expect(() => readConfig({ MAX_UPLOADS_MB: '255' })).toThrow(/MAX_UPLOADS_MB.*256/);
});

test.each([
  ['BUDGET_USD', '0'],
  ['BUDGET_PER_CLIENT_USD', '-1'],
  ['UNKNOWN_PRICE_USD', 'cheap'],
  ['IMAGES_PER_MINUTE', '1.5'],
  ['REDIS_URL', 'localhost:6379'],
])('%s=%s is refused by its name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});
