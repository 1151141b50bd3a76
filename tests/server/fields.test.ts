import type OpenAI from 'openai';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import type { Progress, Provider } from '../../server/providers/provider.ts';
import { createServices } from '../../server/providers/services.ts';
import { createOrderReader, type Order } from '../../server/routes/order.ts';
import {
  createDouble,
  file,
  form,
  halfMask,
  LIMITS,
  paintPng,
  picture,
  serve,
  serveUpstream,
} from './support.ts';

const EDITS = '/v1/images/edits';
const GENERATIONS = '/v1/images/generations';

/** Notes: a red stroke on nothing. */
const notes = (width = 64, height = 48) => paintPng(width, height, (x, y) => [255, 0, 0, x === y ? 255 : 0]);
const dataUrl = (data: Buffer) => ({ image_url: `data:image/png;base64,${data.toString('base64')}` });

/** Reads a JSON request as the routes do. */
function read(
  endpoint: 'generations' | 'edits',
  body: object,
  provider: Provider = createDouble(),
): Promise<Order> {
  const reader = createOrderReader(createServices([provider]), LIMITS);
  const request = { isMultipart: () => false, body } as unknown as Parameters<typeof reader.read>[1];
  return reader.read(endpoint, request, {} as Parameters<typeof reader.read>[2]);
}

test('a drawing of notes goes with the first picture, as a form and as JSON', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const [image, markup] = [await picture(), await notes()];
  const body = form({ image: file(image), markup: file(markup, 'markup.png'), prompt: 'x' });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  const json = { images: [dataUrl(image)], markup: dataUrl(markup), prompt: 'x' };
  const headers = { 'content-type': 'application/json' };
  const sent = await fetch(`${url}${EDITS}`, { method: 'POST', headers, body: JSON.stringify(json) });
  expect(sent.status).toBe(200);
  expect(double.edited).toHaveLength(2);
  for (const edit of double.edited) {
    expect(Buffer.compare(edit.markup?.data ?? Buffer.of(), markup)).toBe(0);
    expect(edit.mask).toBeNull();
  }
});

test("beside notes the picture's own transparency is no mask", async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const body = form({ image: file(await halfMask()), markup: file(await notes()), prompt: 'x' });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  expect(double.edited).toMatchObject([{ mask: null, markup: { width: 64, height: 48 } }]);
});

test('notes fit a JPEG as its EXIF orientation turns it, and the service gets both upright', async () => {
  const { upstream, url } = await serveUpstream();
  const jpeg = await sharp(await picture(1024, 768))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const markup = await notes(768, 1024);
  const body = form({ image: file(jpeg, 'a.jpg', 'image/jpeg'), markup: file(markup), prompt: 'x' });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  const files = upstream.calls[0]?.files;
  expect(files?.['markup']).toMatchObject({ type: 'image/png', data: markup });
  expect(await sharp(files?.['image']?.data).metadata()).toMatchObject({
    width: 768,
    height: 1024,
    format: 'png',
  });
});

test.each<[string, () => Promise<Record<string, File | string>>, string]>([
  ['of another size', async () => ({ markup: file(await notes(48, 64)) }), 'invalid_value'],
  ['without alpha', async () => ({ markup: file(await picture()) }), 'invalid_value'],
  [
    'that hide everything',
    async () => ({ markup: file(await paintPng(64, 48, () => [1, 2, 3, 255])) }),
    'invalid_value',
  ],
  [
    'that are no PNG',
    async () => ({
      markup: file(
        await sharp(await notes())
          .webp()
          .toBuffer(),
      ),
    }),
    'invalid_image_format',
  ],
  [
    'beside a mask',
    async () => ({ markup: file(await notes()), mask: file(await halfMask()) }),
    'invalid_value',
  ],
  ['that are text', async () => ({ markup: 'notes.png' }), 'invalid_type'],
  [
    'that are damaged',
    async () => {
      const broken = Buffer.from(await notes());
      broken.fill(7, 60, broken.length - 20);
      return { markup: file(broken) };
    },
    'invalid_image_file',
  ],
])('notes %s are refused', async (_what, fields, code) => {
  const double = createDouble();
  const { refused } = await serve(double);
  const refusal = await refused(
    EDITS,
    form({ image: file(await picture()), prompt: 'x', ...(await fields()) }),
  );
  expect(refusal).toMatchObject({ status: 400, code, param: 'markup' });
  expect(double.edited).toEqual([]);
});

test('notes and complexity go to models that read them only', async () => {
  const { upstream, url, refused } = await serveUpstream();
  const asked = async (model: string, more: Record<string, string | File>) =>
    form({ image: file(await picture(1024, 1024)), prompt: 'x', model, ...more });
  const markup = file(await notes(1024, 1024));
  expect(await refused(EDITS, await asked('gpt-image-2', { markup }))).toMatchObject({
    status: 400,
    code: 'unknown_parameter',
    param: 'markup',
    message: "The model 'gpt-image-2' does not support the 'markup' parameter.",
  });
  expect(await refused(EDITS, await asked('gpt-image-2.5-flare', { complexity: 'low' }))).toMatchObject({
    code: 'unknown_parameter',
    param: 'complexity',
  });
  expect(await refused(EDITS, await asked('gpt-image-2.6-flare', { complexity: 'none' }))).toMatchObject({
    code: 'invalid_value',
    param: 'complexity',
  });
  const body = await asked('gpt-image-2.6-flare', { complexity: 'low', moderation: 'low', markup });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  expect(upstream.calls).toHaveLength(1);
  expect(upstream.calls[0]?.fields).toMatchObject({ complexity: 'low', moderation: 'low' });
});

