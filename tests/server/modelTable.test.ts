import { expect, test, vi } from 'vitest';
import type { Capabilities } from '../../server/contract.ts';
import { watchModelList } from '../../server/providers/modelList.ts';
import { parseModelsFile } from '../../server/providers/modelsFile.ts';
import { createModelTable } from '../../server/providers/modelTable.ts';
import { createOpenAiProvider } from '../../server/providers/openai.ts';
import { createServices } from '../../server/providers/services.ts';
import { fakeUpstream, sendJson, serve, serveUpstream, soon } from './support.ts';

const tableOf = (file: object) => createModelTable(parseModelsFile(JSON.stringify(file)));
const idsOf = (table: ReturnType<typeof tableOf>, service = 'openai', isOpenAi = true) =>
  table.models(service, isOpenAi).map(({ id }) => id);

test('what the file says of a model counts, and the rest stays as published', () => {
  const table = tableOf({ 'gpt-image-2': { maxResults: 4, shutdown: '2020-01-01' } });
  const published = createModelTable().describe('gpt-image-2');
  const expected = { ...published, maxResults: 4, shutdown: '2020-01-01', status: 'retired' };
  expect(table.describe('gpt-image-2')).toEqual(expected);
  expect(table.models('openai', true)).toContainEqual(expected);
  expect(table.describe('gpt-image-2-2026-04-21')).toEqual({ ...expected, id: 'gpt-image-2-2026-04-21' });
});

test('null takes a model and its snapshots away, unless a snapshot is named itself', () => {
  const table = tableOf({ 'gpt-image-2': null, 'gpt-image-2-2026-04-21': {} });
  expect(idsOf(table)).not.toContain('gpt-image-2');
  expect(idsOf(table)).toContain('gpt-image-2-2026-04-21');
  expect(() => table.describe('gpt-image-2')).toThrow('not offered');
  expect(() => table.describe('gpt-image-2-2027-01-01')).toThrow('not offered');
  expect(table.describe('gpt-image-2-2026-04-21').qualities).toEqual(['auto', 'low', 'medium', 'high']);
});

test('new ids are added to the service that they name, and other services learn nothing of OpenAI', () => {
  const table = tableOf({
    'flux-2': { maxResults: 1 },
    'sd-4': { service: 'local', status: 'active' },
    'gpt-image-2': { service: 'azure' },
  });
  expect(idsOf(table)).toContain('flux-2');
  expect(idsOf(table)).not.toContain('sd-4');
  expect(idsOf(table)).not.toContain('gpt-image-2');
  expect(idsOf(table, 'local', false)).toEqual(['sd-4']);
  expect(table.models('local', false)[0]).toMatchObject({ status: 'active', service: 'local' });
  // Another service's price for a model of the same name is not OpenAI's.
  expect(table.models('azure', false)).toMatchObject([{ id: 'gpt-image-2', pricing: null }]);
});

test("OpenAI's own list brings endings and new GPT image models, and the file has the last word", () => {
  const table = tableOf({ 'gpt-image-2.5-flare': { shutdown: '2031-01-01' } });
  table.learn([
    { id: 'gpt-image-2', shutdown: '2030-05-01' },
    { id: 'gpt-image-2.5-sunburst', shutdown: '2020-05-01' },
    { id: 'gpt-image-2.5-flare', shutdown: '2030-05-01' },
    { id: 'gpt-image-1.5', shutdown: null },
    { id: 'gpt-image-7', shutdown: null },
    { id: 'gpt-image-2.6-flare-2026-11-04', shutdown: null },
    { id: 'gpt-7-turbo', shutdown: null },
  ]);
  const find = (id: string) => table.models('openai', true).find((model) => model.id === id);
  expect(find('gpt-image-2')).toMatchObject({ status: 'retiring', shutdown: '2030-05-01' });
  expect(find('gpt-image-2.5-sunburst')).toMatchObject({ status: 'retired' });
  expect(find('gpt-image-2.5-flare')).toMatchObject({ shutdown: '2031-01-01' });
  // The list may lag behind the announcement.
  expect(find('gpt-image-1.5')).toMatchObject({ shutdown: '2026-12-01' });
  expect(find('gpt-image-7')).toMatchObject({ status: 'unknown', shutdown: null });
  expect(find('gpt-7-turbo')).toBeUndefined();
  expect(find('gpt-image-2.6-flare-2026-11-04')).toBeUndefined();
  table.learn([]);
  expect(find('gpt-image-7')).toBeUndefined();
  expect(find('gpt-image-2')).toMatchObject({ status: 'active' });
});

