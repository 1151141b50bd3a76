import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { ErrorCode } from './contract.ts';
import { ApiError, redact } from './errors.ts';
import { causeCodes } from './providers/upstreamErrors.ts';

/** Every failure leaves in OpenAI's envelope: ours as it is, the framework's translated, a bug without its details. */
export function answerErrors(app: FastifyInstance, count: (code: ErrorCode) => void): void {
  const send = (reply: FastifyReply, error: ApiError) => {
    count(error.code);
    return sendError(reply, error);
  };

  app.setErrorHandler<FastifyError | ApiError>((error, request, reply) => {
    const known = error instanceof ApiError ? error : fromFramework(error);
    if (known === null || known.status === 500) {
      request.log.error({ err: known?.cause ?? error }, 'unexpected error');
    } else if (known.status > 500) {
      // Not its message: a service may quote the prompt.
      const { requestId, cause } = known.options;
      request.log.warn(
        { code: known.code, upstream: requestId, causes: causeCodes(cause) },
        'request failed',
      );
    }
    return send(reply, known ?? new ApiError(500, 'internal_error', 'Something went wrong in this server.'));
  });
  app.setNotFoundHandler((request, reply) => {
    const path = redact(request.url.split('?')[0] ?? '');
    return send(reply, new ApiError(404, 'not_found', `There is no ${request.method} ${path} here.`));
  });
}

/**
 * Refused requests would be refused again, and failed ones may have been billed: only these are safe to repeat, after
 * a wait of at most a minute. A budget comes back at midnight, and no program waits that long.
 */
const REPEATABLE: readonly ErrorCode[] = [
  'rate_limit_exceeded',
  'server_is_overloaded',
  'too_many_jobs',
  'too_many_images',
];

function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const { retryAfterMs, requestId } = error.options;
  // OpenAI's SDKs repeat some statuses on their own unless told otherwise.
  const repeatable = REPEATABLE.includes(error.code) && !error.options.maybeBilled;
  reply.header('x-should-retry', String(repeatable));
  if (retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
    reply.header('retry-after-ms', Math.ceil(retryAfterMs));
  }
  if (requestId) reply.header('x-upstream-request-id', requestId);
  return reply.code(error.status).type('application/json').send(error.toEnvelope());
}

function fromFramework(error: FastifyError): ApiError | null {
  const { statusCode = 500, code } = error;
  if (statusCode >= 500) return null;
  if (statusCode === 413)
    return new ApiError(413, 'request_too_large', 'The request is larger than what is taken.');
  if (statusCode === 415)
    return new ApiError(
      415,
      'invalid_value',
      'The content type must be multipart/form-data or application/json.',
    );
  const message = code?.includes('JSON') ? 'The body is not valid JSON.' : error.message;
  return new ApiError(statusCode, statusCode === 404 ? 'not_found' : 'invalid_value', message);
}
