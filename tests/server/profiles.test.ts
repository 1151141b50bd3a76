import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Capabilities, ImagesReply, ProbeReport } from '../../server/contract.ts';
import { createOpenAiProvider } from '../../server/providers/openai.ts';
import { createProbeReports } from '../../server/providers/probeReports.ts';
import { type EndpointProfile, PROFILES } from '../../server/providers/profiles.ts';
import { createServices } from '../../server/providers/services.ts';
import { DIALECTS, type DialectName, standIn } from './standIns.ts';
import { createDouble, file, form, halfMask, picture, serve } from './support.ts';

const NAMES = Object.keys(DIALECTS) as DialectName[];
const SIDE = 512;
const [IMAGE, MASK] = await Promise.all([picture(SIDE, SIDE), halfMask(SIDE, SIDE)]);
const KEY = 'sk-test-0123456789abcdef';

/** Our server in front of a stand-in, spoken to by its preset. */
async function inFrontOf(
  name: DialectName,
  reads?: 'alpha' | 'luminance' | 'none',
  profile: EndpointProfile = PROFILES[name],
) {
  const { upstream, lastMask } = await standIn(name, reads);
  const reports = createProbeReports(null);
  const provider = createOpenAiProvider({
    id: 'other',
    apiKey: KEY,
    baseUrl: `${upstream.url}${name === 'azure' ? '/openai' : '/v1'}`,
    defaultModel: 'my-images',
    timeoutMs: 10_000,
    profile,
    reports,
  });
  return { upstream, lastMask, ...(await serve(provider, { reports })) };
}

const edit = (url: string, prompt = 'a boat', mask: Buffer | null = MASK) =>
  fetch(`${url}/v1/images/edits`, {
    method: 'POST',
    body: form({
      image: file(IMAGE),
      mask: mask ? file(mask) : undefined,
      prompt,
      size: `${SIDE}x${SIDE}`,
      response_format: 'b64_json',
    }),
  });

