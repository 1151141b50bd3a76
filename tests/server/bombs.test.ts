import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, createDeflate } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { file, form, halfMask, LIMITS, picture, serve } from './support.ts';

/** Small files that would fill the memory if they were believed, against the engine that really decodes. */
const EDITS = '/v1/images/edits';
const VARIATIONS = '/v1/images/variations';
const MB = 1024 * 1024;
/** What handling one of them may add to the process at most; each of them unpacks to more. */
const MOST_GROWTH = 96 * MB;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), whole.length - 4);
  return whole;
}

/** Chunks put behind a PNG's IHDR. */
const withChunks = (png: Buffer, ...chunks: Buffer[]) =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

/** A whole PNG, one bit grey, all black: its rows are deflated zeros. */
async function blackPng(width: number, height: number, rowsOf = { width, height }): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = (Math.ceil(rowsOf.width / 8) + 1) * rowsOf.height;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', await nulls(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Deflated zeros, made piece by piece so that this test itself keeps its memory small. */
async function nulls(bytes: number): Promise<Buffer> {
  const piece = Buffer.alloc(MB);
  const pieces = Array.from({ length: Math.ceil(bytes / MB) }, (_, i) => piece.subarray(0, bytes - i * MB));
  return buffer(Readable.from(pieces).pipe(createDeflate({ level: 9 })));
}
const text = (value: string) => Buffer.from(value, 'latin1');

async function edited(start: Promise<Buffer>, edit: (bytes: Buffer) => void): Promise<Buffer> {
  const bytes = Buffer.from(await start);
  edit(bytes);
  return bytes;
}

const jpeg = async () =>
  sharp(await picture())
    .jpeg()
    .toBuffer();
const webp = async (lossless: boolean) =>
  sharp(await picture())
    .webp({ lossless })
    .toBuffer();

const startOfFrame = (bytes: Buffer) => bytes.indexOf(Buffer.from([0xff, 0xc0]));

/** Each row: what it is and the file; all are refused by their header, before anything decodes them. */
const claims: [string, () => Promise<Buffer>][] = [
  ['a PNG of 30000 x 30000 zeros in 110 KB', () => blackPng(30_000, 30_000)],
  [
    'a JPEG that says 65500 x 65500',
    () =>
      edited(jpeg(), (bytes) => {
        bytes.writeUInt16BE(65_500, startOfFrame(bytes) + 5);
        bytes.writeUInt16BE(65_500, startOfFrame(bytes) + 7);
      }),
  ],
  [
    'a lossless WebP that says 16384 x 16384',
    () => edited(webp(true), (bytes) => bytes.writeUInt32LE(0x0fff_ffff, 21)),
  ],
  [
    'a lossy WebP that says 16383 x 16383',
    () => edited(webp(false), (bytes) => bytes.writeUInt32LE(0x3fff_3fff, 26)),
  ],
  [
    'an extended WebP that says 65500 x 65500',
    () =>
      edited(
        (async () =>
          sharp(await halfMask())
            .webp()
            .toBuffer())(),
        (bytes) => {
          bytes.writeUIntLE(65_499, 24, 3);
          bytes.writeUIntLE(65_499, 27, 3);
        },
      ),
  ],
];

test.each(claims)('%s is refused by its header', async (_what, make) => {
  const bytes = await make();
  expect(bytes.length).toBeLessThan(200_000);
  const { refused } = await serve(createOfflineProvider({ threads: 1 }));
  const before = process.memoryUsage().rss;
  const asked = [
    refused(VARIATIONS, form({ image: file(bytes) })),
    refused(EDITS, form({ image: file(await picture()), mask: file(bytes), prompt: 'x' })),
    refused(EDITS, form({ image: [file(await picture()), file(bytes)], prompt: 'x' })),
  ];
  for (const refusal of await Promise.all(asked))
    expect(refusal).toMatchObject({ status: 400, code: 'image_too_large' });
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});

/** These have an honest size, and far more behind it. They may be refused or read, but not unpacked. */
const hidden: [string, () => Promise<Buffer>][] = [
  [
    'rows for 30000 x 30000 under a header of 64 x 48',
    async () => blackPng(64, 48, { width: 30_000, height: 30_000 }),
  ],
  [
    'a colour profile of 512 MB',
    async () =>
      withChunks(await picture(), chunk('iCCP', Buffer.concat([text('a\0\0'), await nulls(512 * MB)]))),
  ],
  [
    'a compressed text of 512 MB',
    async () =>
      withChunks(await picture(), chunk('zTXt', Buffer.concat([text('Comment\0\0'), await nulls(512 * MB)]))),
  ],
  [
    'an international text of 512 MB',
    async () =>
      withChunks(
        await picture(),
        chunk('iTXt', Buffer.concat([text('Comment\0\x01\0\0\0'), await nulls(512 * MB)])),
      ),
  ],
  [
    'thousands of compressed texts',
    async () => {
      const one = chunk('zTXt', Buffer.concat([text('Comment\0\0'), await nulls(4 * MB)]));
      return withChunks(await picture(), ...Array.from({ length: 200 }, () => one));
    },
  ],
];

test.each(hidden)('%s fill no memory', { timeout: 60_000 }, async (_what, make) => {
  const bytes = await make();
  expect(bytes.length).toBeLessThan(LIMITS.maxUploadBytes);
  const { url } = await serve(createOfflineProvider({ threads: 1 }));
  // What the engine itself needs is taken first.
  await (
    await fetch(`${url}${VARIATIONS}`, { method: 'POST', body: form({ image: file(await picture()) }) })
  ).text();
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  for (const body of [
    form({ image: file(bytes) }),
    form({ image: file(await picture()), mask: file(bytes), prompt: 'x' }),
  ]) {
    const route = body.has('mask') ? EDITS : VARIATIONS;
    const response = await fetch(`${url}${route}`, { method: 'POST', body });
    await response.text();
    expect([200, 400]).toContain(response.status);
  }
  clearInterval(watch);
  expect(Math.max(most, process.memoryUsage().rss) - before).toBeLessThan(MOST_GROWTH);
});

test('a mask that is a bomb is refused as one of another size', async () => {
  const { refused } = await serve(createOfflineProvider({ threads: 1 }));
  const body = form({ image: file(await picture()), mask: file(await blackPng(2000, 2000)), prompt: 'x' });
  expect(await refused(EDITS, body)).toMatchObject({ status: 400, code: 'mask_size_mismatch' });
});
