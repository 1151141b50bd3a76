import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Counts so many more bytes of the body, until the reply is closed. Throws ApiError 503 when it is too much. */
    holdUpload: (bytes: number) => void;
  }
}

const WAIT_MS = 2000;

/**
 * Limits the bytes of all bodies that are being read or worked on. One that announces its length is counted, and
 * refused, before it is read; a form of unknown length while it streams in; any other as the longest that is taken.
 *
 * `longest`: bytes of the longest body that is not refused for its length alone, and less than `most`.
 */
export function limitUploads(app: FastifyInstance, most: number | null, longest: number): void {
  let inFlight = 0;

  function holder({ raw }: FastifyReply): (bytes: number) => void {
    let held = 0;
    raw.once('close', () => {
      inFlight -= held;
    });
    return (bytes) => {
      // Nobody would give back what is taken after the end.
      if (most === null || raw.destroyed) return;
      if (inFlight + bytes > most) {
        const text = 'So much is being sent to this server that it takes no more. Try again in a moment.';
        throw new ApiError(503, 'server_is_overloaded', text, { retryAfterMs: WAIT_MS });
      }
      held += bytes;
      inFlight += bytes;
    };
  }

  app.decorateRequest('holdUpload');
  app.addHook('onRequest', async (request, reply) => {
    request.holdUpload = holder(reply);
    // Beyond a route's own limit it is refused unread.
    const most = Math.min(longest, request.routeOptions.bodyLimit ?? longest);
    request.holdUpload(Math.min(most, announcedBytes(request) ?? unknownBytes(request, most)));
  });
}

/** null: the body comes in pieces, and its end shows when it is there. */
export function announcedBytes({ headers }: FastifyRequest): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  return Number(headers['content-length'] ?? 0);
}

function unknownBytes({ headers }: FastifyRequest, longest: number): number {
  return headers['content-type']?.startsWith('multipart/') ? 0 : longest;
}
