import type { Capabilities, ImagesReply, ImageUsage } from '../../server/contract.ts';
import { ApiError, errorOfResponse } from './apiError.ts';
import { pictureOfBase64 } from './picture.ts';

/** Fields of the wire, by their own names; what is left out is not sent. */
export interface RequestFields {
  readonly model: string;
  readonly n: number;
  /** "WIDTHxHEIGHT". */
  readonly size: string;
  readonly quality?: string;
  readonly seed?: number;
  /** Only for models that take it; the others answer in base64 anyway. */
  readonly response_format?: 'b64_json';
}

export interface GenerateFields extends RequestFields {
  readonly prompt: string;
}

export interface VaryFields extends RequestFields {
  readonly image: Blob;
}

export interface EditFields extends GenerateFields {
  readonly image: Blob;
  readonly mask?: Blob;
}

export interface Pictures {
  /** At least one; each a PNG, JPEG or WebP by its bytes. */
  readonly pictures: readonly Blob[];
  readonly words: NonNullable<ImagesReply['lacuna']> | null;
  readonly usage: ImageUsage | null;
}

/**
 * A refused connection fails at once. One that was lost later had reached the server, which may have paid the
 * service by then. Milliseconds.
 */
const REFUSED_WITHIN = 1000;

const isLoopback = (url: string) => /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/.test(url);

function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, `${name}.${value.type.split('/')[1] ?? 'png'}`);
    else form.append(name, String(value));
  }
  return form;
}

function picturesOf(reply: ImagesReply): Pictures {
  const pictures = (Array.isArray(reply?.data) ? reply.data : []).flatMap((datum) => {
    const picture = typeof datum?.b64_json === 'string' ? pictureOfBase64(datum.b64_json) : null;
    return picture ?? [];
  });
  if (pictures.length === 0) {
    throw new ApiError('upstream_error', 'The answer holds no picture.', { status: 200, maybeBilled: true });
  }
  return { pictures, words: reply.lacuna ?? null, usage: reply.usage ?? null };
}

/**
 * Speaks to our server at `origin` ("" is the page's own). Every method rejects with `ApiError` only; an abort
 * becomes code 'cancelled'.
 */
export function createImagesClient(origin = '', isOnline: () => boolean = () => navigator.onLine) {
  async function call(signal: AbortSignal, path: string, init: RequestInit): Promise<unknown> {
    const url = origin + path;
    const since = performance.now();
    const paid = init.method === 'POST';
    let answered = false;
    try {
      const response = await fetch(url, { ...init, signal });
      answered = true;
      if (!response.ok) throw await errorOfResponse(response);
      return await response.json();
    } catch (cause) {
      if (signal.aborted) throw new ApiError('cancelled', 'Cancelled.', { status: null, cause });
      if (cause instanceof ApiError) throw cause;
      if (cause instanceof SyntaxError) {
        const options = { status: 200, maybeBilled: paid, cause };
        throw new ApiError('upstream_error', 'The answer is not JSON.', options);
      }
      const local = isLoopback(origin || globalThis.location.origin);
      throw new ApiError(
        isOnline() || local ? 'server_unreachable' : 'offline',
        'No connection to the server.',
        {
          status: null,
          maybeBilled: paid && (answered || performance.now() - since > REFUSED_WITHIN),
          cause,
        },
      );
    }
  }

  async function post(signal: AbortSignal, path: string, init: RequestInit): Promise<Pictures> {
    return picturesOf((await call(signal, path, { ...init, method: 'POST' })) as ImagesReply);
  }

  return {
    generate: (signal: AbortSignal, fields: GenerateFields) =>
      post(signal, '/v1/images/generations', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
    edit: (signal: AbortSignal, fields: EditFields) =>
      post(signal, '/v1/images/edits', { body: formOf(fields) }),
    vary: (signal: AbortSignal, fields: VaryFields) =>
      post(signal, '/v1/images/variations', { body: formOf(fields) }),
    capabilities: async (signal: AbortSignal) =>
      (await call(signal, '/api/capabilities', {})) as Capabilities,
  };
}

export type ImagesClient = ReturnType<typeof createImagesClient>;