test.each([
  [{ user: 'a' }, 'a'],
  [{ safety_identifier: 'b' }, 'b'],
  [{ user: 'a', safety_identifier: 'b' }, 'b'],
  [{ user: 'a', safety_identifier: '' }, 'a'],
  [{ user: 'a', safety_identifier: null }, 'a'],
])('of %j the label of the end user that is passed on is %s', async (labels, expected) => {
  expect((await read('generations', { prompt: 'x', ...labels })).fields.user).toBe(expected);
});

test('the reply says the background that was asked for, of models that take one', async () => {
  const backgroundFrom = async (client: OpenAI, background: 'opaque' | 'auto') =>
    (await client.images.generate({ model: 'gpt-image-2', prompt: 'x', background })).background;
  const { client } = await serveUpstream();
  expect(await backgroundFrom(client, 'opaque')).toBe('opaque');
  expect(await backgroundFrom(client, 'auto')).toBeUndefined();
  const embedded = await serve(createDouble());
  expect(await backgroundFrom(embedded.client, 'opaque')).toBeUndefined();
});

test('a stream and its partial pictures are read, as JSON and as text', async () => {
  const stream = async (fields: object) => {
    const { fields: read_ } = await read('generations', { prompt: 'x', ...fields });
    return [read_.stream, read_.partials];
  };
  expect(await stream({})).toEqual([false, 0]);
  expect(await stream({ stream: true })).toEqual([true, 0]);
  expect(await stream({ stream: 'true', partial_images: '3' })).toEqual([true, 3]);
  expect(await stream({ stream: true, partial_images: 2 })).toEqual([true, 2]);
  expect(await stream({ stream: false, partial_images: 2 })).toEqual([false, 0]);
  expect(await stream({ stream: null, partial_images: null })).toEqual([false, 0]);
});

test('what cannot be streamed is refused before anything is sent', async () => {
  const { upstream, refused } = await serveUpstream();
  const ask = (body: object) => refused(GENERATIONS, { prompt: 'x', stream: true, ...body });
  expect(await ask({ n: 2 })).toMatchObject({ status: 400, code: 'invalid_value', param: 'n' });
  expect(await ask({ model: 'dall-e-3' })).toMatchObject({ code: 'invalid_value', param: 'stream' });
  expect(await ask({ partial_images: 4 })).toMatchObject({ code: 'invalid_value', param: 'partial_images' });
  expect(await ask({ partial_images: -1 })).toMatchObject({ code: 'invalid_value', param: 'partial_images' });
  expect(await ask({ partial_images: 1.5 })).toMatchObject({ code: 'invalid_type', param: 'partial_images' });
  expect(upstream.calls).toEqual([]);
});

test('what only the server needs does not reach the engine', async () => {
  const double = createDouble();
  const order = await read('generations', { prompt: 'x', stream: true, partial_images: 1 }, double);
  const quiet: Progress = { partials: null };
  await order.send(new AbortController().signal, quiet);
  const [request] = double.generated;
  expect(Object.keys(request ?? {})).not.toEqual(expect.arrayContaining(['stream']));
  expect(Object.keys(request ?? {})).not.toEqual(expect.arrayContaining(['partials']));
  expect(Object.keys(request ?? {})).not.toEqual(expect.arrayContaining(['responseFormat']));
});

test('files by id, other addresses and lists of anything else are refused by the place where they stand', async () => {
  const image = dataUrl(await picture());
  const refusal = (body: object) => read('edits', { prompt: 'x', ...body }).catch((error: unknown) => error);
  expect(await refusal({ images: [image, { file_id: 'file-1' }] })).toMatchObject({
    status: 400,
    code: 'invalid_value',
    options: { param: 'images[1].file_id' },
  });
  expect(await refusal({ images: [image], mask: { file_id: 'file-1' } })).toMatchObject({
    options: { param: 'mask.file_id' },
  });
  expect(await refusal({ images: [image], markup: 'notes' })).toMatchObject({ options: { param: 'markup' } });
  expect(await refusal({ images: [{ image_url: 'file:///etc/passwd' }] })).toMatchObject({
    code: 'invalid_value',
    options: { param: 'images[0]' },
  });
  expect(await refusal({ images: image })).toMatchObject({
    code: 'invalid_type',
    options: { param: 'images' },
  });
  expect(await refusal({ images: Array.from({ length: 17 }, () => image) })).toMatchObject({
    code: 'invalid_value',
    options: { param: 'images' },
  });
  expect(await refusal({ images: null })).toMatchObject({ code: 'missing_required_parameter' });
});

test('the fingerprint is that of what was asked, not of how it was written', async () => {
  const [image, mask] = [dataUrl(await picture()), dataUrl(await halfMask())];
  const asked = async (body: object) => (await read('edits', { prompt: 'x', ...body })).fingerprint();
  const first = await asked({ images: [image], mask, n: 1 });
  expect(await asked({ n: '1', mask, images: [image] })).toBe(first);
  const others = [
    await asked({ images: [image], mask, n: 2 }),
    await asked({ images: [image, mask], n: 1 }),
    await asked({ images: [mask, image], n: 1 }),
    await asked({ images: [image], markup: mask, n: 1 }),
    await asked({ images: [image], n: 1 }),
  ];
  expect(new Set([first, ...others]).size).toBe(6);
});

test('the embedded engine has no use for notes and says so, under any name', async () => {
  const { refused } = await serve(createOfflineProvider());
  const body = form({
    image: file(await picture()),
    markup: file(await notes()),
    prompt: 'x',
    model: 'gpt-image-2.6-flare',
  });
  expect(await refused(EDITS, body)).toMatchObject({ code: 'unknown_parameter', param: 'markup' });
});
