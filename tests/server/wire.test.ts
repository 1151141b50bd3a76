import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { createDouble, file, form, halfMask, paintPng, picture, serve } from './support.ts';

interface Part {
  readonly head: string;
  readonly data: Buffer | string;
}

/** A multipart body written by hand, as clients of other languages write it. */
function byHand(parts: readonly Part[], boundary = '----------------------------74'): Buffer {
  const pieces = parts.flatMap(({ head, data }) => [
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    Buffer.from(data),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

async function post(url: string, parts: readonly Part[]) {
  const boundary = '----------------------------74';
  const body = byHand(parts, boundary) as Buffer<ArrayBuffer>;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return fetch(url, { method: 'POST', headers, body });
}

const field = (name: string, data: string): Part => ({
  head: `Content-Disposition: form-data; name="${name}"`,
  data,
});

test("curl's form: file names, and octet-stream as the type", async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const upload = (name: string, data: Buffer): Part => ({
    head: `Content-Disposition: form-data; name="${name}"; filename="${name}.png"\r\nContent-Type: application/octet-stream`,
    data,
  });
  const response = await post(`${url}/v1/images/edits`, [
    upload('image', await picture()),
    upload('mask', await halfMask()),
    field('prompt', 'A cute baby sea otter wearing a beret'),
    field('n', '2'),
    field('size', '1024x1024'),
  ]);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-lacuna-engine')).toBe('embedded');
  const reply = (await response.json()) as ImagesReply;
  expect(reply.data.map((item) => Object.keys(item))).toEqual([['url'], ['url']]);
  expect(double.edited).toMatchObject([{ n: 2, size: { width: 1024, height: 1024 }, mask: { width: 64 } }]);
});

test('parts without a file name, as old clients write a Buffer', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const response = await post(`${url}/v1/images/variations`, [
    {
      head: 'Content-Disposition: form-data; name="image"\r\nContent-Type: application/octet-stream',
      data: await picture(),
    },
    field('n', '1'),
    field('size', '256x256'),
  ]);
  expect(response.status).toBe(200);
  expect(double.varied).toMatchObject([
    { image: { width: 64, height: 48 }, size: { width: 256, height: 256 } },
  ]);
});

test('unknown fields, empty ones, and what the embedded engine has no use for are ignored', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const body = form({
    image: file(await picture()),
    prompt: 'x',
    n: '',
    size: 'auto',
    style: 'vivid',
    input_fidelity: 'high',
    moderation: 'low',
    new_thing: '1',
  });
  expect((await fetch(`${url}/v1/images/edits`, { method: 'POST', body })).status).toBe(200);
  expect(double.edited).toMatchObject([{ n: 1, size: null }]);
});

test('an edit as JSON with data URLs', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const dataUrl = (data: Buffer) => ({ image_url: `data:image/png;base64,${data.toString('base64')}` });
  const image = await picture();
  const body = JSON.stringify({
    model: 'gpt-image-2',
    prompt: 'x',
    images: [dataUrl(image)],
    mask: dataUrl(await halfMask()),
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  expect(Buffer.compare(double.edited[0]?.images[0].data ?? Buffer.of(), image)).toBe(0);
  expect(double.edited[0]?.mask).not.toBeNull();
});

test("without a mask the picture's own transparency is one, readable by alpha and by luminance", async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const holed = await paintPng(40, 30, (x, y) => [200, 10, 10, x < 10 && y < 20 ? 0 : x === 39 ? 128 : 255]);
  const body = form({ image: file(holed), prompt: 'x' });
  expect((await fetch(`${url}/v1/images/edits`, { method: 'POST', body })).status).toBe(200);
  const expected = await paintPng(40, 30, (x, y) => (x < 10 && y < 20 ? [255, 255, 255, 0] : [0, 0, 0, 255]));
  const mask = double.edited[0]?.mask;
  expect(mask).toMatchObject({ mime: 'image/png', width: 40, height: 30 });
  expect(Buffer.compare(mask?.data ?? Buffer.of(), expected)).toBe(0);
});

test('a picture without mask and without transparency is edited whole', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const opaque = await paintPng(40, 30, () => [1, 2, 3, 255]);
  for (const data of [await picture(), opaque]) {
    const body = form({ image: file(data), prompt: 'x' });
    expect((await fetch(`${url}/v1/images/edits`, { method: 'POST', body })).status).toBe(200);
  }
  expect(double.edited.map((edit) => edit.mask)).toEqual([null, null]);
});

test('capabilities are those of the provider without what only the server needs, with the limits of the server', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const reply = await (await fetch(`${url}/api/capabilities`)).json();
  const { models, service, defaultModel } = double.capabilities();
  const told = models.map(({ nativeVariations: _, ...model }) => model);
  expect(reply).toEqual({
    services: [service],
    defaultModel,
    models: told,
    limits: { maxUploadBytes: 2 * 1024 * 1024, maxPixels: 4_000_000, maxEdge: 4000 },
  });
});

test('health and readiness', async () => {
  const { url } = await serve(createDouble());
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
});

test('a client that hangs up aborts the work of the provider', async () => {
  const double = createDouble();
  const { promise: aborted, resolve: onAbort } = Promise.withResolvers<void>();
  const { promise: started, resolve: onStart } = Promise.withResolvers<void>();
  double.before = (signal) => {
    onStart();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        onAbort();
        reject(signal.reason);
      });
    });
  };
  const { url } = await serve(double);
  const controller = new AbortController();
  const body = form({ image: file(await picture()), mask: file(await halfMask()), prompt: 'x' });
  const request = fetch(`${url}/v1/images/edits`, { method: 'POST', body, signal: controller.signal });
  await started;
  controller.abort();
  await expect(request).rejects.toThrow();
  await aborted;
});

test('an upload cut off in the middle reaches no provider and leaves the server well', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const { port } = new URL(url);
  const body = byHand([
    { head: 'Content-Disposition: form-data; name="image"; filename="a.png"', data: await picture() },
  ]);
  const head = `POST /v1/images/variations HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=----------------------------74\r\nContent-Length: ${body.length}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(head);
      socket.write(body.subarray(0, body.length / 2), () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(double.varied).toEqual([]);
});
