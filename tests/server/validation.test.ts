import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createDouble, file, form, halfMask, LIMITS, paintPng, picture, serve } from './support.ts';

const EDITS = '/v1/images/edits';
const opaqueMask = () => paintPng(64, 48, () => [0, 0, 0, 255]);

/** Each row: what is wrong, the form, and the status, code and param of the refusal. */
const refusals: [string, () => Promise<FormData>, number, string, string | null][] = [
  ['no image', async () => form({ prompt: 'x' }), 400, 'missing_required_parameter', 'image'],
  [
    'no prompt',
    async () => form({ image: file(await picture()) }),
    400,
    'missing_required_parameter',
    'prompt',
  ],
  [
    'an empty prompt',
    async () => form({ image: file(await picture()), prompt: '  ' }),
    400,
    'missing_required_parameter',
    'prompt',
  ],
  [
    'a prompt that is too long',
    async () => form({ image: file(await picture()), prompt: 'x'.repeat(1001) }),
    400,
    'prompt_too_long',
    'prompt',
  ],
  [
    'zero bytes',
    async () => form({ image: file(Buffer.of()), prompt: 'x' }),
    400,
    'invalid_image_file',
    'image',
  ],
  [
    'text as an image',
    async () => form({ image: file(Buffer.from('hello')), prompt: 'x' }),
    400,
    'invalid_image_format',
    'image',
  ],
  [
    'a GIF',
    async () =>
      form({
        image: file(
          await sharp(await picture())
            .gif()
            .toBuffer(),
        ),
        prompt: 'x',
      }),
    400,
    'invalid_image_format',
    'image',
  ],
  [
    'a PNG cut short',
    async () => form({ image: file((await picture()).subarray(0, -20)), prompt: 'x' }),
    400,
    'invalid_image_file',
    'image',
  ],
  [
    'a JPEG cut short',
    async () => {
      const jpeg = await sharp(await picture())
        .jpeg()
        .toBuffer();
      return form({ image: file(jpeg.subarray(0, -20)), prompt: 'x' });
    },
    400,
    'invalid_image_file',
    'image',
  ],
  [
    'text in place of a file',
    async () => form({ image: 'a.png', prompt: 'x' }),
    400,
    'invalid_type',
    'image',
  ],
  [
    'a mask of another size',
    async () => form({ image: file(await picture()), mask: file(await halfMask(48, 64)), prompt: 'x' }),
    400,
    'mask_size_mismatch',
    'mask',
  ],
  [
    'a mask without alpha',
    async () => form({ image: file(await picture()), mask: file(await picture()), prompt: 'x' }),
    400,
    'mask_without_alpha',
    'mask',
  ],
  [
    'a mask with nothing transparent',
    async () => form({ image: file(await picture()), mask: file(await opaqueMask()), prompt: 'x' }),
    400,
    'mask_empty',
    'mask',
  ],
  [
    'a mask whose pixels are damaged',
    async () => {
      const mask = Buffer.from(await halfMask());
      mask.fill(7, 60, mask.length - 20);
      return form({ image: file(await picture()), mask: file(mask), prompt: 'x' });
    },
    400,
    'invalid_image_file',
    'mask',
  ],
  [
    'a mask that is not a PNG',
    async () => {
      const mask = await sharp(await halfMask())
        .webp()
        .toBuffer();
      return form({ image: file(await picture()), mask: file(mask), prompt: 'x' });
    },
    400,
    'invalid_image_format',
    'mask',
  ],
  ...(
    [
      ['n', '0'],
      ['n', '11'],
      ['n', '1.5'],
      ['n', 'many'],
      ['size', '0x100'],
      ['size', 'large'],
      ['size', '99999x99999'],
      ['size', '4001x8'],
      ['quality', 'ultra'],
      ['output_format', 'gif'],
      ['output_compression', '101'],
      ['response_format', 'file'],
      ['background', 'red'],
      ['seed', '-1'],
      ['stream', 'perhaps'],
      ['partial_images', '4'],
    ] as const
  ).map(([name, value]): [string, () => Promise<FormData>, number, string, string] => [
    `${name}=${value}`,
    async () => form({ image: file(await picture()), prompt: 'x', [name]: value }),
    400,
    name === 'n' && value !== '0' && value !== '11' ? 'invalid_type' : 'invalid_value',
    name,
  ]),
  [
    'a transparent JPEG',
    async () =>
      form({ image: file(await picture()), prompt: 'x', background: 'transparent', output_format: 'jpeg' }),
    400,
    'invalid_value',
    'background',
  ],
  [
    'too many pixels, of which none is decoded',
    async () => form({ image: file(await hugePng(60_000, 60_000)), prompt: 'x' }),
    400,
    'image_too_large',
    'image',
  ],
  [
    'an edge that is too long',
    async () => form({ image: file(await picture(4001, 4)), prompt: 'x' }),
    400,
    'image_too_large',
    'image',
  ],
  [
    'too many pictures',
    async () => {
      const one = file(await picture(8, 8));
      return form({ image: Array.from({ length: 17 }, () => one), prompt: 'x' });
    },
    400,
    'invalid_value',
    'image',
  ],
  [
    'a text field without end',
    async () => form({ image: file(await picture()), prompt: 'x'.repeat(1_100_000) }),
    413,
    'request_too_large',
    'prompt',
  ],
];

