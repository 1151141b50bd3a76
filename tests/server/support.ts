import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { Registry } from 'prom-client';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { createAttempts } from '../../server/access/gate.ts';
import { type AppOptions, createApp } from '../../server/app.ts';
import type { ErrorBody, ErrorEnvelope, ServiceCapabilities } from '../../server/contract.ts';
import { createDrain } from '../../server/drain.ts';
import { createDiskShelf } from '../../server/jobs/diskShelf.ts';
import { createJobs } from '../../server/jobs/jobs.ts';
import { createAdmission } from '../../server/limits/admission.ts';
import { createMemoryLedger } from '../../server/limits/ledger.ts';
import type { Quotas } from '../../server/limits/quotas.ts';
import { createRedisLedger } from '../../server/limits/redisLedger.ts';
import { createMetrics } from '../../server/metrics.ts';
import { createOpenAiProvider, type OpenAiOptions } from '../../server/providers/openai.ts';
import { createProbeReports } from '../../server/providers/probeReports.ts';
import type {
  EditRequest,
  GenerateRequest,
  Model,
  Provider,
  ProviderResult,
  VariationRequest,
} from '../../server/providers/provider.ts';
import { createServices } from '../../server/providers/services.ts';

export const LIMITS = { maxUploadBytes: 2 * 1024 * 1024, maxPixels: 4_000_000, maxEdge: 4000 };

/** No limits: a test that is about one sets it. */
export const NO_QUOTAS: Quotas = {
  requestsPerMinute: null,
  imagesPerMinute: null,
  jobsPerClient: null,
  jobs: null,
  budgetPerClientUsd: null,
  budgetUsd: null,
  unknownPriceUsd: null,
  uploadBytes: null,
};

type Paint = (x: number, y: number) => readonly [number, number, number, number];

/** A PNG painted pixel by pixel in straight RGBA; `channels: 3` leaves the alpha channel out. */
export async function paintPng(
  width: number,
  height: number,
  paint: Paint,
  channels: 3 | 4 = 4,
): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raw.set(paint(x, y).slice(0, channels), (y * width + x) * channels);
  return sharp(raw, { raw: { width, height, channels } }).png().toBuffer();
}

export const picture = (width = 64, height = 48) =>
  paintPng(width, height, (x, y) => [x * 3, y * 4, 90, 255], 3);
/** Transparent in the left half, opaque in the right. */
export const halfMask = (width = 64, height = 48) =>
  paintPng(width, height, (x) => (x < width / 2 ? [255, 255, 255, 0] : [0, 0, 0, 255]));

export const file = (data: Uint8Array, name = 'image.png', type = 'image/png') =>
  new File([data as Uint8Array<ArrayBuffer>], name, { type });

const MODEL: Omit<Model, 'service'> = {
  id: 'double-1',
  status: 'active',
  shutdown: null,
  endpoints: ['generations', 'edits', 'variations'],
  nativeVariations: true,
  settings: null,
  sizes: {
    kind: 'free',
    step: 1,
    minPixels: 64,
    maxPixels: 4_000_000,
    maxEdge: 4000,
    maxRatio: 8,
    wholeUpTo: 67_108_864,
  },
  qualities: ['auto', 'low', 'high'],
  defaultQuality: null,
  maxResults: 10,
  promptMaxChars: 1000,
  input: { maxBytes: 2 * 1024 * 1024, square: false },
  outputFormats: ['png', 'jpeg', 'webp'],
  responseFormat: true,
  maskGrow: 4,
  promptedEdits: true,
  markup: true,
  maxPartials: 3,
  seed: true,
  pricing: null,
};

export interface Double extends Provider {
  readonly generated: GenerateRequest[];
  readonly edited: EditRequest[];
  readonly varied: VariationRequest[];
  /** Called before each answer; a test may wait or throw in it. */
  before: (signal: AbortSignal) => Promise<void>;
}

/** Stands for an engine in tests of the routes: remembers what it was asked and answers with plain pictures. */
export function createDouble(kind: ServiceCapabilities['kind'] = 'embedded'): Double {
  const result = async (
    signal: AbortSignal,
    n: number,
    format: 'png' | 'jpeg' | 'webp',
  ): Promise<ProviderResult> => {
    await double.before(signal);
    const image = sharp({ create: { width: 32, height: 24, channels: 3, background: '#456' } });
    const data = await image.toFormat(format).toBuffer();
    const mime = `image/${format}` as const;
    return {
      images: Array.from({ length: n }, () => ({ data, mime })),
      usage: null,
      quality: null,
      words: { used: ['sky'], ignored: [] },
      requestId: null,
    };
  };
  const double: Double = {
    generated: [],
    edited: [],
    varied: [],
    before: async () => {},
    capabilities: () => ({
      service: { id: kind, kind, host: null, profile: null, mask: 'honoured', probe: null },
      defaultModel: MODEL.id,
      models: [{ ...MODEL, service: kind }],
    }),
    generate: (signal, request) => {
      double.generated.push(request);
      return result(signal, request.n, request.format);
    },
    edit: (signal, request) => {
      double.edited.push(request);
      return result(signal, request.n, request.format);
    },
    vary: (signal, request) => {
      double.varied.push(request);
      return result(signal, request.n, request.format);
    },
    close: async () => {},
  };
  return double;
}

