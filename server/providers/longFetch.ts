import { Agent, fetch, FormData as UndiciFormData, type RequestInit as UndiciRequestInit } from 'undici';

export interface LongFetch {
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A fetch whose connection may stay silent for `timeoutMs`: the one built into Node gives up after 300 s, and a
 * picture can take longer. A dispatcher only works with the fetch of its own package, hence the small translation.
 * Redirects are not followed: 307 and 308 would repeat pictures and prompt to a host that nobody configured.
 */
export function createLongFetch(timeoutMs: number): LongFetch {
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const longFetch = (url: string | URL | Request, init: RequestInit = {}) => {
    const body = init.body instanceof FormData ? copyForm(init.body) : init.body;
    const request = { ...init, body, redirect: 'manual', dispatcher } as UndiciRequestInit;
    return fetch(url as string, request) as unknown as Promise<Response>;
  };
  // The SDK asks the `Response` next to a custom fetch whether it understands the global FormData. With the
  // translation above ours does.
  return { fetch: Object.assign(longFetch, { Response }), close: () => dispatcher.destroy() };
}

/** Every package has its own FormData class and takes no other for a form; Blobs are shared. */
function copyForm(form: FormData): UndiciFormData {
  const copy = new UndiciFormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}