test.each([
  ['{', 'not valid JSON'],
  ['[]', 'the file'],
  ['{"a":{"maxResult":1}}', 'a: '],
  ['{"a":{"maxResults":11}}', 'a.maxResults'],
  ['{"a":{"maxPartials":4}}', 'a.maxPartials'],
  ['{"a":{"shutdown":"soon"}}', 'a.shutdown'],
  ['{"a":{"sizes":{"kind":"fixed","values":["big"]}}}', 'WIDTHxHEIGHT'],
  ['{"a":{"defaultQuality":"max"}}', "a.defaultQuality: 'max'"],
  [
    '{"a":{"sizes":{"kind":"free","step":64,"minPixels":9,"maxPixels":10,"maxEdge":10,"maxRatio":1,"wholeUpTo":10}}}',
    'a.sizes: no size',
  ],
])('the fault of %s is named', (text, fault) => {
  expect(() => parseModelsFile(text)).toThrow(fault);
});

test('a model that the file takes away is refused, one that it changes is judged by that', async () => {
  const table = tableOf({
    'gpt-image-2': null,
    'gpt-image-2.5-flare': { qualities: ['low'], defaultQuality: 'low' },
  });
  const upstream = await fakeUpstream();
  const provider = createOpenAiProvider({
    id: 'openai',
    apiKey: null,
    baseUrl: `${upstream.url}/v1`,
    defaultModel: 'gpt-image-2.5-flare',
    timeoutMs: 5000,
    table,
  });
  const { client, refused } = await serve(provider, { services: createServices([provider], table) });
  const ask = (body: object) => refused('/v1/images/generations', { prompt: 'x', ...body });
  expect(await ask({ model: 'gpt-image-2' })).toMatchObject({ status: 404, code: 'model_not_found' });
  expect(await ask({ quality: 'high' })).toMatchObject({ status: 400, param: 'quality' });
  await client.images.generate({ prompt: 'x' });
  expect(upstream.calls.map(({ fields }) => fields['quality'])).toEqual(['low']);
});

test("an ending in the service's list reaches the browser; a list that fails or is nonsense changes nothing", async () => {
  const table = createModelTable();
  const { upstream, url } = await serveUpstream({ table, defaultModel: 'gpt-image-2' });
  const provider = createOpenAiProvider({
    id: 'openai',
    apiKey: null,
    baseUrl: `${upstream.url}/v1`,
    defaultModel: 'gpt-image-2',
    timeoutMs: 5000,
    table,
  });
  const answers = [
    {
      data: [
        { id: 'gpt-image-2', object: 'model', shutdown_date: '2031-02-03' },
        { id: 'x', shutdown_date: 7 },
      ],
    },
    { data: 'none' },
    '<html>',
  ];
  const { promise: failedTwice, resolve } = Promise.withResolvers<void>();
  upstream.answer = ({ path }, response) => {
    expect(path).toBe('/v1/models');
    sendJson(response, answers.length > 1 ? 200 : 503, answers.shift() ?? {});
  };
  const failures: unknown[] = [];
  const stop = watchModelList({
    read: provider.listModels,
    table,
    everyMs: 20,
    onFailure: (error) => {
      if (failures.push(error) === 2) resolve();
    },
  });
  await soon(failedTwice, 'the second failure');
  stop();
  const { models } = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
  expect(models[0]).toMatchObject({ id: 'gpt-image-2', status: 'retiring', shutdown: '2031-02-03' });
  await provider.close();
});

test('after its end the list is read no more, and a reading under way is given up', async () => {
  vi.useFakeTimers();
  const signals: AbortSignal[] = [];
  const onFailure = vi.fn();
  const stop = watchModelList({
    read: (signal) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    table: createModelTable(),
    onFailure,
    everyMs: 1000,
  });
  await vi.advanceTimersByTimeAsync(1500);
  expect(signals).toHaveLength(2);
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  vi.useRealTimers();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(onFailure).not.toHaveBeenCalled();
});
