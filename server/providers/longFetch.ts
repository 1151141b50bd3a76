import { Agent, type Dispatcher, fetch, type RequestInit, FormData as UndiciFormData } from 'undici';

export interface LongFetch {
  /** `init.dispatcher` may be one of `once`. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * A dispatcher for a single request: calls `onSent` when a connection stands and the first byte is about to leave,
   * and refuses to send again after that. (Fetch itself repeats a request that was answered with 421.)
   */
  once(onSent: () => void): Dispatcher;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A fetch whose connection may stay silent for as long as the caller's signal allows: the one built into Node gives
 * up after 300 s, and a picture can take longer. A dispatcher only works with the fetch of its own package, hence
 * the small translation. Redirects are not followed: 307 and 308 would repeat pictures and prompt to a host that
 * nobody configured. No HTTP/2, where one connection carries many requests and all of them fall with it.
 */
export function createLongFetch(): LongFetch {
  const agent = new Agent({
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const longFetch = (url: string | URL | Request, init: globalThis.RequestInit = {}) => {
    const body = init.body instanceof FormData ? copyForm(init.body) : init.body;
    const request = { dispatcher: agent, ...init, body, redirect: 'manual' } as RequestInit;
    return fetch(url as string, request) as unknown as Promise<Response>;
  };
  return {
    // The SDK asks the `Response` next to a custom fetch whether it understands the global FormData. With the
    // translation above ours does.
    fetch: Object.assign(longFetch, { Response }),
    once: (onSent) => agent.compose(sendOnce(onSent)),
    close: () => agent.destroy(),
  };
}

function sendOnce(onSent: () => void): Dispatcher.DispatcherComposeInterceptor {
  let sent = false;
  return (dispatch) => (options, handler) => {
    if (sent) throw new Error('A request is not sent twice.');
    return dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        // A caller who gave up while the connection was made is known by now.
        if (controller.aborted) return;
        sent = true;
        onSent();
      },
      onRequestUpgrade: (...told) => handler.onRequestUpgrade?.(...told),
      onResponseStarted: () => handler.onResponseStarted?.(),
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
      onBodySent: (...told) => handler.onBodySent?.(...told),
      onRequestSent: () => handler.onRequestSent?.(),
    });
  };
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
