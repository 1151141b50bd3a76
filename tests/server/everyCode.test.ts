import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../server/contract.ts';
import { createOpenAiProvider } from '../../server/providers/openai.ts';
import {
  createDouble,
  fakeUpstream,
  file,
  form,
  halfMask,
  LIMITS,
  paintPng,
  picture,
  sendJson,
  serve,
  serveUpstream,
} from './support.ts';

/** Every code of the contract and a request that is answered with it. What a client may rely on is the code. */
const EDITS = '/v1/images/edits';
const GENERATIONS = '/v1/images/generations';

interface Answer {
  readonly status: number;
  readonly code: string;
}

type Provoke = () => Promise<Answer>;

/** The other test files of this folder: a code that needs a machinery of its own is provoked there. */
const OTHERS = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts') && name !== basename(import.meta.filename))
  .map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8'));

/** A form that is right but for what is given. */
const edit =
  (fields: () => Promise<Parameters<typeof form>[0]>): Provoke =>
  async () => {
    const { refused } = await serve(createDouble());
    return refused(EDITS, form({ image: file(await picture()), prompt: 'x', ...(await fields()) }));
  };

const generate =
  (body: object, model?: string): Provoke =>
  async () => {
    const { refused } = model === undefined ? await serve(createDouble()) : await serveUpstream();
    return refused(GENERATIONS, { prompt: 'x', ...body, ...(model === undefined ? {} : { model }) });
  };

/** What a service answers, and what it is answered with here. */
const upstream =
  (status: number, error: object | string): Provoke =>
  async () => {
    const { upstream: service, refused } = await serveUpstream();
    service.answer = (_call, response) =>
      sendJson(response, status, typeof error === 'string' ? error : { error });
    return refused(GENERATIONS, { prompt: 'x' });
  };

const provoke: Record<ErrorCode, Provoke | 'elsewhere'> = {
  missing_required_parameter: edit(async () => ({ prompt: '' })),
  invalid_value: edit(async () => ({ n: '11' })),
  invalid_type: edit(async () => ({ mask: 'mask.png' })),
  unknown_parameter: generate({ style: 'vivid' }, 'gpt-image-2'),
  invalid_image_format: edit(async () => ({ image: file(Buffer.from('GIF89a')) })),
  invalid_image_file: edit(async () => ({ image: file((await picture()).subarray(0, -20)) })),
  image_too_large: edit(async () => ({ image: file(await picture(LIMITS.maxEdge + 1, 2)) })),
  request_too_large: edit(async () => ({ image: file(Buffer.alloc(LIMITS.maxUploadBytes + 1)) })),
  mask_size_mismatch: edit(async () => ({ mask: file(await halfMask(48, 64)) })),
  mask_without_alpha: edit(async () => ({ mask: file(await picture()) })),
  mask_empty: edit(async () => ({ mask: file(await paintPng(64, 48, () => [0, 0, 0, 255])) })),
  invalid_mask: upstream(400, { message: 'Invalid mask: it cannot be used.', param: 'mask', code: null }),
  prompt_too_long: generate({ prompt: 'x'.repeat(1001) }),
  model_not_found: upstream(404, { message: 'The model `x` does not exist.', code: 'model_not_found' }),
  unsupported_endpoint: async () => {
    const { refused } = await serveUpstream();
    const image = file(await picture(64, 64));
    return refused(EDITS, form({ image, prompt: 'x', model: 'dall-e-3' }));
  },
  not_found: async () => (await serve(createDouble())).refused('/v1/images/nothing', {}),
  invalid_api_key: upstream(401, { message: 'Incorrect API key provided.', code: 'invalid_api_key' }),
  organization_not_verified: upstream(403, {
    message: 'Your organization must be verified to use the model `gpt-image-1`.',
    code: null,
  }),
  permission_denied: upstream(403, { message: 'Country, region, or territory not supported', code: null }),
  insufficient_quota: upstream(429, {
    message: 'You exceeded your current quota, please check your plan.',
    code: 'insufficient_quota',
  }),
  rate_limit_exceeded: upstream(429, { message: 'Please try again in 12s.', code: 'rate_limit_exceeded' }),
  moderation_blocked: upstream(400, {
    message: 'Your request was rejected by the safety system.',
    code: 'moderation_blocked',
  }),
  server_is_overloaded: upstream(503, { message: 'Try later.', code: 'server_is_overloaded' }),
  upstream_timeout: upstream(524, '<html>A timeout occurred</html>'),
  upstream_unreachable: async () => {
    const { refused } = await serveUpstream({ baseUrl: `http://127.0.0.1:${await closedPort()}/v1` });
    return refused(GENERATIONS, { prompt: 'x' });
  },
  upstream_error: upstream(500, '<html>Internal Server Error</html>'),
  upstream_not_found: upstream(404, 'page not found'),
  request_refused: upstream(400, { message: 'No.', code: null, param: null }),
  job_lost: 'elsewhere',
  idempotency_key_reused: 'elsewhere',
  access_required: 'elsewhere',
  too_many_attempts: 'elsewhere',
  too_many_jobs: 'elsewhere',
  too_many_images: 'elsewhere',
  budget_exceeded: 'elsewhere',
  forbidden_origin: async () => {
    const { refused } = await serve(createDouble());
    return refused(GENERATIONS, { prompt: 'x' }, { origin: 'http://evil.example' });
  },
  // Whoever cancelled has gone: only the engine's own word of it can be heard.
  cancelled: async () => {
    const service = await fakeUpstream();
    const provider = createOpenAiProvider({
      id: 'openai',
      apiKey: null,
      baseUrl: `${service.url}/v1`,
      defaultModel: 'gpt-image-2',
      timeoutMs: 5000,
    });
    const gone = new AbortController();
    service.answer = () => gone.abort();
    const asked = { model: '', prompt: 'x', n: 1, size: null, quality: null, settings: {}, seed: null };
    const request = { ...asked, format: 'png', compression: null, user: null } as const;
    const answer = provider.generate(gone.signal, request, { partials: null });
    const error = await answer.then(
      () => null,
      (caught: unknown) => caught,
    );
    await provider.close();
    return error as Answer;
  },
  internal_error: async () => {
    const double = createDouble();
    double.before = async () => {
      throw new Error('a bug');
    };
    return (await serve(double)).refused(GENERATIONS, { prompt: 'x' });
  },
};

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each(Object.entries(provoke))('%s is what some request is answered with', async (code, way) => {
  if (way === 'elsewhere') {
    expect(OTHERS.some((text) => text.includes(`'${code}'`))).toBe(true);
    return;
  }
  const answer = await way();
  expect(answer.code).toBe(code);
  expect(answer.status).toBeGreaterThanOrEqual(400);
});
