import { textOf } from './answer.ts';
import { parseJson } from './upstreamBody.ts';

const MAX_ERROR_BYTES = 1024 * 1024;

/** A reply with any other status than one of success, its body as it came. */
class FailedReply extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;

  constructor(response: Response, text: string) {
    super('The reply says that the request failed.');
    this.status = response.status;
    this.headers = response.headers;
    this.body = parseJson(text) ?? text;
  }
}

/** Throws a FailedReply instead of leaving it to the SDK, which reads the body without a limit and keeps half of it. */
export function throwingFailed(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok) return response;
    throw new FailedReply(response, await textOf(beginning(response, MAX_ERROR_BYTES, init?.signal)));
  };
}

/** Up to `limit` bytes: an error's reason stands at its front, and is worth having when the rest never comes. */
async function* beginning(response: Response, limit: number, signal: AbortSignal | null | undefined) {
  let left = limit;
  try {
    for await (const chunk of response.body ?? []) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) return;
    }
  } catch (error) {
    if (signal?.aborted) throw error;
  }
}

/** The failed reply behind an error of the SDK, or null. */
export function failedReplyIn(error: unknown): FailedReply | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof FailedReply) return cause;
  return null;
}
