import type { ProbeReport } from '../../server/contract.ts';
import { ApiError, errorOfResponse } from './apiError.ts';
import type { Connection } from './connection.ts';
import type { EditFields, GenerateFields, Sending, VaryFields } from './fields.ts';
import { jsonOf } from './json.ts';
import { pause } from './pause.ts';
import { type Pictures, readReply } from './reply.ts';

/** What asking a service with tiny pictures takes. `usd` null: no price is known. */
export interface ProbeQuote {
  readonly requests: number;
  readonly usd: number | null;
}

/** Seconds that the server may hold a question after a job that runs. */
const WAIT = 25;
/** Between two such questions, ms: while the server answers, and while it can't be reached, growing. */
const PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
/** A server that does not know a key forgot it after an hour, or never got it. Only soon it must be the latter, ms. */
const AGAIN_WITHIN = 10 * 60_000;
/** So often one request is sent: what breaks a connection every time, a proxy's limit say, is not tried for ever. */
const MOST_SENDS = 3;

function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, `${name}.${value.type.split('/')[1] ?? 'png'}`);
    else form.append(name, String(value));
  }
  return form;
}

/** Requests that make pictures. What they cost is paid once, over any number of broken connections. */
export function createRequests({ origin, call, get }: Connection) {
  /** One question. 'running': ask again. null: the server does not know the key. */
  async function look(
    signal: AbortSignal,
    { key, onPartial }: Sending,
  ): Promise<Pictures | 'running' | null> {
    try {
      return await call(signal, `/api/jobs/${key}?wait=${WAIT}`, {}, async (response) => {
        if (!response.ok && !isOfJob(response)) {
          await response.body?.cancel();
          const { status } = response;
          throw new ApiError('server_unreachable', '', { status, maybeBilled: true, lost: true });
        }
        if (response.status !== 202) return readReply(response, onPartial);
        await response.body?.cancel();
        return 'running';
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404 && error.code === 'not_found') return null;
      throw error;
    }
  }

  /** Asks until the request has ended, over any number of broken connections. null: the server does not know it. */
  async function follow(signal: AbortSignal, sending: Sending): Promise<Pictures | null> {
    let rest = PAUSE;
    for (;;) {
      try {
        const found = await look(signal, sending);
        sending.onLost(false);
        if (found !== 'running') return found;
        rest = PAUSE;
      } catch (error) {
        if (!(error instanceof ApiError && error.lost)) throw error;
        sending.onLost(true);
        rest = Math.min(LONGEST_PAUSE, rest * 2);
      }
      await pause(signal, rest).catch((cause) => {
        throw new ApiError('cancelled', 'Cancelled.', { status: null, cause });
      });
    }
  }

  /** Sends a request, and where its connection breaks asks the server for it: it is paid for once. */
  async function request(signal: AbortSignal, path: string, init: RequestInit, sending: Sending) {
    const since = Date.now();
    const headers = { ...init.headers, 'idempotency-key': sending.key };
    for (let sends = 1; ; sends++) {
      try {
        return await call(signal, path, { ...init, headers, method: 'POST' }, (response) =>
          readReply(response, sending.onPartial),
        );
      } catch (error) {
        if (!(error instanceof ApiError && error.lost)) throw error;
        // A server that is not there now and that was never reached got nothing.
        if (!error.maybeBilled && !(await isThere(signal))) throw error;
        sending.onLost(true);
        const found = await follow(signal, sending);
        if (found) return found;
        if (Date.now() - since > AGAIN_WITHIN)
          throw new ApiError('job_lost', '', { status: 404, maybeBilled: true });
        if (sends === MOST_SENDS) throw error;
      }
    }
  }

  const isThere = (signal: AbortSignal) =>
    get(signal, '/healthz').then(
      () => true,
      (error: ApiError) => !error.lost,
    );

  /** Ends a request whose answer nobody wants any more; also from a page that goes. */
  const cancel = (key: string) =>
    fetch(`${origin}/api/jobs/${key}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);

  async function ending<T>(signal: AbortSignal, { key }: Sending, work: Promise<T>): Promise<T> {
    const end = () => void cancel(key);
    signal.addEventListener('abort', end, { once: true });
    try {
      return await work;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  const post = (signal: AbortSignal, sending: Sending, path: string, init: RequestInit) =>
    ending(signal, sending, request(signal, path, init, sending));

  const asJson = (fields: object): RequestInit => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });

  const probe = (signal: AbortSignal, asked: object) =>
    call(signal, '/api/probe', { ...asJson(asked), method: 'POST' }, async (response) => {
      if (!response.ok) throw await errorOfResponse(response);
      return jsonOf(response);
    });

  return {
    generate: (signal: AbortSignal, fields: GenerateFields, sending: Sending) =>
      post(signal, sending, '/v1/images/generations', asJson(fields)),
    edit: (signal: AbortSignal, fields: EditFields, sending: Sending) =>
      post(signal, sending, '/v1/images/edits', { body: formOf(fields) }),
    vary: (signal: AbortSignal, fields: VaryFields, sending: Sending) =>
      post(signal, sending, '/v1/images/variations', { body: formOf(fields) }),
    async attach(signal: AbortSignal, sending: Sending): Promise<Pictures> {
      const found = await ending(signal, sending, follow(signal, sending));
      if (!found) throw new ApiError('job_lost', '', { status: 404, maybeBilled: true });
      return found;
    },
    probeQuote: async (signal: AbortSignal, service: string, model: string) =>
      (await probe(signal, { service, model })) as ProbeQuote,
    probe: async (signal: AbortSignal, service: string, model: string) =>
      (await probe(signal, { service, model, confirm: true })) as ProbeReport,
  };
}

export type Requests = ReturnType<typeof createRequests>;

/** An error of the job itself, or of the question for good; any other says nothing of the job, and one asks again. */
const isOfJob = ({ status, headers }: Response) =>
  headers.get('idempotent-replayed') === 'true' || (status < 500 && status !== 429);
