import { expect, test } from 'vitest';
import { eventData } from './eventStream.ts';

function streamOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function read(text: string, size: number): Promise<string[]> {
  const all: string[] = [];
  for await (const data of eventData(streamOf(new TextEncoder().encode(text), size))) all.push(data);
  return all;
}

const lines = [
  '\uFEFFevent: image_edit.partial_image',
  'data: {"a":"눈 덮인 산"}',
  '',
  ': ping',
  '',
  'data:first',
  'data: second',
  'id: 7',
  '',
  'data: cut off by the end',
];

test.each(['\n', '\r\n', '\r'])(
  'events are the same however they are cut, with %j as end of line',
  async (end) => {
    const text = lines.join(end);
    for (const size of [1, 2, 3, 7, 64, 4096]) {
      expect(await read(text, size), `${size} bytes a piece`).toEqual([
        '{"a":"눈 덮인 산"}',
        'first\nsecond',
      ]);
    }
  },
);

test('a picture in one line of many pieces is whole', async () => {
  const base64 = 'QUJD'.repeat(700_000);
  expect(await read(`data: ${base64}\n\n`, 64 * 1024)).toEqual([base64]);
});

test('whoever has read enough gives the connection back', async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const data of eventData(endless)) {
    expect(data).toBe('x');
    break;
  }
  expect(cancelled).toBe(true);
});
