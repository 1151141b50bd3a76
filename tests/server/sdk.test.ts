import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createDouble, file, form, halfMask, picture, serve } from './support.ts';

const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64');

test('the official client generates a picture', async () => {
  const double = createDouble();
  const { client } = await serve(double);
  const reply = await client.images.generate({
    model: 'gpt-image-2',
    prompt: 'a red boat',
    n: 2,
    size: '1024x1024',
  });
  expect(reply.data).toHaveLength(2);
  expect(await sharp(bytes(reply.data?.[0]?.b64_json)).metadata()).toMatchObject({ width: 32, height: 24 });
  expect(reply).toMatchObject({ output_format: 'png', size: '32x24' });
  expect(Math.abs(reply.created - Date.now() / 1000)).toBeLessThan(5);
  expect(double.generated).toMatchObject([
    { model: 'double-1', prompt: 'a red boat', n: 2, size: { width: 1024, height: 1024 }, format: 'png' },
  ]);
});

test('the official client edits with a mask, every option passed on', async () => {
  const double = createDouble();
  const { client } = await serve(double);
  const [image, mask] = [await picture(), await halfMask()];
  await client.images.edit({
    model: 'gpt-image-2',
    image: file(image),
    mask: file(mask, 'mask.png'),
    prompt: '호수 위의 배 한 척',
    quality: 'low',
    background: 'opaque',
    output_format: 'webp',
    output_compression: 70,
    user: 'someone',
  });
  const [edit] = double.edited;
  expect(edit).toMatchObject({
    prompt: '호수 위의 배 한 척',
    quality: 'low',
    settings: { background: 'opaque' },
    format: 'webp',
    compression: 70,
    user: 'someone',
    size: null,
    n: 1,
  });
  expect(Buffer.compare(edit?.images[0].data ?? Buffer.of(), image)).toBe(0);
  expect(Buffer.compare(edit?.mask?.data ?? Buffer.of(), mask)).toBe(0);
  expect(edit?.images[0]).toMatchObject({ mime: 'image/png', width: 64, height: 48 });
});

test('the official client sends several pictures', async () => {
  const double = createDouble();
  const { client } = await serve(double);
  const images = [file(await picture(64, 48)), file(await picture(20, 30))];
  await client.images.edit({ model: 'gpt-image-2', image: images, prompt: 'both' });
  expect(double.edited[0]?.images.map(({ width, height }) => [width, height])).toEqual([
    [64, 48],
    [20, 30],
  ]);
});

test('the official client asks for variations', async () => {
  const double = createDouble();
  const { client } = await serve(double);
  const reply = await client.images.createVariation({
    image: file(await picture()),
    n: 3,
    response_format: 'b64_json',
  });
  expect(reply.data).toHaveLength(3);
  expect(double.varied).toMatchObject([{ n: 3, image: { width: 64, height: 48 } }]);
});

test('the official client lists and reads models', async () => {
  const { client } = await serve(createDouble());
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);
  expect(models).toEqual(['double-1']);
  expect(await client.models.retrieve('double-1')).toMatchObject({
    id: 'double-1',
    object: 'model',
    owned_by: 'lacuna',
  });
  await expect(client.models.retrieve('nothing')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
});

test('errors arrive as the classes of the official client', async () => {
  const { client } = await serve(createDouble());
  const request = client.images.generate({ prompt: 'x', n: 11 });
  await expect(request).rejects.toMatchObject({ status: 400, param: 'n', code: 'invalid_value' });
});

test('a client does not repeat a request that failed here', async () => {
  const double = createDouble();
  double.before = async () => {
    throw new Error('a bug');
  };
  const { client } = await serve(double);
  await expect(client.images.generate({ prompt: 'x' }, { maxRetries: 2 })).rejects.toMatchObject({
    status: 500,
    code: 'internal_error',
  });
  expect(double.generated).toHaveLength(1);
});

test.each([
  [undefined, 'url'],
  ['dall-e-2', 'url'],
  ['gpt-image-2', 'b64_json'],
  ['double-1', 'b64_json'],
])('model %s answers with %s when no form is asked for', async (model, expected) => {
  const { client } = await serve(createDouble());
  const reply = await client.images.generate({ prompt: 'x', ...(model ? { model } : {}) });
  expect(Object.keys(reply.data?.[0] ?? {})).toEqual([expected]);
});

test('results by URL are served with their type, and only under their name', async () => {
  const { client, url } = await serve(createDouble());
  const reply = await client.images.generate({ prompt: 'x', response_format: 'url', output_format: 'webp' });
  const address = reply.data?.[0]?.url ?? '';
  expect(address).toMatch(new RegExp(`^${url}/files/[\\w-]{32}\\.webp$`));
  const response = await fetch(address);
  expect(response.headers.get('content-type')).toBe('image/webp');
  expect(response.headers.get('cache-control')).toContain('private');
  expect((await sharp(await response.bytes()).metadata()).format).toBe('webp');
  const missing = await fetch(`${url}/files/guess.png`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { code: 'not_found', param: null } });
});

test('a form for a generation is understood as well as JSON', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const body = form({ prompt: 'a tree', n: '2', size: '512x512', seed: '7' });
  const response = await fetch(`${url}/v1/images/generations`, { method: 'POST', body });
  expect(response.status).toBe(200);
  expect(double.generated).toMatchObject([{ n: 2, seed: 7, size: { width: 512, height: 512 } }]);
});
