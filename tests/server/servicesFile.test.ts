import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../server/config/settings.ts';
import { readConfig } from '../../server/config.ts';
import { PROFILES } from '../../server/providers/profiles.ts';
import { parseServicesFile } from '../../server/providers/servicesFile.ts';

const SECRET = 'sk-secret-0123456789';
const LAB = { id: 'lab', baseUrl: 'http://127.0.0.1:1234/v1/', models: [{ id: 'sd' }] };
const parse = (services: unknown, env = {}) => parseServicesFile(JSON.stringify(services), env);

test('a service has its key from the environment, its preset with what is said otherwise, and its models', () => {
  const said = {
    ...LAB,
    apiKeyEnv: 'LAB_KEY',
    profile: 'vllm-omni',
    overrides: { maskField: null, stream: 'openai' },
    models: [{ id: 'flux', maxResults: 2 }, { id: 'sd' }],
  };
  expect(parse([said], { LAB_KEY: ` ${SECRET} ` })).toEqual([
    {
      id: 'lab',
      apiKey: SECRET,
      baseUrl: 'http://127.0.0.1:1234/v1',
      profile: { ...PROFILES['vllm-omni'], maskField: null, stream: 'openai' },
      models: [{ id: 'flux', maxResults: 2 }, { id: 'sd' }],
      isDefault: false,
    },
  ]);
});

test.each([
  ['no list', {}, 'the file'],
  ['none', [], 'the file'],
  ['two of one id', [LAB, LAB], 'same id'],
  [
    'two defaults',
    [
      { ...LAB, default: true },
      { ...LAB, id: 'b', default: true },
    ],
    'default',
  ],
  ['an id of ours', [{ ...LAB, id: 'embedded' }], 'service 1, id'],
  ['an id with a slash', [{ ...LAB, id: 'a/b' }], 'service 1, id'],
  ['another protocol', [{ ...LAB, baseUrl: `ftp://${SECRET}/v1` }], 'service 1, baseUrl'],
  ['a password in the address', [{ ...LAB, baseUrl: `http://me:${SECRET}@host/v1` }], 'service 1, baseUrl'],
  ['a key in place of its name', [{ ...LAB, apiKeyEnv: SECRET }], 'service 1, apiKeyEnv'],
  ['a key as a member', [LAB, { ...LAB, id: 'b', apiKey: SECRET }], 'service 2: has members'],
  ['a key as the name of a member', [{ ...LAB, [SECRET]: 1 }], 'service 1: has members'],
  ['an unknown preset', [{ ...LAB, profile: SECRET }], 'service 1, profile'],
  ['a path that is none', [{ ...LAB, overrides: { paths: { edits: SECRET } } }], 'overrides.paths'],
  ['no model', [{ ...LAB, models: [] }], 'service 1, models'],
  ['a model of another service', [{ ...LAB, models: [{ id: 'sd', service: 'x' }] }], 'models.0'],
  ['a default that is no quality', [{ ...LAB, models: [{ id: 'sd', defaultQuality: 'max' }] }], 'model 1'],
  ['a variable that is not set', [{ ...LAB, apiKeyEnv: 'NOT_SET' }], 'not set'],
] as const)('%s is refused where it stands, and no value is shown', (_what, services, place) => {
  expect(() => parse(services)).toThrow(place);
  try {
    parse(services);
  } catch (error) {
    expect(String(error)).not.toContain(SECRET);
  }
});

test('a file that is no JSON is not quoted', () => {
  expect(() => parseServicesFile(`[{ "apiKey": ${SECRET} }]`, {})).toThrow('not valid JSON');
  expect(() => parseServicesFile(`[{ "apiKey": ${SECRET} }]`, {})).not.toThrow(SECRET);
});

function written(services: unknown): string {
  const directory = mkdtempSync(join(tmpdir(), 'lacuna-services-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'services.json');
  writeFileSync(path, JSON.stringify(services));
  return path;
}

test('services of the file stand behind the plain one, or before it where one is the default', () => {
  const ids = (services: unknown, env = {}) => {
    const config = readConfig({ SERVICES_FILE: written(services), ...env });
    return [...config.services.map(({ id }) => id), ...(config.embedded ? ['embedded'] : [])];
  };
  const two = [LAB, { ...LAB, id: 'studio', default: true }];
  expect(ids([LAB])).toEqual(['lab']);
  expect(ids([LAB], { OPENAI_API_KEY: SECRET })).toEqual(['openai', 'lab']);
  expect(ids(two, { OPENAI_API_KEY: SECRET })).toEqual(['studio', 'openai', 'lab']);
  expect(ids([LAB], { EMBEDDED_ENGINE: '1' })).toEqual(['lab', 'embedded']);
});

test('a preset may be named for the plain service, and a file that is not there is said', () => {
  const local = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_PROFILE: 'xinference' };
  expect(readConfig(local).services[0]?.profile).toBe(PROFILES.xinference);
  expect(() => readConfig({ ...local, OPENAI_PROFILE: 'other' })).toThrow(/OPENAI_PROFILE/);
  expect(() => readConfig({ SERVICES_FILE: '/nowhere/services.json' })).toThrow(ConfigError);
});

test('a service of the file is locked away from the network as the plain one is', () => {
  const SERVICES_FILE = written([LAB]);
  expect(() => readConfig({ SERVICES_FILE, HOST: '0.0.0.0' })).toThrow(ConfigError);
});
