import { expect, test } from 'vitest';
import type { Capabilities } from '../../server/contract.ts';
import { file, form, halfMask, paintPng, picture, serveUpstream } from './support.ts';

test('every model that edits can vary here, and the browser is told so', async () => {
  const { upstream, url, refused } = await serveUpstream();
  const capabilities = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
  for (const { endpoints } of capabilities.models)
    expect(endpoints.includes('variations')).toBe(endpoints.includes('edits'));
  const varying = async (model: string) => form({ image: file(await picture(1024, 1024)), model });
  expect(await refused('/v1/images/variations', await varying('dall-e-3'))).toMatchObject({
    code: 'unsupported_endpoint',
  });
  for (const model of ['gpt-image-1.5', 'gpt-image-9', 'dall-e-2']) {
    const body = await varying(model);
    expect((await fetch(`${url}/v1/images/variations`, { method: 'POST', body })).status).toBe(200);
  }
  expect(upstream.calls.map(({ path }) => path)).toEqual([
    '/v1/images/edits',
    '/v1/images/edits',
    '/v1/images/variations',
  ]);
});

test('a variation that is an edit keeps the settings of its request', async () => {
  const { upstream, url } = await serveUpstream();
  const image = file(await picture(1024, 1024));
  const body = form({ image, model: 'gpt-image-1', quality: 'low', input_fidelity: 'high' });
  expect((await fetch(`${url}/v1/images/variations`, { method: 'POST', body })).status).toBe(200);
  expect(upstream.calls[0]?.fields).toMatchObject({ quality: 'low', input_fidelity: 'high' });
});

test.each([
  ['gpt-image-2', { moderation: 'low', background: 'opaque' }],
  ['gpt-image-1-mini', { input_fidelity: 'low' }],
  ['gpt-image-9', { input_fidelity: 'high', style: 'vivid' }],
  ['recraft-v9', { style: 'digital_illustration', background: 'auto', moderation: 'auto' }],
])('settings that %s takes, or may take, are passed on (%o)', async (model, settings) => {
  const { upstream, url } = await serveUpstream();
  const body = form({ image: file(await picture(1024, 1024)), prompt: 'x', model, ...settings });
  expect((await fetch(`${url}/v1/images/edits`, { method: 'POST', body })).status).toBe(200);
  expect(upstream.calls[0]?.fields).toMatchObject(settings);
});

test.each([
  ['gpt-image-2.6-flare', { style: 'vivid' }, 'unknown_parameter'],
  ['gpt-image-2', { input_fidelity: 'high' }, 'unknown_parameter'],
  ['gpt-image-1-mini', { input_fidelity: 'high' }, 'invalid_value'],
  ['dall-e-2', { background: 'opaque' }, 'unknown_parameter'],
  ['dall-e-3', { moderation: 'low' }, 'unknown_parameter'],
  ['dall-e-3', { style: 'cubist' }, 'invalid_value'],
])('a setting that %s does not take is refused by its name (%o)', async (model, setting, code) => {
  const { upstream, refused } = await serveUpstream();
  const refusal = await refused('/v1/images/generations', { prompt: 'x', model, ...setting });
  expect(refusal).toMatchObject({ status: 400, code, param: Object.keys(setting)[0] });
  expect(upstream.calls).toEqual([]);
});

test('nothing is sent to a dall-e that it does not know', async () => {
  const { upstream, client } = await serveUpstream();
  const image = file(await picture(512, 512));
  const asked = { model: 'dall-e-2', prompt: 'x', size: '512x512', quality: 'auto', user: 'abc' } as const;
  await client.images.edit({ ...asked, image, mask: file(await halfMask(512, 512)) });
  await client.images.generate(asked);
  await client.images.generate({ model: 'dall-e-3', prompt: 'x', quality: 'hd', style: 'natural' });
  const common = {
    model: 'dall-e-2',
    prompt: 'x',
    size: '512x512',
    response_format: 'b64_json',
    user: 'abc',
  };
  expect(upstream.calls.map(({ fields }) => fields)).toEqual([
    { ...common, n: '1' },
    { ...common, n: 1 },
    {
      model: 'dall-e-3',
      prompt: 'x',
      n: 1,
      size: '1024x1024',
      quality: 'hd',
      style: 'natural',
      response_format: 'b64_json',
    },
  ]);
});

test('the default model is listed even when it is retired, others are not', async () => {
  const { client, url } = await serveUpstream({ defaultModel: 'dall-e-2' });
  const listed: string[] = [];
  for await (const { id } of client.models.list()) listed.push(id);
  expect(listed).toContain('dall-e-2');
  expect(listed).not.toContain('dall-e-3');
  expect((await fetch(`${url}/v1/models/dall-e-2`)).status).toBe(200);
  expect((await fetch(`${url}/v1/models/dall-e-3`)).status).toBe(404);
});

test("what a model cannot do is refused here, by the model's own capabilities", async () => {
  const { upstream, refused } = await serveUpstream();
  const generate = (body: object) => refused('/v1/images/generations', { prompt: 'x', ...body });
  expect(await generate({ model: 'gpt-image-2', size: '1000x1000' })).toMatchObject({ param: 'size' });
  expect(await generate({ model: 'gpt-image-2', size: '4096x2048' })).toMatchObject({ param: 'size' });
  expect(await generate({ model: 'gpt-image-2', size: '256x256' })).toMatchObject({ param: 'size' });
  expect(await generate({ model: 'gpt-image-2', quality: 'max' })).toMatchObject({ param: 'quality' });
  expect(await generate({ model: 'dall-e-3', n: 2 })).toMatchObject({ param: 'n' });
  expect(await generate({ model: 'dall-e-2', prompt: 'x'.repeat(1001) })).toMatchObject({
    code: 'prompt_too_long',
  });
  const wide = file(await paintPng(64, 32, () => [1, 2, 3, 255]));
  const edit = (model: string) => refused('/v1/images/edits', form({ image: wide, prompt: 'x', model }));
  expect(await edit('dall-e-3')).toMatchObject({ code: 'unsupported_endpoint', param: 'model' });
  expect(await edit('dall-e-2')).toMatchObject({ code: 'invalid_image_file', param: 'image' });
  expect(upstream.calls).toEqual([]);
});
