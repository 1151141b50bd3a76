import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { CompletedEvent, PartialEvent, StreamEvent } from '../../server/contract.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { file, form, paintPng, serve } from './support.ts';

/** Streams of the embedded engine as the official client of today reads them. 3.x and 4.x know none. */
const WIDTH = 256;
const HEIGHT = 208;
const inHole = (x: number, y: number) => x >= 80 && x < 180 && y >= 60 && y < 150;
const image = () =>
  paintPng(WIDTH, HEIGHT, (x, y) => (inHole(x, y) ? [255, 0, 255, 255] : [x % 200, y, (x + y) % 90, 255]));
const mask = () => paintPng(WIDTH, HEIGHT, (x, y) => [0, 0, 0, inHole(x, y) ? 0 : 255]);

const start = () => serve(createOfflineProvider());

async function collect<T>(events: Promise<AsyncIterable<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of await events) all.push(event);
  return all;
}

const rgba = (base64: string) => sharp(Buffer.from(base64, 'base64')).ensureAlpha().raw().toBuffer();

test('the official client sees an edit become clear, known pixels in place from the first picture on', async () => {
  const { client } = await start();
  const events = await collect(
    client.images.edit({
      model: 'gpt-image-2',
      image: file(await image()),
      mask: file(await mask(), 'mask.png'),
      prompt: 'x',
      stream: true,
      partial_images: 2,
    }),
  );
  expect(events.map(({ type }) => type)).toEqual([
    'image_edit.partial_image',
    'image_edit.partial_image',
    'image_edit.completed',
  ]);
  expect(events.slice(0, 2)).toMatchObject([{ partial_image_index: 0 }, { partial_image_index: 1 }]);
  const before = await rgba((await image()).toString('base64'));
  for (const event of events) {
    expect(event).toMatchObject({ size: `${WIDTH}x${HEIGHT}`, output_format: 'png' });
    expect(Math.abs(event.created_at - Date.now() / 1000)).toBeLessThan(60);
    const after = await rgba(event.b64_json ?? '');
    let changed = 0;
    let erased = 0;
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const same = after.subarray(i * 4, i * 4 + 4).equals(before.subarray(i * 4, i * 4 + 4));
      if (inHole(i % WIDTH, Math.floor(i / WIDTH))) erased += same ? 1 : 0;
      else changed += same ? 0 : 1;
    }
    expect([changed, erased]).toEqual([0, 0]);
  }
});

test('the official client sees a generation become clear, in the format it asked for', async () => {
  const { client } = await start();
  const events = await collect(
    client.images.generate({
      model: 'gpt-image-2',
      prompt: 'mountains behind a forest',
      size: '256x256',
      output_format: 'webp',
      stream: true,
      partial_images: 3,
    }),
  );
  expect(events.map(({ type }) => type)).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
  for (const { b64_json: base64 } of events)
    expect(await sharp(Buffer.from(base64, 'base64')).metadata()).toMatchObject({
      width: 256,
      format: 'webp',
    });
});

test('without partial pictures one event completes the stream', async () => {
  const { client } = await start();
  const asked = { model: 'gpt-image-2', prompt: 'x', size: '256x256', stream: true } as const;
  for (const more of [{}, { partial_images: 0 }]) {
    const events = await collect(client.images.generate({ ...asked, ...more }));
    expect(events.map(({ type }) => type)).toEqual(['image_generation.completed']);
  }
});

test('the same request gives the same picture, streamed or not', async () => {
  const { client } = await start();
  const asked = { model: 'gpt-image-2', prompt: 'a red sunset', size: '256x256', ...{ seed: 4 } } as const;
  const whole = await client.images.generate(asked);
  const events = await collect(client.images.generate({ ...asked, stream: true, partial_images: 1 }));
  expect(events.at(-1)?.b64_json).toBe(whole.data?.[0]?.b64_json);
});

test('what is wrong with a request is an error of the client, with status where the stream has not begun', async () => {
  const { client } = await start();
  const asked = { model: 'gpt-image-2', prompt: 'x', stream: true } as const;
  await expect(client.images.generate({ ...asked, n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' });
  await expect(client.images.generate({ ...asked, partial_images: 4 })).rejects.toMatchObject({
    status: 400,
    param: 'partial_images',
  });
});

/** The events of a body, by the specification's own words: fields until an empty line. */
function parseEvents(body: string): { readonly event: string; readonly data: StreamEvent }[] {
  return body
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as StreamEvent,
    }));
}

test('curl gets an event stream, each event named by its type', async (context) => {
  const run = promisify(execFile);
  const hasCurl = await run('curl', ['--version']).then(
    () => true,
    () => false,
  );
  context.skip(!hasCurl, 'curl is not installed');
  const { url } = await start();
  const body = '{"model":"gpt-image-2","prompt":"x","size":"256x256","stream":true,"partial_images":1}';
  const { stdout } = await run(
    'curl',
    [
      ...['-q', '--silent', '--no-buffer', '--noproxy', '*', '--include', `${url}/v1/images/generations`],
      ...['-H', 'Content-Type: application/json', '-d', body],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stdout).toMatch(/^content-type: text\/event-stream/im);
  const events = parseEvents(stdout.slice(stdout.indexOf('\r\n\r\n') + 4));
  expect(events.map(({ event }) => event)).toEqual(events.map(({ data }) => data.type));
  expect(events.map(({ event }) => event)).toEqual([
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
});

test('a form can ask for a stream as text', async () => {
  const { url } = await start();
  const body = form({
    model: 'gpt-image-2',
    image: file(await image()),
    mask: file(await mask(), 'mask.png'),
    prompt: 'x',
    stream: 'true',
    partial_images: '1',
  });
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events = parseEvents(await response.text()).map(({ data }) => data);
  const [partial, completed] = events as [PartialEvent, CompletedEvent];
  expect(events).toHaveLength(2);
  expect(partial).toMatchObject({ type: 'image_edit.partial_image', partial_image_index: 0 });
  expect(completed).toMatchObject({ type: 'image_edit.completed', output_format: 'png' });
  expect(typeof completed.usage.total_tokens).toBe('number');
});
