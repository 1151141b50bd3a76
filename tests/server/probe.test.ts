import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Capabilities, ProbeReport } from '../../server/contract.ts';
import type { Admission } from '../../server/limits/admission.ts';
import { describeModel } from '../../server/providers/models.ts';
import { createOpenAiProvider, type OpenAiOptions } from '../../server/providers/openai.ts';
import { createProbe } from '../../server/providers/probe.ts';
import { createProbeReports } from '../../server/providers/probeReports.ts';
import { createServices } from '../../server/providers/services.ts';
import { fakeUpstream, picture, sendJson, serve, type UpstreamCall } from './support.ts';

const PNG = (await picture(256, 256)).toString('base64');
const OPTIONS = { apiKey: null, defaultModel: 'flux', timeoutMs: 10_000 };

/** A service that answers `special` itself where that returns true, and everything else with one picture. */
async function service(special: (call: UpstreamCall, response: ServerResponse) => boolean) {
  const upstream = await fakeUpstream();
  upstream.answer = (call, response) => {
    if (!special(call, response)) sendJson(response, 200, { data: [{ b64_json: PNG }] });
  };
  return upstream;
}

const probed = (url: string, asked: { service: string; model: string }) =>
  fetch(`${url}/api/probe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, confirm: true }),
  });

async function streamed(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, more = {}) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, b64_json: PNG, ...more })}\n\n`);
  send('image_generation.partial_image', { partial_image_index: 0 });
  send('image_generation.completed');
  response.end();
}

test('a service that streams is found to, and so its model does from then on; what it refuses it does not have', async () => {
  const upstream = await service((call, response) => {
    if (call.path === '/v1/images/variations') sendJson(response, 404, { detail: 'Not Found' });
    else if (call.fields['stream']) void streamed(response);
    else return false;
    return true;
  });
  const reports = createProbeReports(null);
  const provider = createOpenAiProvider({ ...OPTIONS, id: 'lab', baseUrl: `${upstream.url}/v1`, reports });
  const { url } = await serve(provider, { reports });
  const modelNow = async () => {
    const told = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
    return told.models[0];
  };
  expect((await modelNow())?.maxPartials).toBeNull();
  const report = (await (await probed(url, { service: 'lab', model: 'flux' })).json()) as ProbeReport;
  expect(report).toMatchObject({ streaming: true, variations: false });
  expect((await modelNow())?.maxPartials).toBe(1);
});

test.each([
  [429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }, 'rate_limit_exceeded'],
  [429, { error: { message: 'no money', code: 'insufficient_quota' } }, 'insufficient_quota'],
  [504, '<h1>Gateway Timeout</h1>', 'upstream_timeout'],
] as const)(
  'a failure that will pass (%i) ends the probe: nothing more is sent, nothing is learned',
  async (status, body, code) => {
    const upstream = await service((call, response) => {
      if (!call.path.endsWith('/generations')) return false;
      sendJson(response, status, body);
      return true;
    });
    const reports = createProbeReports(null);
    const provider = createOpenAiProvider({ ...OPTIONS, id: 'lab', baseUrl: `${upstream.url}/v1`, reports });
    const { url } = await serve(provider, { reports });
    const response = await probed(url, { service: 'lab', model: 'flux' });
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
    expect(upstream.calls.map(({ path }) => path)).toEqual(['/v1/images/edits', '/v1/images/generations']);
    expect(reports.last('lab')).toBeNull();
  },
);

test('what a refused request did not cost is given back', async () => {
  const upstream = await service((call, response) => {
    if (!call.path.endsWith('/variations')) return false;
    sendJson(response, 404, { detail: 'Not Found' });
    return true;
  });
  const { pricing, sizes, qualities } = describeModel('dall-e-2');
  const provider = createOpenAiProvider({
    ...OPTIONS,
    id: 'lab',
    baseUrl: `${upstream.url}/v1`,
    models: [{ id: 'flux', pricing, sizes, qualities }],
  });
  const untaught = provider.probing?.('flux');
  const model = provider.describe?.('flux');
  if (!untaught || !model) throw new Error('the provider cannot be probed');
  onTestFinished(async () => {
    await Promise.all([provider.close(), untaught.close()]);
  });
  const settled: (number | null)[] = [];
  const admission: Admission = {
    admit: async (_client, { usd }) => {
      settled.push(usd);
      return { settle: async (real) => void settled.push(real), release: async () => {} };
    },
  };
  const probe = createProbe(untaught, model);
  await probe.run(new AbortController().signal, 'me', admission);
  // The smallest pictures of dall-e-2 cost 0.016 USD each.
  expect(probe.plan).toEqual({ requests: 3, usd: expect.closeTo(0.048, 6) });
  expect(settled).toEqual([expect.closeTo(0.048, 6), expect.closeTo(0.032, 6)]);
});

test('a model that shares its id with another service is probed at its own, under either of its names', async () => {
  const [one, two] = [await service(() => false), await service(() => false)];
  const reports = createProbeReports(null);
  const at = (id: string, baseUrl: string, more: Partial<OpenAiOptions> = {}) =>
    createOpenAiProvider({ ...OPTIONS, id, baseUrl: `${baseUrl}/v1`, reports, ...more });
  const second = at('lab', two.url);
  // Gateways call models by whom they ask for them.
  const gateway = at('gate', one.url, { defaultModel: 'lab/flux', models: [{ id: 'flux' }] });
  const services = createServices([gateway, second]);
  const { url } = await serve(gateway, { reports, services });
  for (const model of ['lab/flux', 'flux']) {
    const report = (await (await probed(url, { service: 'lab', model })).json()) as ProbeReport;
    expect(report.model).toBe('flux');
  }
  expect([one.calls.length, two.calls.length]).toEqual([0, 6]);
  expect(reports.of('lab', 'flux')).not.toBeNull();
  await second.close();
});

test('what was learned outlasts the process; a file that is damaged is as none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lacuna-probes-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'deep', 'probes.json');
  const report = (model: string, mask: ProbeReport['mask']): ProbeReport => ({
    at: new Date(0).toISOString(),
    model,
    mask,
    sizes: ['256x256'],
    streaming: false,
    variations: true,
  });
  const before = createProbeReports(path);
  before.keep('lab', report('a', 'ignored'));
  before.keep('lab', report('b', 'honoured'));
  before.keep('lab', report('a', 'inverted'));
  const after = createProbeReports(path);
  expect([after.of('lab', 'a'), after.last('lab')]).toEqual([
    report('a', 'inverted'),
    report('a', 'inverted'),
  ]);
  expect(after.of('lab', 'b')).toEqual(report('b', 'honoured'));
  expect([after.of('lab', 'c'), after.last('studio')]).toEqual([null, null]);
  writeFileSync(path, readFileSync(path).subarray(0, 40));
  expect(createProbeReports(path).last('lab')).toBeNull();
});