/** A small file whose header promises a huge picture. */
async function hugePng(width: number, height: number): Promise<Buffer> {
  const png = Buffer.from(await picture(8, 8));
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

test.each(refusals)('%s is refused', async (_what, makeForm, status, code, param) => {
  const double = createDouble();
  const { refused } = await serve(double);
  const refusal = await refused(EDITS, await makeForm());
  expect(refusal).toMatchObject({ status, code, param, type: 'invalid_request_error' });
  expect(refusal.message.length).toBeGreaterThan(10);
  expect(refusal.headers.get('x-should-retry')).toBe('false');
  expect(double.edited).toEqual([]);
});

test('too many bytes are refused, announced or not', async () => {
  const double = createDouble();
  const { refused, url } = await serve(double);
  const large = () => file(Buffer.alloc(LIMITS.maxUploadBytes + 5_000_000, 1));
  const announced = await refused(EDITS, form({ image: large(), prompt: 'x' }));
  expect(announced).toMatchObject({ status: 413, code: 'request_too_large' });

  const sent = new Response(form({ image: large(), prompt: 'x' }));
  const response = await fetch(`${url}${EDITS}`, {
    method: 'POST',
    headers: { 'content-type': sent.headers.get('content-type') ?? '' },
    body: sent.body,
    duplex: 'half',
  } as RequestInit);
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  expect(double.edited).toEqual([]);
});

test('several files count together', async () => {
  const { refused } = await serve(createDouble());
  const noise = () => file(Buffer.alloc(LIMITS.maxUploadBytes * 0.6, 1));
  const refusal = await refused(EDITS, form({ image: [noise(), noise()], prompt: 'x' }));
  expect(refusal).toMatchObject({ status: 413, code: 'request_too_large' });
});

test('a body that is no form, no JSON, or of another type', async () => {
  const { refused, url } = await serve(createDouble());
  const post = async (body: string, type: string) => {
    const response = await fetch(`${url}${EDITS}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  expect(await post('x', 'multipart/form-data')).toEqual([400, 'invalid_value']);
  expect(await post('--a\r\nnonsense', 'multipart/form-data; boundary=a')).toEqual([400, 'invalid_value']);
  expect(await post('{"prompt":', 'application/json')).toEqual([400, 'invalid_value']);
  expect(await post('[]', 'application/json')).toEqual([400, 'invalid_type']);
  expect(await post('x', 'text/plain')).toEqual([415, 'invalid_value']);
  expect(
    await refused(EDITS, { prompt: 'x', images: [{ image_url: 'https://example.com/a.png' }] }),
  ).toMatchObject({
    status: 400,
    code: 'invalid_value',
    param: 'images[0]',
  });
  expect(await refused('/v1/images/nothing', {})).toMatchObject({
    status: 404,
    code: 'not_found',
    param: null,
  });
});

test('a generation needs a prompt and a possible size', async () => {
  const { refused } = await serve(createDouble());
  const route = '/v1/images/generations';
  expect(await refused(route, {})).toMatchObject({ code: 'missing_required_parameter', param: 'prompt' });
  expect(await refused(route, { prompt: 7 })).toMatchObject({ code: 'invalid_type', param: 'prompt' });
  expect(await refused(route, { prompt: 'x', n: 0 })).toMatchObject({ code: 'invalid_value', param: 'n' });
  expect(await refused(route, { prompt: 'x', size: '8000x8' })).toMatchObject({
    code: 'invalid_value',
    param: 'size',
  });
  expect(await refused(route, { prompt: 'x', stream: true, n: 2 })).toMatchObject({
    code: 'invalid_value',
    param: 'n',
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a mask fits a JPEG of EXIF orientation %i as it is seen',
  async (orientation) => {
    const double = createDouble();
    const { refused, url } = await serve(double);
    const jpeg = await sharp(await picture(64, 48))
      .jpeg()
      .withMetadata({ orientation })
      .toBuffer();
    const [width, height] = orientation >= 5 ? [48, 64] : [64, 48];
    const upload = (mask: Buffer) =>
      form({ image: file(jpeg, 'a.jpg', 'image/jpeg'), mask: file(mask), prompt: 'x' });

    const response = await fetch(`${url}${EDITS}`, {
      method: 'POST',
      body: upload(await halfMask(width, height)),
    });
    expect(response.status).toBe(200);
    expect(double.edited[0]?.images[0]).toMatchObject({ mime: 'image/jpeg', width, height });
    expect(await refused(EDITS, upload(await halfMask(height, width)))).toMatchObject({
      code: 'mask_size_mismatch',
    });
  },
);

test('transparency in a palette or as a key colour is an alpha channel', async () => {
  const double = createDouble();
  const { url } = await serve(double);
  const palette = await sharp(await halfMask())
    .png({ palette: true })
    .toBuffer();
  expect(palette.readUInt8(25)).toBe(3);
  const body = form({ image: file(await picture()), mask: file(palette), prompt: 'x' });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  expect(double.edited).toHaveLength(1);
});