export interface Running {
  readonly url: string;
  readonly client: OpenAI;
  /** Posts a form and expects an error envelope. */
  refused(route: string, form: FormData | object, headers?: Record<string, string>): Promise<Refusal>;
}

export interface Refusal extends ErrorBody {
  readonly status: number;
  readonly headers: Headers;
}

/** No locks. */
export const openLocks = () => ({
  accessToken: null,
  metricsToken: null,
  attempts: createAttempts(null),
  httpsOnly: false,
});

/** What an app needs beside its provider, with a shelf of its own until all is done. */
export async function appOptions(
  provider: Provider,
  options: Partial<AppOptions> = {},
  whenDone: (end: () => Promise<void>) => void = onTestFinished,
): Promise<AppOptions> {
  const directory = await mkdtemp(join(tmpdir(), 'lacuna-test-'));
  const shelf = options.shelf ?? (await createDiskShelf(directory, 1e9));
  whenDone(async () => {
    await shelf.close();
    await rm(directory, { recursive: true, force: true });
  });
  const metrics = options.metrics ?? createMetrics(new Registry(), (id) => id === MODEL.id);
  const drain = options.drain ?? createDrain();
  const { quotas = NO_QUOTAS, redis = null } = options;
  const ledger = redis ? createRedisLedger(redis) : createMemoryLedger();
  const { admission = createAdmission(quotas, ledger), reports = createProbeReports(null) } = options;
  return {
    services: createServices([provider]),
    jobs: createJobs({
      shelf,
      admission,
      observer: metrics,
      drain,
      onKeepingFailed: (error) => {
        throw error;
      },
    }),
    shelf,
    admission,
    reports,
    limits: LIMITS,
    quotas,
    staticRoot: null,
    allowedHosts: [],
    trustProxy: [],
    locks: openLocks(),
    metrics,
    drain,
    redis: null,
    logger: false,
    ...options,
  };
}

/** Serves the app on a free port of 127.0.0.1 until the test ends. */
export async function serve(provider: Provider, options: Partial<AppOptions> = {}): Promise<Running> {
  const app = await createApp(await appOptions(provider, options));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
    await provider.close();
  });
  return {
    url,
    client: new OpenAI({ apiKey: 'anything', baseURL: `${url}/v1`, maxRetries: 0 }),
    async refused(route, form, headers = {}) {
      const json = !(form instanceof FormData);
      const response = await fetch(`${url}${route}`, {
        method: 'POST',
        body: json ? JSON.stringify(form) : form,
        headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      });
      const { error } = (await response.json()) as ErrorEnvelope;
      return { ...error, status: response.status, headers: response.headers };
    },
  };
}

export function form(fields: Record<string, string | File | readonly File[] | undefined>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === 'string') body.append(name, value);
    else if (value instanceof File) body.append(name, value, value.name);
    else for (const item of value) body.append(`${name}[]`, item, item.name);
  }
  return body;
}

export interface UpstreamCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Text fields of a form, or the members of a JSON body. */
  readonly fields: Record<string, unknown>;
  readonly files: Record<string, { readonly name: string; readonly type: string; readonly data: Buffer }>;
  /** Resolves when the caller has hung up before it was answered. */
  readonly hungUp: Promise<void>;
}

export interface Upstream {
  readonly url: string;
  readonly calls: UpstreamCall[];
  /** Answers a call; by default with one picture in base64. */
  answer: (call: UpstreamCall, response: ServerResponse) => void | Promise<void>;
  /** From now on nobody listens there. */
  close(): Promise<void>;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An image service on a free port that records what it gets. */
export async function fakeUpstream(): Promise<Upstream> {
  const data = (await picture(48, 48)).toString('base64');
  const upstream: { -readonly [K in keyof Upstream]: Upstream[K] } = {
    url: '',
    calls: [],
    close: async () => {},
    answer: (_call, response) => sendJson(response, 200, { created: 1, data: [{ b64_json: data }] }),
  };
  const server = createServer(async (request, response) => {
    const call = await record(request, response);
    upstream.calls.push(call);
    await upstream.answer(call, response);
  });
  upstream.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return upstream;
}

async function record(request: IncomingMessage, response: ServerResponse): Promise<UpstreamCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  const fields: Record<string, unknown> = {};
  const files: UpstreamCall['files'] = {};
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) Object.assign(fields, JSON.parse(body.toString()));
  if (type.startsWith('multipart/')) {
    const parsed = await new Response(body, { headers: { 'content-type': type } }).formData();
    for (const [name, value] of parsed) {
      if (typeof value === 'string') fields[name] = value;
      else files[name] = { name: value.name, type: value.type, data: Buffer.from(await value.arrayBuffer()) };
    }
  }
  const hungUp = new Promise<void>((resolve) => {
    response.on('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
  return { method, path: url, headers, fields, files, hungUp };
}

/** Our server in front of a fake service. */
export async function serveUpstream(options: Partial<OpenAiOptions> = {}, app: Partial<AppOptions> = {}) {
  const upstream = await fakeUpstream();
  const provider = createOpenAiProvider({
    id: 'openai',
    apiKey: 'sk-test-0123456789abcdef',
    baseUrl: `${upstream.url}/v1`,
    defaultModel: 'gpt-image-2.6-sunburst',
    timeoutMs: 5000,
    ...options,
  });
  return { upstream, ...(await serve(provider, app)) };
}

/** Rejects when something takes longer than a test should wait for it. */
export function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not happen`)), 5000);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
