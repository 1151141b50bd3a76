import { ApiError, errorOfResponse } from './apiError.ts';
import { jsonOf } from './json.ts';

/** A refused connection fails at once. One that was lost later may have reached the server. Milliseconds. */
const REFUSED_WITHIN = 1000;
const isLoopback = (url: string) => /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/.test(url);

/** The way to our server at `origin` ("" is the page's own). All that rejects does so with `ApiError`. */
export function createConnection(origin: string, isOnline: () => boolean) {
  async function call<T>(
    signal: AbortSignal,
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const since = performance.now();
    let answered = false;
    try {
      const response = await fetch(origin + path, { ...init, signal });
      answered = true;
      return await read(response);
    } catch (cause) {
      if (signal.aborted) throw new ApiError('cancelled', 'Cancelled.', { status: null, cause });
      if (cause instanceof ApiError) throw cause;
      const local = isLoopback(origin || globalThis.location.origin);
      const arrived = init.method === 'POST' && (answered || performance.now() - since > REFUSED_WITHIN);
      throw new ApiError(
        isOnline() || local ? 'server_unreachable' : 'offline',
        'No connection to the server.',
        { status: null, maybeBilled: arrived, lost: true, cause },
      );
    }
  }

  const get = (signal: AbortSignal, path: string) =>
    call(signal, path, {}, async (response) => {
      if (!response.ok) throw await errorOfResponse(response);
      return jsonOf(response);
    });

  return { origin, call, get };
}

export type Connection = ReturnType<typeof createConnection>;
