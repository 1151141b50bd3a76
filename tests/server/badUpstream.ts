import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export interface HeardRequest {
  /** 'POST /v1/images/edits HTTP/1.1' */
  readonly line: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the service does with one request. `socket.destroyed` tells that the caller has hung up. */
export type Behaviour = (socket: Socket, request: HeardRequest) => void | Promise<void>;

export interface BadUpstream {
  readonly url: string;
  /** Requests whose head came, whether or not they were answered: what a service could bill. */
  readonly posts: HeardRequest[];
  behaviour: Behaviour;
  /** Bytes that were handed to sockets in answers. */
  written(): number;
  /** Resolves when no connection is open any more. */
  quiet(): Promise<void>;
}

/**
 * An image service on a bare socket, which can do what no HTTP library lets a server do. It reads a request whole
 * before it misbehaves; `early` behaves as soon as the head is there.
 */
export async function badUpstream(
  behaviour: Behaviour,
  { port = 0, early = false }: { port?: number; early?: boolean } = {},
): Promise<BadUpstream> {
  const open = new Set<Socket>();
  let closedBytes = 0;
  const upstream: BadUpstream = {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    },
    posts: [],
    behaviour,
    written: () => [...open].reduce((sum, socket) => sum + socket.bytesWritten, closedBytes),
    async quiet() {
      for (const end = Date.now() + 5000; open.size > 0; await sleep(5))
        if (Date.now() > end) throw new Error(`${open.size} connections stay open`);
    },
  };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      closedBytes += socket.bytesWritten;
    });
    let heard = Buffer.of();
    let request: { line: string; headers: Record<string, string>; start: number; length: number } | null =
      null;
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const headEnd = heard.indexOf('\r\n\r\n');
      if (request === null && headEnd >= 0) {
        const [line = '', ...fields] = heard.toString('latin1', 0, headEnd).split('\r\n');
        const headers = Object.fromEntries(fields.map(splitField));
        request = { line, headers, start: headEnd + 4, length: Number(headers['content-length'] ?? 0) };
        if (early) answer(heard.subarray(headEnd + 4));
      }
      if (request && heard.length >= request.start + request.length) {
        if (!early) answer(heard.subarray(request.start));
        request = null;
        heard = Buffer.of();
      }
    });
    function answer(body: Buffer): void {
      if (request === null) return;
      const { line, headers } = request;
      const told = { line, headers, body: Buffer.from(body) };
      upstream.posts.push(told);
      void upstream.behaviour(socket, told);
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return upstream;
}

function splitField(field: string): [string, string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

/** A whole HTTP reply; the connection stays open for the next request. */
export function reply(status: number, body: string | Buffer, headers: Record<string, string> = {}): Buffer {
  const bytes = Buffer.from(body);
  const fields = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  return Buffer.concat([head(status, fields), bytes]);
}

export function head(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${fields.join('')}\r\n`);
}

/** The head of an event stream; what follows is its body, ended by closing the connection. */
export const eventHead = () => head(200, { 'content-type': 'text/event-stream', connection: 'close' });

/** One message, named twice as OpenAI does. */
export function message(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

/** Sends `text` a byte at a time for as long as somebody listens. */
export async function drip(socket: Socket, text: string | Buffer): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await sleep(10);
  }
}

/** Sends `piece` again and again, as fast as it is taken, until the caller hangs up or `most` bytes are out. */
export async function pour(socket: Socket, piece: Buffer, most: number): Promise<void> {
  for (let sent = 0; sent < most && !socket.destroyed; sent += piece.length) {
    if (socket.write(piece)) continue;
    const either = new AbortController();
    const heard = ['drain', 'close'].map((name) => once(socket, name, { signal: either.signal }));
    await Promise.race(heard).catch(() => {});
    either.abort();
  }
}
