import { connect } from 'node:net';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ApiError } from '../../server/errors.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { readImageHeader } from '../../server/validation/imageHeader.ts';
import { checkPicture } from '../../server/validation/pictures.ts';
import { file, form, halfMask, LIMITS, picture, serve } from './support.ts';

/** Damaged files: whatever they say of themselves, they are judged by their header, or refused by the decoder. */
const TIMEOUT_MS = 120_000;
const source = sharp(await picture(24, 16));
const transparent = sharp(await halfMask(24, 16));
const FILES = await Promise.all([
  source.clone().png().toBuffer(),
  source.clone().png({ palette: true }).toBuffer(),
  source.clone().png({ progressive: true }).withIccProfile('p3').toBuffer(),
  transparent.clone().png().toBuffer(),
  source.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
  source.clone().jpeg({ progressive: true }).toBuffer(),
  source.clone().webp().toBuffer(),
  source.clone().webp({ lossless: true }).toBuffer(),
  transparent.clone().webp().withMetadata({ orientation: 3 }).toBuffer(),
]);

type Bytes = Buffer<ArrayBuffer>;

/** Numbers that lengths and dimensions break at. */
const EDGES = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];

type Change = (bytes: Bytes) => Bytes;
const place = fc.oneof(fc.nat(64), fc.nat(1200));
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ at: place, byte: fc.nat(255) }).map(({ at, byte }) => (bytes: Bytes) => {
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
  fc.record({ at: place, value: fc.constantFrom(...EDGES) }).map(({ at, value }) => (bytes: Bytes) => {
    bytes.writeUInt32BE(value, at % (bytes.length - 4));
    return bytes;
  }),
  fc.record({ at: place, value: fc.constantFrom(...EDGES) }).map(({ at, value }) => (bytes: Bytes) => {
    bytes.writeUInt16LE(value & 0xffff, at % (bytes.length - 2));
    return bytes;
  }),
  place.map((at) => (bytes: Bytes) => bytes.subarray(0, Math.max(20, at % bytes.length))),
  fc.record({ at: place, put: fc.uint8Array({ minLength: 1, maxLength: 40 }) }).map(
    ({ at, put }) =>
      (bytes: Bytes) =>
        Buffer.concat([bytes.subarray(0, at % bytes.length), put, bytes.subarray(at % bytes.length)]),
  ),
  fc
    .record({ from: place, length: fc.integer({ min: 1, max: 60 }), to: place })
    .map(({ from, length, to }) => (bytes: Bytes) => {
      bytes.copy(
        bytes,
        to % bytes.length,
        from % bytes.length,
        Math.min(bytes.length, (from % bytes.length) + length),
      );
      return bytes;
    }),
);
const damaged = fc
  .record({ file: fc.constantFrom(...FILES), changes: fc.array(change, { minLength: 1, maxLength: 3 }) })
  .map(({ file: bytes, changes }) => changes.reduce<Bytes>((now, apply) => apply(now), Buffer.from(bytes)));

test('5000 headers: a size within reason, or a refusal that names the field', { timeout: TIMEOUT_MS }, () => {
  let whole = 0;
  fc.assert(
    fc.property(damaged, (bytes) => {
      const header = readImageHeader(bytes);
      if (typeof header === 'object') {
        for (const edge of [header.width, header.height])
          expect(Number.isInteger(edge) && edge > 0).toBe(true);
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(header.orientation);
      }
      try {
        const { width, height } = checkPicture(bytes, 'image', LIMITS);
        whole++;
        expect(width * height).toBeLessThanOrEqual(LIMITS.maxPixels);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ status: 400, options: { param: 'image' } });
      }
    }),
    { numRuns: 5000 },
  );
  expect(whole).toBeGreaterThan(500);
});

test('600 damaged pictures and masks, decoded as far as they go by the embedded engine', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { url } = await serve(createOfflineProvider({ threads: 1 }), {
    limits: { ...LIMITS, maxPixels: 200_000 },
  });
  const [image, mask] = [await source.clone().png().toBuffer(), await transparent.clone().png().toBuffer()];
  const seen = new Map<number, number>();
  const post = async (route: string, body: FormData) => {
    const response = await fetch(`${url}/v1/images/${route}`, { method: 'POST', body });
    await response.text();
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    expect([200, 400, 413]).toContain(response.status);
  };
  const asked = { response_format: 'b64_json', size: '16x16' };
  await fc.assert(
    fc.asyncProperty(damaged, fc.constantFrom('image', 'mask', 'vary'), async (bytes, role) => {
      if (role === 'image')
        await post('edits', form({ ...asked, image: file(bytes), mask: file(mask), prompt: 'x' }));
      else if (role === 'mask')
        await post('edits', form({ ...asked, image: file(image), mask: file(bytes), prompt: 'x' }));
      else await post('variations', form({ ...asked, image: file(bytes) }));
    }),
    { numRuns: 600 },
  );
  expect(seen.get(200)).toBeGreaterThan(10);
  expect(seen.get(400)).toBeGreaterThan(10);
});

/** Sends bytes as they are and returns what comes back until the connection ends; the server ends it, or we do. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

test('600 requests that break HTTP itself, over sockets', { timeout: TIMEOUT_MS }, async () => {
  const { url } = await serve(createOfflineProvider({ threads: 1 }));
  const port = Number(new URL(url).port);
  const body = '--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n--b--\r\n';
  const head = (lines: readonly string[]) =>
    `POST /v1/images/edits HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n`;
  const form_ = 'Content-Type: multipart/form-data; boundary=b';
  const good = fc.constantFrom(
    head([form_, `Content-Length: ${body.length}`]) + body,
    `${head([form_, 'Transfer-Encoding: chunked'])}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    `${head(['Content-Type: application/json', 'Content-Length: 14'])}{"prompt":"x"}`,
    head([form_, 'Content-Length: 999999999999']) + body,
    head([form_, `Content-Length: ${body.length}`, 'Expect: 100-continue']) + body,
    head([form_, 'Transfer-Encoding: chunked', 'Content-Length: 5']) + body,
    `${head([form_, 'Transfer-Encoding: chunked'])}ffffffffffffffff\r\n`,
  );
  const request = fc
    .record({ text: good, changes: fc.array(change, { maxLength: 2 }) })
    .map(({ text, changes }) =>
      changes.reduce<Bytes>((now, apply) => apply(now), Buffer.from(text, 'latin1')),
    );
  await fc.assert(
    fc.asyncProperty(request, async (bytes) => {
      const answer = await exchange(port, bytes);
      expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    }),
    { numRuns: 600 },
  );
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
