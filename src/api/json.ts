import { ApiError } from './apiError.ts';

/** An answer that holds nothing of use; it may have been billed all the same. */
export const nothing = (detail: string, cause?: unknown) =>
  new ApiError('upstream_error', detail, { status: 200, maybeBilled: true, cause });

/** The JSON of an answer. Throws an ApiError where it is none, and what breaks the connection. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw nothing('The answer is not JSON.', cause);
    throw cause;
  }
}