async function pixelsOf(response: Response) {
  const { data } = (await response.json()) as ImagesReply;
  return sharp(Buffer.from(data[0]?.b64_json ?? '', 'base64'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
}

describe.each(NAMES)('%s', (name) => {
  test('takes an edit as it wants it, and reads of the mask what was meant', async () => {
    const { upstream, lastMask, url } = await inFrontOf(name);
    const response = await edit(url);
    expect(response.status).toBe(200);
    const { data, info } = await pixelsOf(response);
    expect([info.width, info.height]).toEqual([SIDE, SIDE]);
    const posts = upstream.calls.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(1);
    expect(posts[0]?.path.split('?')[0]).toBe(DIALECTS[name].editPath);
    if (name === 'sglang') {
      expect(lastMask()).toBeNull();
      return;
    }
    const changed = (x: number) => data[(10 * SIDE + x) * 3] === 230;
    expect([changed(2), changed(SIDE / 2 - 2), changed(SIDE / 2 + 2), changed(SIDE - 2)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('generates, and varies in the way that it has', async () => {
    const { upstream, url } = await inFrontOf(name);
    const made = await fetch(`${url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a boat', size: '512x512', response_format: 'b64_json' }),
    });
    expect((await pixelsOf(made)).info).toMatchObject({ width: 512, height: 512 });
    const varied = await fetch(`${url}/v1/images/variations`, {
      method: 'POST',
      body: form({ image: file(IMAGE), size: '512x512', response_format: 'b64_json' }),
    });
    expect(varied.status).toBe(200);
    const path = upstream.calls.filter(({ method }) => method === 'POST').at(-1)?.path ?? '';
    expect(path.includes('/variations')).toBe(PROFILES[name].variations === 'native');
  });

  test('says where its facts come from', () => {
    expect(PROFILES[name].source).toMatch(/not tried live/);
  });
});

test.each([
  ['stable-diffusion.cpp', 'refuse', 'request_refused'],
  ['litellm', 'refuse', 'invalid_value'],
  ['azure', 'refuse', 'moderation_blocked'],
] as const)('what %s says of a refusal is understood', async (name, prompt, code) => {
  const { url } = await inFrontOf(name);
  const response = await edit(url, prompt);
  expect([response.status, (await response.json()).error.code]).toEqual([400, code]);
});

test('Azure is shown its key in its own header, with a version and without a model', async () => {
  const { upstream, url } = await inFrontOf('azure');
  await edit(url);
  const [call] = upstream.calls;
  expect(call?.headers['api-key']).toBe(KEY);
  expect(call?.headers['authorization']).toBeUndefined();
  expect(call?.path).toContain('api-version=');
  expect(call?.fields['model']).toBeUndefined();
});

test('LocalAI, which inpaints alone, gets a mask of all where none was drawn', async () => {
  const { lastMask, url } = await inFrontOf('localai');
  expect((await edit(url, 'a boat', null)).status).toBe(200);
  expect(lastMask()?.every(Boolean)).toBe(true);
});

const probe = (url: string, confirm?: boolean) =>
  fetch(`${url}/api/probe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'other', model: 'my-images', ...(confirm ? { confirm } : {}) }),
  });

test.each([
  ['alpha', 'honoured'],
  ['luminance', 'inverted'],
  ['none', 'ignored'],
] as const)(
  'a probe finds that who reads masks by %s has them %s, and that is used from then on',
  async (reads, use) => {
    const { upstream, url, lastMask } = await inFrontOf('litellm', reads, PROFILES.openai);
    expect(await (await probe(url)).json()).toEqual({ requests: 3, usd: null });
    expect(upstream.calls).toHaveLength(0);
    const report = (await (await probe(url, true)).json()) as ProbeReport;
    expect(report).toMatchObject({ model: 'my-images', mask: use, streaming: false, variations: true });
    expect(report.sizes).toHaveLength(2);
    expect(upstream.calls).toHaveLength(3);
    const { services, models } = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
    // Tiny pictures do not tell a mask that is followed roughly from one that is followed closely.
    const shown = use === 'honoured' ? 'guidance' : use;
    expect(services[0]).toMatchObject({ id: 'other', mask: shown, probe: report });
    expect(models[0]).toMatchObject({ id: 'my-images', service: 'other', maxPartials: null });

    await edit(url);
    if (reads === 'none') expect(lastMask()).toBeNull();
    else expect([lastMask()?.[0], lastMask()?.[SIDE - 1]]).toEqual([true, false]);
    // Asked again it finds the same, though masks are sent otherwise meanwhile.
    expect((await (await probe(url, true)).json()).mask).toBe(use);
  },
);

test('only services can be probed, and only ones that are there', async () => {
  const { refused } = await serve(createDouble());
  const asked = { service: 'embedded', model: 'double-1', confirm: true };
  expect(await refused('/api/probe', asked)).toMatchObject({ status: 400, param: 'service' });
  expect(await refused('/api/probe', { ...asked, service: 'nobody' })).toMatchObject({ status: 404 });
  expect(await refused('/api/probe', {})).toMatchObject({ status: 400 });
});

test('of several services a model chooses; who shares its name is reached by its service', async () => {
  const [one, two] = [await standIn('lemonade'), await standIn('xinference')];
  const provider = (id: string, upstream: typeof one.upstream, name: DialectName, models: string[]) =>
    createOpenAiProvider({
      id,
      apiKey: null,
      baseUrl: `${upstream.url}/v1`,
      defaultModel: models[0] ?? '',
      models: models.map((model) => ({ id: model })),
      timeoutMs: 10_000,
      profile: PROFILES[name],
    });
  const providers = [
    provider('studio', one.upstream, 'lemonade', ['sd', 'shared']),
    provider('lab', two.upstream, 'xinference', ['flux', 'shared']),
  ] as const;
  const { url } = await serve(providers[0], { services: createServices(providers) });
  const ask = async (model?: string) => {
    const response = await fetch(`${url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        prompt: 'x',
        size: '512x512',
        response_format: 'b64_json',
        ...(model ? { model } : {}),
      }),
    });
    expect(response.status).toBe(200);
    return response.headers.get('x-lacuna-engine');
  };
  expect(await ask()).toBe('studio');
  expect(await ask('flux')).toBe('lab');
  expect(await ask('shared')).toBe('studio');
  expect(await ask('lab/shared')).toBe('lab');
  const { models } = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
  expect(models.map(({ id, service }) => [id, service])).toEqual([
    ['sd', 'studio'],
    ['shared', 'studio'],
    ['flux', 'lab'],
    ['lab/shared', 'lab'],
  ]);
  await providers[1].close();
});
