import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions } from 'playwright';
import { onTestFinished } from 'vitest';
import type { Capabilities, ModelCapabilities, ServiceCapabilities } from '../../server/contract.ts';
import { draw, pngOf } from '../pictures.ts';
import { LacunaPage } from './lacunaPage.ts';

/** A service that bills, beside the embedded engine. */
export const painter: ServiceCapabilities = {
  id: 'painter',
  kind: 'openai',
  host: 'painter.example',
  profile: 'other',
  mask: 'ignored',
  probe: null,
};

/** The embedded engine, for which the page asks the server, sending unfinished pictures. */
const streaming = (known: Capabilities): Capabilities => ({
  ...known,
  models: known.models.map((model) => ({ ...model, maxPartials: 3, local: [] })),
});

export const painterModel = (embedded: ModelCapabilities): ModelCapabilities => ({
  ...embedded,
  id: 'painter-1',
  service: 'painter',
  local: [],
  maxPartials: 3,
  promptedEdits: true,
  seed: false,
  pricing: {
    asOf: '2026-11-22',
    estimate: false,
    rates: { textIn: 5, imageIn: 8, imageOut: 30, textOut: 30 },
    output: { kind: 'usd', table: {} },
    input: null,
  },
});

/** One request to an image route, held open until the test answers. */
export interface HeldPost {
  readonly path: string;
  readonly key: string;
  /** Text fields of its form or JSON. */
  readonly fields: Readonly<Record<string, string>>;
  readonly response: ServerResponse;
}

export interface OwnServer {
  readonly lacuna: LacunaPage;
  readonly posts: HeldPost[];
  /** "GET /api/jobs/<key>", in their order. */
  readonly questions: string[];
  readonly cancelled: string[];
  /** Sent to `POST /api/probe`. */
  readonly probes: unknown[];
  /** Answers of `GET /api/jobs/<key>`; by default the key is not known. */
  job: (key: string, response: ServerResponse) => void;
  capabilities: (known: Capabilities) => Capabilities;
  /** True: everything but the page itself wants a passcode. */
  locked: boolean;
  logins: number;
  post(count: number): Promise<HeldPost>;
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export const envelope = (code: string, more: object = {}) => ({
  error: { message: 'no', type: 'x', param: null, code, ...more },
});

/** A flat picture of the size that was asked for, in base64. */
export async function flat(post: HeldPost, colour: readonly [number, number, number, number]) {
  const [width = 0, height = 0] = String(post.fields['size']).split('x').map(Number);
  return (await pngOf(draw(width, height, () => [...colour]))).toString('base64');
}

export const reply = (b64_json: string) => ({ created: 1, data: [{ b64_json }] });

export const sendEvent = (response: ServerResponse, event: { readonly type: string }) =>
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);

/** The app in front of a stand-in for our own server's routes, with the page and its parts from the real one at `url`. */
export async function openWithOwnServer(
  browser: Browser,
  url: string,
  prepare: (own: OwnServer) => void = () => undefined,
  options: BrowserContextOptions = {},
): Promise<OwnServer> {
  const known = (await (await fetch(`${url}/api/capabilities`)).json()) as Capabilities;
  const own: { -readonly [K in keyof OwnServer]: OwnServer[K] } = {
    lacuna: null as unknown as LacunaPage,
    posts: [],
    questions: [],
    cancelled: [],
    probes: [],
    job: (_, response) => answerJson(response, 404, envelope('not_found')),
    capabilities: streaming,
    locked: false,
    logins: 0,
    async post(count) {
      const giveUp = Date.now() + 15_000;
      while (own.posts.length < count) {
        if (Date.now() > giveUp) throw new Error(`No request number ${count}`);
        await new Promise((next) => setTimeout(next, 20));
      }
      return own.posts[count - 1]!;
    },
  };
  prepare(own);
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { method = 'GET', headers } = request;
    const { pathname } = new URL(request.url ?? '/', url);
    const body = await bodyOf(request);
    if (pathname === '/login') {
      own.logins++;
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<!doctype html><title>Passcode</title><h1>Passcode</h1>');
    }
    const guarded = pathname.startsWith('/api/') || pathname.startsWith('/v1/');
    if (guarded && own.locked) return answerJson(response, 401, envelope('access_required'));
    const [, , room, name = ''] = pathname.split('/');
    if (pathname === '/api/capabilities') return answerJson(response, 200, own.capabilities(known));
    if (pathname === '/api/probe') {
      const asked = JSON.parse(body.toString()) as { confirm?: boolean };
      own.probes.push(asked);
      return answerJson(response, 200, asked.confirm ? probed : { requests: 4, usd: 0.02 });
    }
    if (room === 'jobs' && method === 'DELETE') {
      own.cancelled.push(name);
      return void response.writeHead(204).end();
    }
    if (room === 'jobs') {
      own.questions.push(name);
      return own.job(name, response);
    }
    if (method === 'POST') {
      const type = headers['content-type'] ?? '';
      const form = type.startsWith('multipart/')
        ? Object.fromEntries(await new Response(body, { headers: { 'content-type': type } }).formData())
        : (JSON.parse(body.toString()) as Record<string, unknown>);
      const fields = Object.fromEntries(Object.entries(form).map(([key, value]) => [key, String(value)]));
      own.posts.push({ path: pathname, key: String(headers['idempotency-key']), fields, response });
      return;
    }
    const page = await fetch(url + pathname);
    const type = page.headers.get('content-type') ?? 'application/octet-stream';
    response.writeHead(page.status, { 'content-type': type });
    response.end(Buffer.from(await page.arrayBuffer()));
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  own.lacuna = await LacunaPage.open(browser, origin, options);
  onTestFinished(async () => {
    await own.lacuna.close();
    server.closeAllConnections();
    server.close();
  });
  return own;
}

const probed = {
  at: '2026-11-26T09:00:00.000Z',
  model: 'painter-1',
  mask: 'inverted',
  sizes: ['256x256', '512x512'],
  streaming: true,
  variations: false,
};

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks) as Buffer<ArrayBuffer>;
}
