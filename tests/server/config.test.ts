import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../server/config/settings.ts';
import { readConfig, SETTINGS } from '../../server/config.ts';

const KEY = 'sk-secret-0123456789';
const TOKEN = 'sixteen-letters!';

test('without any setting the embedded engine answers on this machine only', () => {
  expect(readConfig({})).toEqual({
    port: 8787,
    host: '127.0.0.1',
    allowedHosts: ['127.0.0.1'],
    services: [],
    embedded: true,
    onnxModel: null,
    models: new Map(),
    modelListMs: 6 * 60 * 60 * 1000,
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
    logLevel: 'info',
    trustProxy: [],
    httpsOnly: false,
    accessToken: null,
    metricsToken: null,
    dataDir: join(import.meta.dirname, '..', '..', '.data'),
    redisUrl: null,
    drainMs: 0,
    graceMs: 120_000,
  });
});

test('a key means OpenAI, an address a compatible service, blank settings nothing', () => {
  expect(readConfig({ OPENAI_API_KEY: ` ${KEY}\n` }).services[0]).toEqual({
    id: 'openai',
    apiKey: KEY,
    baseUrl: 'https://api.openai.com/v1',
    defaultModel: 'gpt-image-2.6-sunburst',
    timeoutMs: 900_000,
  });
  const local = { OPENAI_BASE_URL: 'http://127.0.0.1:1234/v1/', IMAGE_MODEL: 'sd', OPENAI_API_KEY: '' };
  expect(readConfig(local).services[0]).toMatchObject({
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
  [{ ACCESS_TOKEN: 'only-15-letters' }, 'ACCESS_TOKEN'],
  [{ ACCESS_TOKEN: 'sixteen letters and spaces' }, 'ACCESS_TOKEN'],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
  [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY'],
  [{ TRUST_PROXY: '1' }, 'TRUST_PROXY'],
  [{ TRUST_PROXY: '10.0.0.0/8, everyone' }, 'TRUST_PROXY'],
  [{ REDIS_URL: 'http://127.0.0.1:6379' }, 'REDIS_URL'],
  [{ SHUTDOWN_GRACE_SECONDS: '-1' }, 'SHUTDOWN_GRACE_SECONDS'],
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
    const locked = readConfig({ HOST, OPENAI_API_KEY: KEY, ACCESS_TOKEN: TOKEN });
    expect(locked).toMatchObject({ host: HOST, accessToken: TOKEN });
    expect(readConfig({ HOST }).services).toEqual([]);
  },
);

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('%s is this machine', (HOST) => {
  expect(readConfig({ HOST, OPENAI_API_KEY: KEY }).services).toHaveLength(1);
});

test('a token that is refused is not shown', () => {
  expect(() => readConfig({ ACCESS_TOKEN: 'hunter2' })).not.toThrow(/hunter2/);
});

test('proxies are trusted by address, network or the name of one', () => {
  const TRUST_PROXY = '127.0.0.1, 10.0.0.0/8,fd00::/8 , uniquelocal';
  expect(readConfig({ TRUST_PROXY }).trustProxy).toEqual(TRUST_PROXY.split(',').map((part) => part.trim()));
});

test('only a server that others reach listens on for balancers', () => {
  expect(readConfig({ HOST: '0.0.0.0' }).drainMs).toBe(5000);
  expect(readConfig({ HOST: '0.0.0.0', DRAIN_SECONDS: '0' }).drainMs).toBe(0);
  expect(readConfig({ DRAIN_SECONDS: '12' }).drainMs).toBe(12_000);
});

test('.env.example names every setting and no other', async () => {
  const example = parseEnv(await readFile(new URL('../../.env.example', import.meta.url), 'utf8'));
  expect(Object.keys(example).sort()).toEqual([...SETTINGS].sort());
});

test('.env.example is what happens without it', async () => {
  const example = parseEnv(await readFile(new URL('../../.env.example', import.meta.url), 'utf8'));
  expect(readConfig(example as Record<string, string>)).toEqual(readConfig({}));
});

test('a models file is read, and what is wrong with it is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'models.json');
  const read = (text: string, more = {}) => {
    writeFileSync(path, text);
    return readConfig({ MODELS_FILE: path, ...more });
  };
  expect(read('{"flux-2":{"maxResults":1}}').models).toEqual(new Map([['flux-2', { maxResults: 1 }]]));
  expect(() => read('{"flux-2":{"maxResults":0}}')).toThrow(/^MODELS_FILE: flux-2\.maxResults/);
  expect(() => read('{"flux-2":null}', { IMAGE_MODEL: 'flux-2' })).toThrow('IMAGE_MODEL');
  expect(() => readConfig({ MODELS_FILE: join(folder, 'nothing') })).toThrow(ConfigError);
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

test('a model for the embedded engine wants that engine', () => {
  const model = { LACUNA_ONNX_MODEL: ' /models/lama.onnx ' };
  expect(readConfig(model).onnxModel).toBe('/models/lama.onnx');
  expect(() => readConfig({ ...model, OPENAI_API_KEY: KEY })).toThrow('EMBEDDED_ENGINE=1');
  expect(readConfig({ ...model, OPENAI_API_KEY: KEY, EMBEDDED_ENGINE: '1' }).embedded).toBe(true);
});
