import type { ServerResponse } from 'node:http';
import sharp from 'sharp';
import { fakeUpstream, sendJson, type Upstream, type UpstreamCall } from './support.ts';

const ORANGE = { r: 230, g: 90, b: 20 };
const HALF = 128;

/** One small server that speaks the dialect of another, and paints orange where it reads that it may. */
export interface StandIn {
  readonly upstream: Upstream;
  /** What it understood of the last edit's mask: per pixel whether it may change; null: it saw none. */
  lastMask(): readonly boolean[] | null;
}

type Reading = 'alpha' | 'luminance' | 'none';

interface Dialect {
  readonly imageFields: readonly string[];
  readonly maskField: string | null;
  readonly reads: Reading;
  readonly editPath: string;
  /** Answers a picture. */
  reply(png: Buffer, response: ServerResponse, kept: Map<string, Buffer>): void;
  /** Refuses what it does not take; true: it has answered. */
  refuse?(call: UpstreamCall, response: ServerResponse): boolean;
}

const base64: Dialect['reply'] = (png, response) =>
  sendJson(response, 200, { created: 1, data: [{ b64_json: png.toString('base64') }] });

/** Puts the picture at an address of its own and answers with that. */
const byUrl =
  (address: (name: string) => string): Dialect['reply'] =>
  (png, response, kept) => {
    const name = `${kept.size + 1}`;
    kept.set(address(name), png);
    sendJson(response, 200, { created: 1, data: [{ url: address(name) }] });
  };

const detail = (response: ServerResponse, status: number, text: unknown) =>
  sendJson(response, status, { detail: text });

const COMMON = { imageFields: ['image', 'image[]'], maskField: 'mask', editPath: '/v1/images/edits' };

export const DIALECTS = {
  'stable-diffusion.cpp': {
    ...COMMON,
    reads: 'luminance',
    reply: base64,
    refuse(call, response) {
      if (call.fields['prompt'] !== 'refuse') return false;
      sendJson(response, 400, { error: 'prompt required' });
      return true;
    },
  },
  lemonade: { ...COMMON, reads: 'luminance', reply: base64 },
  localai: {
    ...COMMON,
    imageFields: ['image'],
    editPath: '/v1/images/inpainting',
    reads: 'luminance',
    reply: byUrl((name) => `/generated-images/${name}.png`),
    refuse(call, response) {
      if (call.path !== '/v1/images/inpainting' || call.files['mask']) return false;
      sendJson(response, 400, { error: { message: 'mask is required', code: 400, type: '' } });
      return true;
    },
  },
  'vllm-omni': {
    ...COMMON,
    maskField: 'mask_image',
    reads: 'luminance',
    reply: base64,
    refuse(call, response) {
      const format = call.fields['response_format'];
      if (format === undefined || format === 'b64_json') return false;
      detail(response, 400, 'Only b64_json is supported.');
      return true;
    },
  },
  sglang: { ...COMMON, reads: 'none', reply: byUrl((name) => `/v1/images/${name}/content`) },
  xinference: {
    ...COMMON,
    imageFields: ['image', 'image[]', 'images'],
    reads: 'luminance',
    reply: base64,
    refuse(call, response) {
      if (call.fields['response_format'] === 'b64_json') return false;
      detail(response, 422, [{ loc: ['body', 'response_format'], msg: 'urls are not reachable', type: 'x' }]);
      return true;
    },
  },
  litellm: {
    ...COMMON,
    reads: 'alpha',
    reply: base64,
    refuse(call, response) {
      if (call.files['image'] && call.files['image[]']) {
        detail(response, 422, 'image or image[], not both');
        return true;
      }
      if (call.fields['prompt'] !== 'refuse') return false;
      const inner = JSON.stringify({
        error: { message: 'No such size.', code: 'invalid_value', param: 'size' },
      });
      sendJson(response, 400, {
        error: { message: `litellm.BadRequestError: OpenAIException - ${inner}`, type: null, code: '400' },
      });
      return true;
    },
  },
  azure: {
    ...COMMON,
    reads: 'alpha',
    editPath: '/openai/deployments/my-images/images/edits',
    reply: base64,
    refuse(call, response) {
      if (call.headers['api-key'] === undefined) {
        sendJson(response, 401, {
          error: { code: '401', message: 'Access denied due to invalid subscription key.' },
        });
        return true;
      }
      if (call.fields['prompt'] !== 'refuse') return false;
      sendJson(response, 400, { error: { code: 'content_filter', message: 'Filtered.', param: 'prompt' } });
      return true;
    },
  },
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;

/** Starts the stand-in of a dialect until the test ends. `reads`: how it understands masks, where not as it does. */
export async function standIn(name: DialectName, reads?: Reading): Promise<StandIn> {
  const dialect: Dialect = DIALECTS[name];
  const upstream = await fakeUpstream();
  const kept = new Map<string, Buffer>();
  let lastMask: boolean[] | null = null;
  upstream.answer = async (call, response) => {
    const path = call.path.split('?')[0] ?? '';
    if (call.method === 'GET') {
      const png = kept.get(path);
      if (png) response.end(png);
      else response.writeHead(404).end();
      return;
    }
    if (dialect.refuse?.(call, response)) return;
    if (path.endsWith('/generations')) {
      const [width = 0, height = 0] = String(call.fields['size'] ?? '512x512')
        .split('x')
        .map(Number);
      dialect.reply(await flat(width, height), response, kept);
      return;
    }
    const field = dialect.imageFields.find((one) => call.files[one]);
    const image = field && call.files[field]?.data;
    const known = path === dialect.editPath || path.endsWith('/variations');
    if (!known || !image) {
      response.writeHead(404).end('<html>404 page not found</html>');
      return;
    }
    const mask = dialect.maskField ? call.files[dialect.maskField]?.data : undefined;
    lastMask = mask ? await readMask(mask, reads ?? dialect.reads) : null;
    dialect.reply(await painted(image, lastMask), response, kept);
  };
  return { upstream, lastMask: () => lastMask };
}

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: ORANGE } })
    .png()
    .toBuffer();

/** Luminance as these servers read it: they drop the alpha channel without looking at it. */
async function readMask(mask: Buffer, reads: Reading): Promise<boolean[] | null> {
  if (reads === 'none') return null;
  const image = sharp(mask).ensureAlpha();
  const channel = reads === 'alpha' ? 3 : 0;
  const values = await image.extractChannel(channel).raw().toBuffer();
  return Array.from(values, (value) => (reads === 'alpha' ? value < HALF : value >= HALF));
}

/** No mask that it sees: it repaints everything. */
async function painted(image: Buffer, mask: readonly boolean[] | null): Promise<Buffer> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let i = 0; i < info.width * info.height; i++)
    if (mask === null || mask[i]) data.set([ORANGE.r, ORANGE.g, ORANGE.b], i * 3);
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}
